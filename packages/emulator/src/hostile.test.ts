import { request } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { createEmulator } from './emulator.js'
import type { Emulator } from './emulator.js'
import type { EmulatorOptions } from './options.js'
import { patience, send, sendRaw, TestEmulator } from './rest.test.support.js'

/*
 * Whatever arrives, the emulator answers the next request, and close() ends.
 */

const running: Emulator[] = []
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
})

async function start(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const emulator = await createEmulator(options)
  running.push(emulator)
  return new TestEmulator(emulator)
}

/** A connection that has sent `text` and does no more. */
async function hold({ url }: Emulator, text: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  await new Promise((resolve) => socket.write(text, resolve))
  return socket
}

function head(rig: TestEmulator, ...headers: string[]): string {
  const lines = [
    `POST ${rig.project}/users/alice/peer_messages HTTP/1.1`,
    'Host: localhost',
    `Authorization: ${rig.basic.authorization}`,
    ...headers,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

describe('a body that is too large', () => {
  test.each([1_048_577, 10_000_000])('of %d bytes is refused with the reason', async (length) => {
    const rig = await start()
    const path = `${rig.project}/users/alice/peer_messages`
    const answer = await rig.call({ method: 'POST', path, body: 'x'.repeat(length) })
    expect(answer).toMatchObject({ status: 400, reason: 'The request body is over 1 MiB.' })
    expect(await rig.sendPeer()).toMatchObject({ status: 200 })
  })

  test('of 1 MiB exactly is read, and refused for what is in it', async () => {
    const rig = await start()
    const path = `${rig.project}/users/alice/peer_messages`
    const answer = await rig.call({ method: 'POST', path, body: 'x'.repeat(1_048_576) })
    expect(answer).toMatchObject({ status: 415 })
  })

  test('without an end is refused, and the sender is cut off', async () => {
    const rig = await start()
    const { port } = new URL(rig.emulator.url)
    const headers = rig.basic
    const outgoing = request({
      port,
      method: 'POST',
      path: `${rig.project}/users/alice/peer_messages`,
      headers,
    })
    const chunk = 'x'.repeat(65_536)
    let open = true
    outgoing.on('error', () => (open = false)).on('close', () => (open = false))
    const answered = once(outgoing, 'response')
    const write = (): void => {
      if (open) outgoing.write(chunk, write)
    }
    write()
    await answered
    await expect.poll(() => open, { timeout: 15_000 }).toBe(false)
    expect(rig.emulator.requests()).toMatchObject([
      { status: 400, reason: 'The request body is over 1 MiB.' },
    ])
  })
})

test('a request whose connection is cut in its body is recorded with the reason', async () => {
  const rig = await start()
  const socket = await hold(rig.emulator, `${head(rig, 'Content-Length: 100')}{"half":`)
  socket.destroy()
  await expect
    .poll(() => rig.emulator.requests(), patience)
    .toMatchObject([{ status: 400, reason: 'The connection ended before the body was complete.' }])
  expect(rig.emulator.messages()).toEqual([])
})

test('garbage after a request costs that connection alone', async () => {
  const rig = await start()
  const answer = await sendRaw(rig.emulator.url, `${head(rig, 'Content-Length: 0')}GARBAGE\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(await rig.sendPeer()).toMatchObject({ status: 200 })
})

test('requests one after the other on a connection are each answered', async () => {
  const rig = await start()
  const get = `GET /dev/v1/projects HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${rig.basic.authorization}\r\n\r\n`
  const socket = await hold(rig.emulator, get.repeat(20))
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
  await expect.poll(() => answer.match(/HTTP\/1\.1 200 OK/g), patience).toHaveLength(20)
})

describe('close() ends at once', () => {
  test.each<[string, (rig: TestEmulator) => Promise<unknown>]>([
    ['with a connection that sends nothing', (rig) => hold(rig.emulator, '')],
    ['with half a request line', (rig) => hold(rig.emulator, 'POST /de')],
    ['with headers that never end', (rig) => hold(rig.emulator, 'GET / HTTP/1.1\r\nHost: localhost\r\nx: ')],
    ['with a body that never comes', (rig) => hold(rig.emulator, head(rig, 'Content-Length: 100'))],
    ['with a body that never ends', (rig) => hold(rig.emulator, `${head(rig, 'Content-Length: 100')}{"a":`)],
    [
      'with a connection kept alive',
      (rig) => hold(rig.emulator, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    ],
  ])('%s', async (_, occupy) => {
    const rig = await start()
    await occupy(rig)
    await rig.get('/')
    await rig.emulator.close()
    await expect(send(rig.emulator.url, { path: '/' })).rejects.toThrow(/ECONNREFUSED/)
  })

  test('with an acknowledgement that is an hour away; the caller learns by the cut connection', async () => {
    const rig = await start({ variants: { ackDelayMs: 3_600_000 } })
    rig.emulator.users.login('bob')
    const outcome = rig.sendPeer({}, '?wait_for_ack=true').catch((error: unknown) => String(error))
    await expect.poll(() => rig.emulator.messages(), patience).toHaveLength(1)
    await rig.emulator.close()
    expect(await outcome).toMatch(/socket hang up|ECONNRESET/)
  })

  test('with a hundred requests under way, each of which is answered or cut off', async () => {
    const rig = await start()
    const calls = Array.from({ length: 100 }, () =>
      rig.sendPeer().then(
        ({ status }) => status,
        () => 'cut off',
      ),
    )
    await Promise.race(calls)
    await rig.emulator.close()
    const outcomes = new Set(await Promise.all(calls))
    expect([...outcomes].filter((outcome) => outcome !== 200 && outcome !== 'cut off')).toEqual([])
  })
})

test('two emulators keep to themselves', async () => {
  const [first, second] = [await start(), await start()]
  await first.sendPeer()
  expect([first.emulator.messages().length, second.emulator.messages().length]).toEqual([1, 0])
  expect(await send(second.emulator.url, { path: '/dev/v1/projects', headers: first.basic })).toMatchObject({
    status: 401,
  })
  await first.emulator.close()
  expect(await second.sendPeer()).toMatchObject({ status: 200 })
})
