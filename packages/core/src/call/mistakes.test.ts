import { once } from 'node:events'
import type { LookupFunction } from 'node:net'
import { Agent, Dispatcher, MockAgent } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { CommonClientOptions } from '../client/options.js'
import { isAgoraError } from '../errors.js'
import { clientRuntime } from '../runtime.js'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { selfSigned } from '../test-support/self-signed.js'
import { skippingRuntime } from '../test-support/skipping-runtime.js'
import { unchecked } from '../test-support/unchecked.js'

useCleanEnvironment()

/*
 * Only the failure of a connection is one. A mistake of the program is thrown as it is, at once: whoever reads
 * "connection reset" looks at the network, and calls that are tried again hide it for seconds.
 */

const message = { from: 'alice', to: 'bob', payload: 'hello' }
const sent = '{"result":"success","code":"message_sent","request_id":"1"}'

function clientWith(options: Partial<CommonClientOptions>): SignalingClient {
  const client = createSignalingClient({
    appId,
    customerId,
    customerSecret,
    logLevel: 'silent',
    [clientRuntime]: skippingRuntime(),
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

/** A dispatcher that does one thing, whatever it is asked. */
class Doing extends Dispatcher {
  asked = 0
  readonly #action: (handler: Dispatcher.DispatchHandler) => void

  constructor(action: (handler: Dispatcher.DispatchHandler) => void) {
    super()
    this.#action = action
  }

  override dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.asked += 1
    this.#action(handler)
    return true
  }
}

const controller: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  pause: () => undefined,
  resume: () => undefined,
  abort: () => undefined,
}

const mistake = new TypeError('undefined is not a function')

/** What a send ends with, which must not be an error of ours. */
async function mistakeOf(client: SignalingClient): Promise<unknown> {
  const thrown: unknown = await client.messages.sendToUser(message).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(isAgoraError(thrown)).toBe(false)
  return thrown
}

describe('the mistake of a dispatcher is thrown as it is, and the call is not tried again:', () => {
  test.each<[string, (handler: Dispatcher.DispatchHandler) => void]>([
    [
      'one that throws',
      () => {
        throw mistake
      },
    ],
    ['one that fails before it begins', (handler) => handler.onResponseError?.(controller, mistake)],
    [
      'one that fails when the request is on its way',
      (handler) => {
        handler.onRequestStart?.(controller, {})
        handler.onResponseError?.(controller, mistake)
      },
    ],
  ])('%s', async (_, action) => {
    const dispatcher = new Doing(action)
    expect(await mistakeOf(clientWith({ dispatcher }))).toBe(mistake)
    expect(dispatcher.asked).toBe(1)
  })

  test('one that was closed by its owner', async () => {
    const dispatcher = new Agent()
    await dispatcher.close()
    expect(await mistakeOf(clientWith({ dispatcher }))).toMatchObject({
      code: expect.stringMatching(/^UND_ERR_(?:CLOSED|DESTROYED)$/) as unknown,
    })
  })

  test('a mock that was not told of the call', async () => {
    const dispatcher = new MockAgent()
    dispatcher.disableNetConnect()
    expect(await mistakeOf(clientWith({ dispatcher }))).toMatchObject({
      code: 'UND_MOCK_ERR_MOCK_NOT_MATCHED',
    })
  })

  test('one that lost its methods after the client was made', async () => {
    const dispatcher = new Agent()
    const client = clientWith({ dispatcher })
    unchecked(dispatcher, { dispatch: undefined })
    expect(await mistakeOf(client)).toBeInstanceOf(TypeError)
    unchecked(dispatcher, { dispatch: () => true })
  })
})

describe('the mistake of a name service is thrown as it is', () => {
  test.each<[string, LookupFunction]>([
    [
      'when it throws',
      () => {
        throw mistake
      },
    ],
    ['when it answers with an error of its own', (_, _options, done) => done(mistake, [])],
  ])('%s', async (_, behaviour) => {
    const lookup = vi.fn<LookupFunction>(behaviour)
    const runtime = { ...skippingRuntime(), lookup }
    const client = clientWith({ baseUrl: 'http://localhost:4010', [clientRuntime]: runtime })
    expect(await mistakeOf(client)).toBe(mistake)
    expect(lookup).toHaveBeenCalledOnce()
  })
})

test('a logger that throws changes nothing for the call, and the process is warned once', async () => {
  const warned = once(process, 'warning')
  let requests = 0
  const server = await startServer((_, response) => {
    requests += 1
    response.end(sent)
  })
  const debug = vi.fn<() => void>().mockImplementationOnce(() => {
    throw mistake
  })
  const client = clientWith({ baseUrl: server.url, logger: { ...console, debug }, logLevel: 'debug' })
  await expect(client.messages.sendToUser(message)).resolves.toMatchObject({ status: 'sent' })
  expect(requests).toBe(1)
  expect(await warned).toMatchObject([{ message: expect.stringContaining('logger') as unknown }])
})

describe('https', () => {
  test('to a host whose certificate is not trusted is tried once, and the error names NODE_EXTRA_CA_CERTS', async () => {
    let requests = 0
    const server = await startServer((_, response) => response.end(String(++requests)), selfSigned)
    const error = await rejectionOf(clientWith({ baseUrl: server.url }).messages.sendToUser(message))
    expect(error).toMatchObject({ code: 'ERR_TLS', attempts: [{ failure: 'ERR_TLS' }] })
    expect(error.message).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/)
    expect(server.sockets).toHaveLength(1)
    expect(requests).toBe(0)
  })

  test('to a host whose certificate the dispatcher trusts works', async () => {
    const server = await startServer((_, response) => response.end(sent), selfSigned)
    const dispatcher = new Agent({ connect: { ca: selfSigned.cert } })
    onTestFinished(() => dispatcher.close())
    await expect(
      clientWith({ baseUrl: server.url, dispatcher }).messages.sendToUser(message),
    ).resolves.toMatchObject({ status: 'sent' })
  })

  test('to a port that speaks http is explained', async () => {
    const server = await startServer((_, response) => response.end(sent))
    const baseUrl = server.url.replace('http:', 'https:')
    const error = await rejectionOf(clientWith({ baseUrl }).messages.sendToUser(message))
    expect(error.code).toBe('ERR_TLS')
    expect(error.message).toMatch(/plain HTTP.*baseUrl/)
  })
})
