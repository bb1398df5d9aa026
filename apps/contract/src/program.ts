import { createEmulator } from '@agora-signaling/emulator'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ChatClient } from './chat-client.js'
import { defineChatContract } from './contract.js'
import { run } from './run.js'
import type { Run } from './run.js'

/**
 * The contract of the chat back ends for one that is a program: what it answers, and how it starts and ends (README.md).
 *
 * @param program The built program.
 */
export function defineChatProgram(name: string, program: URL): void {
  // Starting Node takes its time on a busy machine.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

  defineChatContract(name, async (environment) => {
    const { listening, exitCode, kill } = run(program, { ...environment })
    return {
      url: await listening,
      stop: async () => {
        kill('SIGTERM')
        await exitCode
      },
    }
  })

  describe(`${name} as a program`, () => {
    test('without credentials it says that it runs on an emulator, and works', async () => {
      const { listening, exitCode, output, kill } = startForTest(program, {})
      const alice = await new ChatClient(await listening).logIn('alice')
      expect(output()).toMatch(
        /^The chat back end listens on \S+ and talks to an emulator at http:\/\/127\.0\.0\.1:\d+\.\n$/,
      )
      expect(await alice.post('/channels/lobby/messages', { text: 'hello' })).toMatchObject({ status: 200 })
      kill('SIGTERM')
      expect(await exitCode).toBe(0)
    })

    test('with credentials in the environment it uses them', async () => {
      const emulator = await createEmulator()
      onTestFinished(() => emulator.close())
      const { listening, output } = startForTest(program, { ...emulator.env })
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
      const { exitCode, output } = startForTest(program, environment)
      expect(await exitCode).toBe(1)
      expect(output()).toMatch(sentence)
      expect(output().trim()).not.toContain('\n')
    })

    test('a port that is taken ends it with exit code 1', async () => {
      const port = new URL(await startForTest(program, {}).listening).port
      const second = startForTest(program, { PORT: port })
      expect(await second.exitCode).toBe(1)
      expect(second.output()).toMatch(/address already in use/)
    })

    test.each(['SIGINT', 'SIGTERM'] as const)(
      '%s lets the calls under way end, and then the process',
      async (signal) => {
        const emulator = await createEmulator({ variants: { ackDelayMs: 300 } })
        onTestFinished(() => emulator.close())
        emulator.users.login('bob')
        const { listening, exitCode, output, kill } = startForTest(program, { ...emulator.env })
        const alice = await new ChatClient(await listening).logIn('alice')

        const answer = alice.post('/users/bob/messages', { text: 'hello', waitForAck: true })
        await expect.poll(() => emulator.messages().length, { timeout: 10_000 }).toBe(1)
        kill(signal)
        expect(await answer).toMatchObject({ status: 200, body: { status: 'delivered' } })
        const answeredAtMs = performance.now()
        expect(await exitCode).toBe(0)
        // The client keeps its connection for at least 3 seconds, which must not hold it up. Node itself takes 1.
        expect(performance.now() - answeredAtMs).toBeLessThan(2_500)
        expect(output()).toMatch(/^The chat back end.*\n$/)
      },
    )

    test('callers are not told why Agora refused the server; whoever reads the output is', async () => {
      const emulator = await createEmulator()
      onTestFinished(() => emulator.close())
      const { listening, output } = startForTest(program, { ...emulator.env, AGORA_CUSTOMER_SECRET: 'wrong' })
      const alice = await new ChatClient(await listening).logIn('alice')
      const answer = await alice.post('/channels/lobby/messages', { text: 'hello' })
      const hint = 'The customer secret does not match the customer ID.'
      await expect.poll(output, { timeout: 10_000 }).toContain(hint)
      expect(JSON.stringify(answer)).not.toContain(hint)
    })
  })
}

function startForTest(program: URL, environment: Readonly<Record<string, string>>): Run {
  const started = run(program, environment)
  onTestFinished(() => started.kill('SIGKILL'))
  return started
}
