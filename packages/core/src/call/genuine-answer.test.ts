import { describe, expect, test } from 'vitest'
import type { SignalingClient } from '../client/client.js'
import { mayHaveBeenSent } from '../client/send-many.js'
import { AgoraCallError } from '../errors.js'
import { appId } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'

useCleanEnvironment()

const message = { from: 'alice', payload: 'canary-payload' }

interface Endpoint {
  readonly call: (client: SignalingClient) => Promise<unknown>
  readonly host: 'answers' | 'answersHistory'
  readonly isSend: boolean
  /** Answers that stand on a page of Agora's, today's or an older one, or in a ticket, and what comes near to them. */
  readonly genuine: readonly unknown[]
  /** Answers that could be another endpoint's, and are not this one's. */
  readonly foreign: readonly unknown[]
}

const sendResult = { result: 'success', request_id: '123', code: 'message_sent' }
const events = [{ user_id: 'alice', group_id: 'lobby', type: 'Join', ms: 1_578_027_418_981 }]
const historyPage = {
  errorCode: 200,
  error: false,
  requestId: '1121_1234231',
  operation: 'getMessage',
  reason: '',
  timestamp: 1_234_567,
  data: {
    messageList: [{ messageType: 'STRING', message: 'Hello', publisher: 'Tony', timestamp: 1_234_567_890 }],
    count: 1,
    newStart: 0,
  },
}
const published = {
  errorCode: 200,
  error: false,
  requestId: '1',
  operation: 'publish',
  reason: '',
  timestamp: 1_234_567,
  data: { channelName: 'lobby', channelType: 'message' },
}
const eventAnswers: Pick<Endpoint, 'host' | 'isSend' | 'genuine' | 'foreign'> = {
  host: 'answers',
  isSend: false,
  genuine: [
    { result: 'success', request_id: '1', events },
    { result: 'success', request_id: '1', events: [] },
    { result: 'success', request_id: '1', events: null },
    { result: 'success', request_id: '1' },
    { request_id: '1', events: [] },
    { events: null },
  ],
  foreign: [
    { request_id: '1' },
    { result: 'success', events: {} },
    { result: 'success', events: 'none' },
    historyPage,
    { projects: [] },
  ],
}

const endpoints: Readonly<Record<string, Endpoint>> = {
  'messages.sendToUser': {
    call: ({ messages }) => messages.sendToUser({ ...message, to: 'bob' }),
    host: 'answers',
    isSend: true,
    genuine: [
      sendResult,
      { ...sendResult, code: 'message_delivered' },
      { request_id: '123', code: 'message_offline' },
      { result: 'success', request_id: '123', code: 'peer_offline' },
      { result: 'success', code: 'message sent' },
      { request_id: 123, code: 'message_sent' },
      { result: 'success' },
      { result: 'Success', code: 'a_code_of_next_year' },
      { ...sendResult, error: null, errorCode: null },
    ],
    foreign: [{ request_id: '1', code: 'invalid_request' }, { code: 'ok' }, historyPage, { projects: [] }],
  },
  'messages.sendToChannel': {
    call: ({ messages }) => messages.sendToChannel({ ...message, channel: 'lobby' }),
    host: 'answers',
    isSend: true,
    genuine: [sendResult, { result: 'success', request_id: '123' }],
    foreign: [{ request_id: '1' }, published],
  },
  'events.pullUserEvents': { ...eventAnswers, call: (client) => client.events.pullUserEvents() },
  'events.pullChannelEvents': { ...eventAnswers, call: (client) => client.events.pullChannelEvents() },
  'history.list': {
    call: ({ history }) => history.list({ userId: 'alice', channel: 'lobby' }).page(),
    host: 'answersHistory',
    isSend: false,
    genuine: [
      historyPage,
      { errorCode: 200, data: { messageList: [], count: 0, newStart: 0 } },
      { errorCode: 200, data: { messageList: null, count: 0 } },
      { errorCode: 200, data: { count: 0 } },
      { errorCode: 200, error: false, data: null },
      { data: { messageList: [] } },
    ],
    foreign: [
      sendResult,
      { data: {} },
      { data: null },
      { errorCode: 200, data: [] },
      { errorCode: 200, data: { messageList: {} } },
      { errorCode: 200, data: { messageList: 'canary' } },
    ],
  },
  'experimental.publish': {
    call: ({ experimental }) => experimental.publish({ ...message, channel: 'lobby' }),
    host: 'answersHistory',
    isSend: true,
    genuine: [published, { errorCode: 200 }, { errorCode: 200, data: null }],
    foreign: [{ error: false }, { data: {} }, sendResult],
  },
  'projects.list': {
    call: ({ projects }) => projects.list(),
    host: 'answers',
    isSend: false,
    genuine: [{ projects: [] }, { projects: null }, { projects: [{ id: 'a', vendor_key: appId }] }],
    foreign: [{ projects: {} }, { projects: 'none' }, sendResult],
  },
}

/** What a proxy, another service or a server under construction answers with HTTP 200. */
const strange: readonly (readonly [what: string, body: unknown])[] = [
  ['nothing at all', ''],
  ['white space', ' \n'],
  ['an empty object', {}],
  ['null', 'null'],
  ['a list', []],
  ['true', 'true'],
  ['a number', '200'],
  ['a text', '"success"'],
  ['what the gateway says of an unknown path', { message: 'no Route matched with those values' }],
  ['the failure of the console', { status: 'error', message: 'no' }],
  [
    'a failure that is spelt in another way',
    { result: 'Failed', code: 'message_sent', events: [], projects: [] },
  ],
  ['a result that nobody documents', { result: 'maybe', code: 'message_sent', errorCode: 200, projects: [] }],
  ['an error in words', { error: 'no', result: 'success', events: [], projects: [], errorCode: 200 }],
  [
    'an error code in words',
    { errorCode: '500', result: 'success', events: [], projects: [], data: { messageList: [] } },
  ],
  ['a page', '<html>Welcome to the hotel</html>'],
  ['half an answer', '{"result":"succ'],
]

describe.each(Object.entries(endpoints))('%s', (_, { call, host, isSend, genuine, foreign }) => {
  test.each(genuine.map((body) => [body]))('takes %j', async (body) => {
    for (const status of [200, 201]) {
      const agora = mockAgora()
      agora[host]({ status, body })
      await expect(call(agora.basicClient())).resolves.toBeDefined()
    }
  })

  const refused = [...strange, ...foreign.map((body) => [JSON.stringify(body), body] as const)]
  test.each(refused)('does not take %s for a success', async (_what, body) => {
    const agora = mockAgora()
    agora[host]({ body })
    const error = await rejectionOf(call(agora.basicClient()))
    expect(error).toMatchObject({
      code: 'ERR_INVALID_RESPONSE',
      upstreamStatus: 200,
      attempts: [{ status: 200 }],
      hint: expect.stringContaining('baseUrl, AGORA_REST_BASE_URL') as unknown,
    })
    expect(error.message).not.toContain('canary')
    expect(error.message.includes('may have arrived')).toBe(isSend)
    expect(error instanceof AgoraCallError && mayHaveBeenSent(error.attempts)).toBe(true)
  })
})

test('a wrong base URL loses no message in silence: the report of sendMany says it of each', async () => {
  const agora = mockAgora()
  for (let index = 0; index < 2; index++) agora.answers({ body: { message: 'no Route matched' } })
  const report = await agora.basicClient().messages.sendMany([
    { ...message, to: 'bob' },
    { ...message, channel: 'lobby' },
  ])
  expect(report).toMatchObject({
    succeeded: 0,
    outcomes: [
      { status: 'failed', error: { code: 'ERR_INVALID_RESPONSE' }, mayHaveBeenSent: true },
      { status: 'failed', error: { code: 'ERR_INVALID_RESPONSE' }, mayHaveBeenSent: true },
    ],
  })
})

test.each([
  ['', undefined],
  ['{}', {}],
  ['null', null],
  ['[]', []],
  ['{"result":"Failed"}', { result: 'Failed' }],
])('client.request hands over %j as it is: only its caller knows the endpoint', async (text, body) => {
  const agora = mockAgora()
  agora.answers({ body: text })
  const result = await agora.basicClient().request({ method: 'GET', path: '/dev/v1/anything' })
  expect(result).toMatchObject({ status: 200, body })
})
