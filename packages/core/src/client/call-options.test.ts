import { Dispatcher } from 'undici'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { parseAccessToken2 } from '../access-token/parse.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import type { MockAgora } from '../test-support/mock-agora.js'
import { skippingRuntime } from '../test-support/skipping-runtime.js'
import { clientRuntime } from '../runtime.js'
import type { CallTimeLimits } from './call-time-limits.js'
import type { SignalingClient } from './client.js'

useCleanEnvironment()

/** What every method has to hand on. */
type CallOptions = CallTimeLimits & { readonly retryUnsafe?: boolean }

interface Method {
  readonly call: (client: SignalingClient, options?: CallOptions) => Promise<unknown>
  /** A success, as Agora answers it. */
  readonly body: object
  /** Message history has a host of its own. */
  readonly answers: 'answers' | 'answersHistory'
  /** The quota and the key that a shared limiter counts it by; absent for what counts against none. */
  readonly quota?: RegExp
}

const payload = 'hello'
const sent = { result: 'success', code: 'message_sent', request_id: '1' }
const page = { errorCode: 200, error: false, requestId: '1', data: { messageList: [], newStart: 0 } }
const published = { errorCode: 200, error: false, requestId: '1', data: {} }
const events = { result: 'success', request_id: '1', events: [] }

/** The methods that act for a user. */
const ofUsers: Readonly<Record<string, Method>> = {
  'messages.sendToUser': {
    call: ({ messages }, options) => messages.sendToUser({ to: 'bob', payload, ...options }),
    body: sent,
    answers: 'answers',
    quota: /^messages agora-signaling:messages:/,
  },
  'messages.sendToChannel': {
    call: ({ messages }, options) => messages.sendToChannel({ channel: 'lobby', payload, ...options }),
    body: sent,
    answers: 'answers',
    quota: /^messages agora-signaling:messages:/,
  },
  'experimental.publish': {
    call: ({ experimental }, options) => experimental.publish({ channel: 'lobby', payload, ...options }),
    body: published,
    answers: 'answersHistory',
    quota: /^publish agora-signaling:publish:lobby:/,
  },
  'history.list, a page': {
    call: ({ history }, options) => history.list({ channel: 'lobby', ...options }).page(),
    body: page,
    answers: 'answersHistory',
    quota: /^history agora-signaling:history:/,
  },
  'history.list, message by message': {
    call: async ({ history }, options) => {
      for await (const message of history.list({ channel: 'lobby', ...options }))
        expect(message).toBeUndefined()
    },
    body: page,
    answers: 'answersHistory',
    quota: /^history agora-signaling:history:/,
  },
}

const request: Method = {
  call: (client, options) => client.request({ method: 'POST', path: '/dev/v1/anything', ...options }),
  body: {},
  answers: 'answers',
}

const ofTheBackEnd: Readonly<Record<string, Method>> = {
  'events.pullUserEvents': {
    call: (client, options) => client.events.pullUserEvents(options),
    body: events,
    answers: 'answers',
    quota: /^userEvents agora-signaling:userEvents:/,
  },
  'events.pullChannelEvents': {
    call: (client, options) => client.events.pullChannelEvents(options),
    body: events,
    answers: 'answers',
    quota: /^channelEvents agora-signaling:channelEvents:/,
  },
  'projects.list': {
    call: (client, options) => client.projects.list(options),
    body: { projects: [] },
    answers: 'answers',
    quota: /^projects agora-signaling:projects$/,
  },
  request,
}

const methods = { ...ofUsers, ...ofTheBackEnd }

/** An Agora that never answers. */
class SilentAgora extends Dispatcher {
  override dispatch(): boolean {
    return true
  }
}

/** A client that would wait a minute for it. */
function clientThatWaits(): SignalingClient {
  const limits = { timeoutMs: 60_000, attemptTimeoutMs: 60_000 }
  return mockAgora().basicClient({ userId: 'server', dispatcher: new SilentAgora(), ...limits })
}

describe.each(Object.entries(methods))('%s', (_, { call, body, answers, quota = /^$/ }) => {
  test('ends after the timeoutMs of the call, though its client would wait a minute', async () => {
    const error = await rejectionOf(call(clientThatWaits(), { timeoutMs: 20 }))
    expect(error.code).toBe('ERR_TIMEOUT')
  })

  test('ends with the signal of the call', async () => {
    const reason = new Error('The user left.')
    const { signal } = aborted(reason)
    const error = await rejectionOf(call(clientThatWaits(), { signal }))
    expect(error).toMatchObject({ code: 'ERR_ABORTED', cause: reason })
  })

  test('ends with the signal of its request, when its client belongs to one', async () => {
    const reason = new Error('The caller left.')
    const view = clientThatWaits().forRequest('alice', () => aborted(reason).signal)
    const error = await rejectionOf(call(view))
    expect(error).toMatchObject({ code: 'ERR_ABORTED', cause: reason })
  })

  test('counts against its own quota and no other', async () => {
    const agora = mockAgora()
    const keys: string[] = []
    const limiter = (name: string) => ({
      consume: async (key: string) => void keys.push(`${name} ${key}`),
    })
    const names = ['messages', 'userEvents', 'channelEvents', 'history', 'publish', 'projects']
    const quotas = Object.fromEntries(names.map((name) => [name, limiter(name)]))
    agora[answers]({ body })
    await call(agora.basicClient({ userId: 'server', quotas }))
    expect(keys.join('\n')).toMatch(quota)
  })
})

function aborted(reason: Error): AbortController {
  const controller = new AbortController()
  controller.abort(reason)
  return controller
}

const unsafe = ['messages.sendToUser', 'messages.sendToChannel', 'experimental.publish', 'request'] as const

describe.each(unsafe)('%s is sent again after an error of Agora', (name) => {
  const { call, body, answers } = methods[name] ?? request

  async function attempts(options: CallOptions): Promise<{ agora: MockAgora; outcome: unknown }> {
    const agora = mockAgora()
    agora[answers]({ status: 503, body: {} })
    agora[answers]({ body })
    const client = agora.basicClient({ userId: 'server', maxAttempts: 2, [clientRuntime]: skippingRuntime() })
    const outcome = await call(client, options).catch((error: unknown) => error)
    agora.forget()
    return { agora, outcome }
  }

  test('with retryUnsafe', async () => {
    const { agora, outcome } = await attempts({ retryUnsafe: true })
    expect(agora.requests).toHaveLength(2)
    expect(outcome).not.toBeInstanceOf(Error)
  })

  test.each([undefined, false])('but not with retryUnsafe %s', async (retryUnsafe) => {
    const { agora, outcome } = await attempts(retryUnsafe === undefined ? {} : { retryUnsafe })
    expect(agora.requests).toHaveLength(1)
    expect(outcome).toMatchObject({ code: 'ERR_UPSTREAM' })
  })
})

describe('waitForAck', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test.each([
    [true, 10_000],
    [false, 5000],
  ])('%s gives an attempt %d ms: the answer waits for the receiver', async (waitForAck, limitMs) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const options = { userId: 'server', dispatcher: new SilentAgora(), timeoutMs: 60_000 }
    const client = mockAgora().basicClient(options)
    let isOver = false
    const over = rejectionOf(client.messages.sendToUser({ to: 'bob', payload, waitForAck })).finally(() => {
      isOver = true
    })
    await vi.advanceTimersByTimeAsync(limitMs - 1)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect((await over).code).toBe('ERR_TIMEOUT')
  })
})

/** The user in the token on the wire. */
function senderOnTheWire(agora: MockAgora): unknown {
  const { headers } = agora.requests[0] ?? {}
  const token = headers?.['authorization']?.replace('agora token=', '') ?? ''
  const [service] = parseAccessToken2(token).services
  return service !== undefined && 'userId' in service ? service.userId : undefined
}

describe.each(Object.entries({ ...ofUsers, request }))('%s', (_, { call, body, answers }) => {
  test.each([
    ['its client acts for', (client: SignalingClient) => client.as('carol'), 'carol'],
    ['its request has', (client: SignalingClient) => client.forRequest('carol'), 'carol'],
    ['the back end has', (client: SignalingClient) => client, 'server'],
  ])('carries a token of the user that %s', async (_user, viewOf, user) => {
    const agora = mockAgora()
    agora[answers]({ body })
    await call(viewOf(agora.tokenClient({ userId: 'server' })))
    expect(senderOnTheWire(agora)).toBe(user)
    // `request` has a path of its own.
    expect(agora.requests[0]?.path).toMatch(new RegExp(`/users?(?:Id)?/${user}/|/anything$`))
  })
})
