import { PassThrough, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { consoleWriter } from './console-writer.js'
import { patience } from './rest.test.support.js'

const line = `${'x'.repeat(1_023)}\n`

test('what nobody reads is kept up to 1 MiB, and how much was left out is said to whoever reads on', async () => {
  const pipe = new PassThrough()
  const write = consoleWriter(pipe)
  for (let index = 0; index < 5_000; index += 1) write(line)
  expect(pipe.writableLength).toBeLessThan(1_100_000)
  let read = ''
  pipe.setEncoding('utf8').on('data', (text: string) => (read += text))
  await expect.poll(() => pipe.writableLength, patience).toBe(0)
  write('one more line\n')
  write('the next line\n')
  await expect.poll(() => read, patience).toMatch(/the next line\n$/)
  expect(read.match(/warning/g)).toHaveLength(1)
  const [, leftOut] = /^warning: (\d+) lines were left out, as nobody read them\.$/m.exec(read) ?? []
  expect(read.split(line).length - 1 + Number(leftOut)).toBe(5_000)
})

test('an end that was closed ends nothing', async () => {
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
  const write = consoleWriter(broken)
  write('a line\n')
  await expect.poll(() => broken.destroyed, patience).toBe(true)
  expect(() => write('another line\n')).not.toThrow()
})
