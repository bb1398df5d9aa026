import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createEmulator } from '@agora-signaling/emulator'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ChatClient } from './chat-client.test.support.js'

// Starting Node takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

interface Run {
  readonly process: ChildProcess
  /** What it printed so far, errors included. */
  readonly output: () => string
  /** Resolves with the address it says it listens on. */
  readonly listening: Promise<string>
  readonly exitCode: Promise<unknown>
}

function run(environment: Readonly<Record<string, string>>): Run {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AGORA_'))
  const child = spawn(process.execPath, [program], {
    env: { ...Object.fromEntries(inherited), PORT: '0', ...environment },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  const listening = new Promise<string>((resolve) => {
    const collect = (text: string): void => {
      output += text
      const address = /listens on (http:\/\/127\.0\.0\.1:\d+) .*\n/.exec(output)?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
  })
  const exitCode = once(child, 'close').then(([code]: unknown[]) => code)
  return { process: child, output: () => output, listening, exitCode }
}

test('without credentials it says that it runs on an emulator, and works', async () => {
  const { process: child, listening, exitCode, output } = run({})
  const alice = await new ChatClient(await listening).logIn('alice')
  expect(output()).toMatch(
    /^The chat back end listens on \S+ and talks to an emulator at http:\/\/127\.0\.0\.1:\d+\.\n$/,
  )
  expect(await alice.post('/channels/lobby/messages', { text: 'hello' })).toMatchObject({ status: 200 })
  child.kill('SIGTERM')
  expect(await exitCode).toBe(0)
})

test('with credentials in the environment it uses them', async () => {
  const emulator = await createEmulator()
  onTestFinished(() => emulator.close())
  const { listening, output } = run({ ...emulator.env })
  const alice = await new ChatClient(await listening).logIn('alice')
  expect(output()).toMatch(/ and talks to Agora\.\n$/)
  expect(await alice.post('/channels/lobby/messages', { text: 'hello' })).toMatchObject({ status: 200 })
  expect(emulator.messages()).toMatchObject([{ from: 'alice', channel: 'lobby' }])
})

test.each([
  [
    'half a set-up',
    { AGORA_APP_ID: '0123456789abcdef0123456789abcdef' },
    /AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET/,
  ],
  [
    'a port that is none',
    { PORT: 'http' },
    /^PORT must be a number from 0 to 65535; 0 takes a free one\.\n$/,
  ],
])('%s ends it with a sentence and exit code 1', async (_, environment, sentence) => {
  const { exitCode, output } = run(environment)
  expect(await exitCode).toBe(1)
  expect(output()).toMatch(sentence)
  expect(output().trim()).not.toContain('\n')
})

test('a port that is taken ends it with exit code 1', async () => {
  const port = new URL(await run({}).listening).port
  const second = run({ PORT: port })
  expect(await second.exitCode).toBe(1)
  expect(second.output()).toMatch(/address already in use/)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s lets the calls under way end, and then the process',
  async (signal) => {
    const emulator = await createEmulator({ variants: { ackDelayMs: 300 } })
    onTestFinished(() => emulator.close())
    emulator.users.login('bob')
    const { process: child, listening, exitCode, output } = run({ ...emulator.env })
    const alice = await new ChatClient(await listening).logIn('alice')

    const answer = alice.post('/users/bob/messages', { text: 'hello', waitForAck: true })
    await expect.poll(() => emulator.messages().length, { timeout: 10_000 }).toBe(1)
    child.kill(signal)
    expect(await answer).toMatchObject({ status: 200, body: { status: 'delivered' } })
    const answeredAtMs = performance.now()
    expect(await exitCode).toBe(0)
    // The client keeps its connection for 4 seconds, which must not hold it up.
    expect(performance.now() - answeredAtMs).toBeLessThan(3_000)
    expect(output()).toMatch(/^The chat back end.*\n$/)
  },
)
