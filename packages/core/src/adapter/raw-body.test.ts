import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { rejectionOf } from '../test-support/failures.js'
import { nodeBody, readRawBody } from './raw-body.js'
import type { RequestBody } from './raw-body.js'

const fix = 'Mount the notification route first.'

function bodyOf(chunks: Iterable<unknown>, rest: Partial<RequestBody> = {}): RequestBody {
  return { isRead: false, chunks: () => Readable.from(chunks), fix, ...rest }
}

test('a body is read as it came, whatever its chunks are', async () => {
  const body = await readRawBody(bodyOf([Buffer.from('{"a":"'), 'ü', new Uint8Array([0x22, 0x7d])]))
  expect(Buffer.from(body).toString()).toBe('{"a":"ü"}')
})

test('bytes or text that somebody kept are taken as they are; a parsed body is not', async () => {
  const kept = [undefined, { parsed: true }, 'the text']
  expect(await readRawBody(bodyOf([], { kept, isRead: true }))).toBe('the text')
})

test('a body that somebody has read is an error that says what to change', async () => {
  const error = await rejectionOf(readRawBody(bodyOf([], { kept: [{ parsed: true }], isRead: true })))
  expect(error.code).toBe('ERR_WEBHOOK_RAW_BODY')
  expect(error.message).toContain(fix)
})

test('more than 1 MiB is refused before it is kept, and exactly 1 MiB is not', async () => {
  const mebibyte = Buffer.alloc(1024 * 1024)
  expect(await readRawBody(bodyOf([mebibyte]))).toHaveLength(mebibyte.length)
  const error = await rejectionOf(readRawBody(bodyOf([mebibyte, 'x'])))
  expect(error.code).toBe('ERR_WEBHOOK_PAYLOAD')
})

test('the same holds for what somebody kept', async () => {
  const kept = [Buffer.alloc(1024 * 1024 + 1)]
  const error = await rejectionOf(readRawBody(bodyOf([], { kept, isRead: true })))
  expect(error.code).toBe('ERR_WEBHOOK_PAYLOAD')
})

test('a Node request whose body is refused can still be answered', async () => {
  const server = createServer((request: IncomingMessage, response) => {
    void readRawBody(nodeBody(request, { fix })).catch(() => response.writeHead(413).end())
  })
  onTestFinished(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const answer = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    body: Buffer.alloc(1024 * 1024 + 1),
  })
  expect(answer.status).toBe(413)
})
