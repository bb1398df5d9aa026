import { setImmediate as nextTurn } from 'node:timers/promises'
import { existsSync, readdirSync } from 'node:fs'
import { Dispatcher, Pool } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { CommonClientOptions, SignalingClientOptions } from '../client/options.js'
import { clientRuntime, machine } from '../runtime.js'
import type { Runtime } from '../runtime.js'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { startBlackHole } from '../test-support/black-hole.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { maxConnecting } from '../wire/connects.js'

useCleanEnvironment()

const send = { from: 'alice', to: 'bob', payload: 'hello' }
const basic = { customerId, customerSecret }

type Limits = Pick<CommonClientOptions, 'timeoutMs' | 'attemptTimeoutMs'>

function never<Value>(): Promise<Value> {
  return new Promise(() => undefined)
}

function saysNo(): Promise<never> {
  return Promise.reject(Object.assign(new Error('used up'), { msBeforeNext: 20 }))
}

/** A dispatcher that takes every request and never calls back. */
class SilentDispatcher extends Dispatcher {
  override dispatch(): boolean {
    return true
  }
}

interface Wait {
  readonly waitsFor: string
  /** A client whose next call waits for it. */
  readonly client: (limits: Limits) => Promise<SignalingClient>
  /** The code when the deadline of the call comes. */
  readonly code: 'ERR_TIMEOUT' | 'ERR_QUOTA_QUEUE_FULL'
  /** Whether it is a part of an attempt, which has a time limit of its own. */
  readonly isInAttempt: boolean
}

function make(
  options: SignalingClientOptions & CommonClientOptions & { readonly [clientRuntime]?: Runtime },
): SignalingClient {
  const client = createSignalingClient({ appId, maxAttempts: 1, logLevel: 'silent', ...options })
  onTestFinished(() => client.close())
  return client
}

const waits: readonly Wait[] = [
  {
    waitsFor: 'its place in a quota of this process',
    code: 'ERR_QUOTA_QUEUE_FULL',
    isInAttempt: false,
    client: async (limits) => {
      const dispatcher = new SilentDispatcher()
      const client = make({ ...basic, quotas: { messages: 1 }, dispatcher, ...limits })
      const first = rejectionOf(client.messages.sendToUser({ ...send, timeoutMs: 2000 }))
      onTestFinished(async () => void (await first))
      return client
    },
  },
  {
    waitsFor: 'a shared limiter that does not answer',
    code: 'ERR_TIMEOUT',
    isInAttempt: false,
    client: async (limits) => make({ ...basic, quotas: { messages: { consume: never } }, ...limits }),
  },
  {
    waitsFor: 'a shared limiter that says no again and again',
    code: 'ERR_QUOTA_QUEUE_FULL',
    isInAttempt: false,
    client: async (limits) => make({ ...basic, quotas: { messages: { consume: saysNo } }, ...limits }),
  },
  {
    waitsFor: 'its token',
    code: 'ERR_TIMEOUT',
    isInAttempt: false,
    client: async (limits) => make({ token: never<string>, userId: 'alice', ...limits }),
  },
  {
    waitsFor: 'the address of a name',
    code: 'ERR_TIMEOUT',
    isInAttempt: true,
    client: async (limits) => {
      const runtime = { ...machine, lookup: () => undefined }
      return make({ ...basic, baseUrl: 'https://api.agora.invalid', [clientRuntime]: runtime, ...limits })
    },
  },
  {
    waitsFor: 'a connection to a host that drops packets',
    code: 'ERR_TIMEOUT',
    isInAttempt: true,
    client: async (limits) =>
      make({ ...basic, baseUrl: `http://127.0.0.1:${await startBlackHole()}`, ...limits }),
  },
  {
    waitsFor: 'a connection of a pool that has none free',
    code: 'ERR_TIMEOUT',
    isInAttempt: true,
    client: async (limits) => {
      const server = await startServer(() => undefined)
      const dispatcher = new Pool(server.url, { connections: 1 })
      onTestFinished(() => dispatcher.destroy())
      void dispatcher.request({ path: '/', method: 'GET' }).catch(() => undefined)
      return make({ ...basic, baseUrl: server.url, dispatcher, ...limits })
    },
  },
  {
    waitsFor: 'a dispatcher that never calls back',
    code: 'ERR_TIMEOUT',
    isInAttempt: true,
    client: async (limits) => make({ ...basic, dispatcher: new SilentDispatcher(), ...limits }),
  },
  {
    waitsFor: 'an answer',
    code: 'ERR_TIMEOUT',
    isInAttempt: true,
    client: async (limits) => {
      const server = await startServer(() => undefined)
      return make({ ...basic, baseUrl: server.url, ...limits })
    },
  },
  {
    waitsFor: 'the rest of an answer',
    code: 'ERR_TIMEOUT',
    isInAttempt: true,
    client: async (limits) => {
      const server = await startServer((_, response) => void response.write('{"result":'))
      return make({ ...basic, baseUrl: server.url, ...limits })
    },
  },
  {
    waitsFor: 'the end of a pause',
    code: 'ERR_TIMEOUT',
    isInAttempt: false,
    client: async (limits) => {
      const server = await startServer((_, response) => response.writeHead(429).end('{}'))
      const runtime = { ...machine, random: () => 0.01, sleep: never<void> }
      return make({ ...basic, baseUrl: server.url, maxAttempts: 2, [clientRuntime]: runtime, ...limits })
    },
  },
]

describe.each(waits)('a call that waits for $waitsFor', ({ client, code }) => {
  test('ends with its deadline, and the error names timeoutMs', async () => {
    const made = await client({ attemptTimeoutMs: 60_000 })
    const error = await rejectionOf(made.messages.sendToUser({ ...send, timeoutMs: 250 }))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/\btimeoutMs/)
    expect(error.message).not.toContain('attemptTimeoutMs')
  })

  test('ends with its signal', async () => {
    const made = await client({})
    const controller = new AbortController()
    const reason = new Error('The visitor left.')
    const sending = rejectionOf(
      made.messages.sendToUser({ ...send, timeoutMs: 60_000, signal: controller.signal }),
    )
    setTimeout(() => controller.abort(reason), 100)
    await expect(sending).resolves.toMatchObject({ code: 'ERR_ABORTED', cause: reason })
  })

  test('does not keep close() from ending, once its own limits have ended it', async () => {
    const made = await client({})
    const sending = rejectionOf(made.messages.sendToUser({ ...send, timeoutMs: 250 }))
    let isOver = false
    void sending.then(() => (isOver = true))
    await made.close()
    // The caller's own promises settle in this turn of the event loop.
    await nextTurn()
    expect(isOver).toBe(true)
  })
})

test.each(waits.filter(({ isInAttempt }) => isInAttempt))(
  'an attempt that waits for $waitsFor ends with its own time, and the error names attemptTimeoutMs',
  async ({ client }) => {
    const made = await client({ attemptTimeoutMs: 100, timeoutMs: 60_000 })
    const error = await rejectionOf(made.messages.sendToUser(send))
    expect(error.code).toBe('ERR_TIMEOUT')
    expect(error.message).toContain('attemptTimeoutMs')
  },
)

const openFiles = '/proc/self/fd'

test.skipIf(!existsSync(openFiles))(
  'a host that drops packets takes a bounded number of file descriptors, and close() leaves none',
  async () => {
    const port = await startBlackHole()
    const client = make({
      ...basic,
      baseUrl: `http://127.0.0.1:${port}`,
      quotas: false,
      attemptTimeoutMs: 200,
    })
    const before = readdirSync(openFiles).length
    let most = 0
    for (let round = 0; round < 4; round++) {
      const calls = Array.from({ length: 400 }, () => rejectionOf(client.messages.sendToUser(send)))
      const errors = await Promise.all(calls)
      most = Math.max(most, readdirSync(openFiles).length)
      expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['ERR_TIMEOUT']))
    }
    expect(most - before).toBeGreaterThan(10)
    expect(most - before).toBeLessThanOrEqual(maxConnecting + 10)
    await client.close()
    await vi.waitFor(() => expect(readdirSync(openFiles).length).toBeLessThanOrEqual(before))
  },
)
