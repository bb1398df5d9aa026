import { tracingChannel } from 'node:diagnostics_channel'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { basicAuth } from './auth/basic.js'
import type { AuthStrategy } from './auth/strategy.js'
import type { ClientParts } from './client/client-parts.js'
import { endpointCall } from './client/endpoint-call.js'
import type { CallChoices } from './client/endpoint-call.js'
import type { UncheckedClientOptions } from './client/options.js'
import { resolveClient } from './client/resolve-client.js'
import type { EndpointRow } from './operations.js'
import { clientRuntime } from './runtime.js'
import { appId, customerId, customerSecret } from './test-support/account.js'
import { useCleanEnvironment } from './test-support/clean-environment.js'
import { rejectionOf } from './test-support/failures.js'
import { startServer } from './test-support/local-server.js'
import { skippingRuntime } from './test-support/skipping-runtime.js'

useCleanEnvironment()

/*
 * A new endpoint is one row and one method. Everything below this comment until the tests is all that one needs.
 */

const listDevices = {
  name: 'devices',
  method: 'GET',
  path: '/dev/v2/project/{appId}/rtm/users/{userId}/devices',
  limit: 'projects',
  repeating: 'reads-destructively',
  success: 'events',
  isPinned: true,
  hints: { 403: 'Enable devices in the console.' },
} as const satisfies EndpointRow

class Devices {
  readonly #parts: ClientParts

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  async list(
    userId: string,
    choices: CallChoices = {},
  ): Promise<{ attempts: number; possibleLoss: boolean }> {
    const { appId: project, transport } = this.#parts
    const result = await transport.call(endpointCall(listDevices, { appId: project, userId }, choices))
    return { attempts: result.attempts.length, possibleLoss: result.possibleLoss }
  }
}

const devicesPath = `/dev/v2/project/${appId}/rtm/users/a%2Fb/devices`
const success = { status: 200, body: '{"result":"success","events":[]}' }

let requests: string[] = []

beforeEach(() => {
  requests = []
})

/** A client of a server that gives these answers, and the last one again and again. */
async function devicesOf(
  answers: readonly { readonly status: number; readonly body: string }[],
  options: UncheckedClientOptions = {},
): Promise<Devices> {
  const server = await startServer((request, response) => {
    const { status, body } = answers[Math.min(requests.length, answers.length - 1)] ?? success
    requests.push(`${request.method} ${request.url}`)
    response.writeHead(status).end(body)
  })
  const { parts } = resolveClient(
    {
      appId,
      customerId,
      customerSecret,
      baseUrl: server.url,
      logLevel: 'silent',
      [clientRuntime]: skippingRuntime(1),
      ...options,
    },
    {},
  )
  onTestFinished(() => parts.connections.close())
  return new Devices(parts)
}

describe('an endpoint that is one row and one method', () => {
  test('is called at its address', async () => {
    const devices = await devicesOf([success])
    await expect(devices.list('a/b')).resolves.toEqual({ attempts: 1, possibleLoss: false })
    expect(requests).toEqual([`GET ${devicesPath}`])
  })

  test('acts for the user in its path', async () => {
    const users: unknown[] = []
    const basic = basicAuth({ customerId, customerSecret })
    const auth: AuthStrategy = {
      ...basic,
      authorize: (user) => {
        users.push(user)
        return basic.authorize(user)
      },
    }
    const devices = await devicesOf([success], { auth, customerId: undefined, customerSecret: undefined })
    await devices.list('alice')
    expect(users).toEqual(['alice'])
  })

  test('counts against the quota of its row', async () => {
    const keys: string[] = []
    const projects = { consume: async (key: string) => keys.push(key) }
    await (await devicesOf([success], { quotas: { projects } })).list('alice')
    // On a busy machine a place may become too old, and the limiter is asked for another one.
    expect(new Set(keys)).toEqual(new Set(['agora-signaling:projects']))
  })

  test('is repeated as its row allows', async () => {
    const devices = await devicesOf([{ status: 503, body: '' }, success])
    await expect(devices.list('alice')).resolves.toEqual({ attempts: 2, possibleLoss: true })
  })

  test.each([
    [403, 'Enable devices in the console.'],
    [429, "Agora's limit is 10 console calls a second, per account."],
    [435, 'Content moderation refused the payload.'],
  ])('explains %i with the hint of its row, else with that of all', async (status, hint) => {
    const devices = await devicesOf([{ status, body: '{}' }], { maxAttempts: 1 })
    const error = await rejectionOf(devices.list('alice'))
    expect('hint' in error && error.hint).toContain(hint)
  })

  test('takes no answer of anybody else for its own', async () => {
    const devices = await devicesOf([{ status: 200, body: '{}' }])
    expect(await rejectionOf(devices.list('alice'))).toMatchObject({ code: 'ERR_INVALID_RESPONSE' })
  })

  test('is named in diagnostics', async () => {
    const named: unknown[] = []
    const channels = ['agora-signaling:call', 'agora-signaling:attempt'].map((name) =>
      tracingChannel<string, object>(name),
    )
    const onStart = (context: unknown): void => {
      if (typeof context === 'object' && context !== null && 'operation' in context)
        named.push(context.operation)
    }
    for (const channel of channels) channel.start.subscribe(onStart)
    onTestFinished(() => {
      for (const channel of channels) channel.start.unsubscribe(onStart)
    })
    await (await devicesOf([success])).list('alice')
    expect(named).toEqual(['devices', 'devices'])
  })

  test('takes the signal and the time limit of its caller', async () => {
    const devices = await devicesOf([success])
    const aborted = devices.list('alice', { signal: AbortSignal.abort() })
    expect(await rejectionOf(aborted)).toMatchObject({ code: 'ERR_ABORTED' })
    const outOfRange = devices.list('alice', { timeoutMs: -1 })
    expect(await rejectionOf(outOfRange)).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      argument: 'timeoutMs',
    })
    expect(requests).toEqual([])
  })
})
