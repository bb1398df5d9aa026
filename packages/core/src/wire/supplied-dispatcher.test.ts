import { createServer } from 'node:http'
import { Agent, MockAgent, Pool, ProxyAgent, RetryAgent } from 'undici'
import * as undici6 from 'undici-6'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { thrownBy } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { unchecked } from '../test-support/unchecked.js'
import { suppliedDispatcher } from './supplied-dispatcher.js'

useCleanEnvironment()

const account = { appId, customerId, customerSecret }
const nowhere = 'http://127.0.0.1:9'

describe('a dispatcher of undici 6 is refused when the client is made: it would never give an answer', () => {
  test.each<readonly [string, () => { close(): unknown }]>([
    ['Agent', () => new undici6.Agent()],
    ['Pool', () => new undici6.Pool(nowhere)],
    ['Client', () => new undici6.Client(nowhere)],
    ['ProxyAgent', () => new undici6.ProxyAgent(nowhere)],
    ['BalancedPool', () => new undici6.BalancedPool([nowhere])],
    ['MockAgent', () => new undici6.MockAgent()],
    ['RetryAgent', () => new undici6.RetryAgent(new undici6.Agent())],
    ['an Agent with interceptors', () => new undici6.Agent().compose(undici6.interceptors.dns())],
  ])('%s', (_, make) => {
    const dispatcher = make()
    onTestFinished(() => void dispatcher.close())
    const error = thrownBy(() => createSignalingClient(unchecked({ ...account }, { dispatcher })))
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toMatch(
      /^dispatcher of createSignalingClient\(\) must be .* undici 7.*npm install undici@7/,
    )
  })
})

test('so is one of the first versions 6, which cannot be composed', () => {
  class Dispatcher6 {
    get interceptors(): unknown {
      return undefined
    }

    set interceptors(_: unknown) {
      throw new Error('not called')
    }

    dispatch(): boolean {
      throw new Error('not called')
    }
  }
  class Agent6 extends Dispatcher6 {}
  expect(suppliedDispatcher.accepts(new Agent6())).toBe(false)
})

describe('a dispatcher of undici 7 is taken, and left as it was', () => {
  test.each<readonly [string, (url: string) => Agent | Pool | RetryAgent]>([
    ['Agent', () => new Agent()],
    ['Pool with one connection', (url) => new Pool(url, { connections: 1 })],
    ['RetryAgent over a Pool', (url) => new RetryAgent(new Pool(url, { connections: 1 }))],
  ])('%s', async (_, make) => {
    const server = await startServer((_request, response) => response.end('{}'))
    const dispatcher = make(server.url)
    onTestFinished(() => dispatcher.close())
    const client = createSignalingClient({ ...account, dispatcher, baseUrl: server.url })
    const call = { method: 'GET', path: '/dev/v1/anything' } as const
    for (const round of [1, 2, 3]) await expect(client.request(call), `call ${round}`).resolves.toBeDefined()
  })

  test('ProxyAgent', () => {
    const dispatcher = new ProxyAgent(nowhere)
    onTestFinished(() => dispatcher.close())
    expect(suppliedDispatcher.accepts(dispatcher)).toBe(true)
  })

  test('MockAgent, whose history stays empty', () => {
    const dispatcher = new MockAgent({ enableCallHistory: true })
    onTestFinished(() => dispatcher.close())
    expect(suppliedDispatcher.accepts(dispatcher)).toBe(true)
    expect(dispatcher.getCallHistory()?.calls()).toEqual([])
  })

  test('one that somebody wrote, with whatever properties', () => {
    const own = { dispatch: () => true, interceptors: [] }
    expect(suppliedDispatcher.accepts(own)).toBe(true)
    const broken = {
      dispatch: () => true,
      compose: () => {
        throw new Error('not supported')
      },
    }
    expect(suppliedDispatcher.accepts(broken)).toBe(true)
  })
})

test.each([{}, { dispatch: true }, null, true, 'http://proxy.internal', () => undefined, createServer()])(
  'what cannot dispatch is refused',
  (dispatcher) => {
    const error = thrownBy(() => createSignalingClient(unchecked({ ...account }, { dispatcher })))
    expect(error.code).toBe('ERR_CONFIG_INVALID')
  },
)
