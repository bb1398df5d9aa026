import { createHmac } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import { deflateSync } from 'node:zlib'
import { buildAccessToken2, buildSignalingToken, rtmService } from '@agora-signaling/core'
import { describe, expect, test } from 'vitest'
import { createEmulator } from './emulator.js'
import { basicHeader, inTurn, TestEmulator, useEmulator } from './rest.test.support.js'

const credentials = {
  appId: 'a1'.repeat(16),
  appCertificate: 'b2'.repeat(16),
  customerId: 'c3'.repeat(16),
  customerSecret: 'd4'.repeat(16),
}
const { appId, appCertificate, customerId, customerSecret } = credentials
const nowSeconds = 1_800_000_000
const rig = useEmulator({ credentials, now: () => nowSeconds * 1_000 })

const peerPath = `/dev/v2/project/${appId}/rtm/users/alice/peer_messages`
const channelPath = `/dev/v2/project/${appId}/rtm/users/alice/channel_messages`
const historyPath = `/rtm/v2/history/${appId}/userId/alice/channelType/message/channel/lobby`
const publishPath = `/rtm/v2/publish/${appId}/userId/alice/channelType/message/channel/lobby`
const userEventsPath = `/dev/v2/project/${appId}/rtm/vendor/user_events`
const channelEventsPath = `/dev/v2/project/${appId}/rtm/vendor/channel_events`
const hello = { destination: 'bob', payload: 'Hello' }

const common = { appId, appCertificate, ttlSeconds: 600, issuedAtSeconds: nowSeconds, salt: 1 }
const aliceToken = buildSignalingToken({ ...common, userId: 'alice' })
const bobToken = buildSignalingToken({ ...common, userId: 'bob' })

function bearing(token: string): { authorization: string } {
  return { authorization: `agora token=${token}` }
}

function base64(text: string, encoding: BufferEncoding = 'utf8'): string {
  return Buffer.from(text, encoding).toString('base64')
}

function issuedAt(issuedAtSeconds: number): string {
  return buildSignalingToken({ ...common, issuedAtSeconds, userId: 'alice' })
}

/** A token that is signed as it should be, for the empty user ID. No builder of ours makes one. */
function tokenForNobody(): string {
  const text = (value: string | Buffer): Buffer =>
    Buffer.concat([number(value.length, 2), Buffer.from(value)])
  const content = Buffer.concat([
    text(appId),
    ...[nowSeconds, 600, 1].map((value) => number(value, 4)),
    // One service of type 2, RTM, with one privilege, 1, and then the user.
    ...[1, 2, 1, 1].map((value) => number(value, 2)),
    number(600, 4),
    text(''),
  ])
  const key = hmac(number(1, 4), hmac(number(nowSeconds, 4), Buffer.from(appCertificate)))
  return `007${deflateSync(Buffer.concat([text(hmac(key, content)), content])).toString('base64')}`
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, bytes)
  return buffer
}

function hmac(key: Buffer, message: Buffer): Buffer {
  return createHmac('sha256', key).update(message).digest()
}

describe('HTTP Basic', () => {
  test('the emulator’s customer ID and secret may send as any user', async () => {
    expect(await rig().sendPeer()).toMatchObject({ status: 200, body: { code: 'message_sent' } })
  })

  test.each(['basic', 'BASIC', 'bAsIc'])('the scheme may be written %s', async (scheme) => {
    const authorization = `${scheme} ${base64(`${customerId}:${customerSecret}`)}`
    expect(await rig().get('/dev/v1/projects', { authorization })).toMatchObject({ status: 200 })
  })

  test('customer ID and secret are UTF-8, and the secret may hold colons', async () => {
    const emulator = await createEmulator({
      credentials: { customerId: 'Zoë', customerSecret: 'pass:wörd: 密' },
    })
    expect(await new TestEmulator(emulator).get('/dev/v1/projects')).toMatchObject({ status: 200 })
    await emulator.close()
  })

  test.each([
    ['no header', {}, /^No Authorization header: send Basic /],
    [
      'a wrong secret',
      basicHeader(customerId, 'x'),
      /^The customer secret does not match the customer ID\.$/,
    ],
    [
      'a secret with a line break',
      basicHeader(customerId, `${customerSecret}\n`),
      /white space around it: trim it/,
    ],
    ['an unknown customer ID', basicHeader('somebody', customerSecret), /does not know this customer ID/],
    ['the two swapped', basicHeader(customerSecret, customerId), /are swapped/],
    [
      'App ID and certificate',
      basicHeader(appId, appCertificate),
      /^The user name in the Basic header is the App ID\. REST takes .* \(Agora Console, Developer Toolkit, RESTful API\)/,
    ],
    ['no Base64', { authorization: `Basic ${customerId}:${customerSecret}` }, / is not Base64: /],
    [
      'Base64 without its padding',
      { authorization: `Basic ${base64(`${customerId}:${customerSecret}`).replace('=', '')}` },
      / is not Base64: /,
    ],
    ['no colon', { authorization: `Basic ${base64(customerId)}` }, /holds no colon/],
    ['no UTF-8', { authorization: `Basic ${base64('Zo\u00eb:x', 'latin1')}` }, /as UTF-8/],
    ['nothing after Basic', { authorization: 'Basic' }, /Nothing follows Basic/],
    ['no values', basicHeader('undefined', 'undefined'), /has the word "undefined" for the customer ID/],
    ['no secret', basicHeader(customerId, 'undefined'), /has the word "undefined" for the customer secret/],
    ['no scheme', { authorization: base64(`${customerId}:${customerSecret}`) }, /has no scheme/],
    ['another scheme', { authorization: 'Bearer abc' }, /scheme is not known/],
    [
      'a token beside it',
      { ...basicHeader(customerId, customerSecret), 'x-agora-token': aliceToken, 'x-agora-uid': 'alice' },
      /send one kind/,
    ],
  ])('%s is refused with the reason', async (_, headers, reason) => {
    const answer = await rig().post(peerPath, hello, headers)
    expect(answer).toMatchObject({ status: 401, body: { message: 'Unauthorized' }, synthetic: true })
    expect(answer.reason).toMatch(reason)
  })
})

describe('AccessToken2', () => {
  const forms = [
    ['Authorization: agora token=…', bearing],
    ['Authorization: agora token="…"', (token: string) => ({ authorization: `agora token="${token}"` })],
    ['Authorization: Agora Token=…', (token: string) => ({ authorization: `Agora Token=${token}` })],
    [
      'x-agora-token and x-agora-uid',
      (token: string) => ({ 'x-agora-token': token, 'x-agora-uid': 'alice' }),
    ],
    [
      'all three headers',
      (token: string) => ({ ...bearing(token), 'x-agora-token': token, 'x-agora-uid': 'alice' }),
    ],
  ] as const

  test.each(forms)('%s: alice may send, publish, and read history and events', async (_, headersFor) => {
    const headers = headersFor(aliceToken)
    const statuses = await Promise.all([
      rig().post(peerPath, hello, headers),
      rig().post(channelPath, { channel_name: 'lobby', payload: 'Hello' }, headers),
      rig().post(publishPath, 'Hello', headers),
      rig().get(historyPath, headers),
      rig().get(userEventsPath, headers),
      rig().get(channelEventsPath, headers),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
  })

  test('the events, whose path names no user, are there for a token of any user', async () => {
    expect(await rig().get(userEventsPath, bearing(bobToken))).toMatchObject({ status: 200 })
    expect(rig().emulator.requests().at(-1)).toMatchObject({ userId: 'bob', authentication: 'token' })
  })

  const otherCertificate = buildSignalingToken({
    ...common,
    appCertificate: 'e5'.repeat(16),
    userId: 'alice',
  })
  const otherAppId = buildSignalingToken({ ...common, appId: 'f6'.repeat(16), userId: 'alice' })
  const expired = buildSignalingToken({ ...common, issuedAtSeconds: nowSeconds - 601, userId: 'alice' })
  const future = buildSignalingToken({ ...common, issuedAtSeconds: nowSeconds + 3_600, userId: 'alice' })
  const rtcOnly = buildAccessToken2({
    ...common,
    services: [{ type: 1, channelName: 'lobby', account: 'alice', privileges: { 1: 600 } }],
  })
  const noLogin = buildAccessToken2({
    ...common,
    services: [{ type: 2, userId: 'alice', privileges: { 2: 600 } }],
  })
  const loginOver = buildAccessToken2({
    ...common,
    issuedAtSeconds: nowSeconds - 60,
    services: [{ type: 2, userId: 'alice', privileges: { 1: 30 } }],
  })
  const twoUsers = buildAccessToken2({
    ...common,
    services: ['alice', 'bob'].map((userId) => ({ type: 2, userId, privileges: { 1: 600 } })),
  })

  const refused = [
    ['signed with another certificate', bearing(otherCertificate), /certificate/],
    ['of another App ID', bearing(otherAppId), /App ID/],
    ['expired', bearing(expired), /expired/],
    ['from the future', bearing(future), /from now|clock|future/],
    ['for RTC only', bearing(rtcOnly), /RTC.* Signaling needs RTM/],
    ['without login privilege', bearing(noLogin), /login/],
    ['with its login privilege over', bearing(loginOver), /login.* expired/],
    ['for two users', bearing(twoUsers), /several RTM services/],
    ['of another user', bearing(bobToken), /^The token is for user bob, the path says alice\.$/],
    ['of the 006 kind', bearing(`006${'A'.repeat(80)}`), /006/],
    ['cut off', bearing(aliceToken.slice(0, 40)), /./],
    [
      'with a foreign x-agora-uid',
      { 'x-agora-token': aliceToken, 'x-agora-uid': 'bob' },
      /^The token is for user alice, the header x-agora-uid says bob\.$/,
    ],
    [
      'with a foreign x-agora-uid beside Authorization',
      { ...bearing(aliceToken), 'x-agora-token': aliceToken, 'x-agora-uid': 'bob' },
      /x-agora-uid says bob/,
    ],
  ] as const

  test.each(refused)('%s: refused with the reason', async (_, headers, reason) => {
    const answer = await rig().post(peerPath, hello, headers)
    expect(answer).toMatchObject({ status: 401, body: { message: 'invalid token' }, synthetic: true })
    expect(answer.reason).toMatch(reason)
  })

  test.each(refused)('%s: refused on /rtm/v2 with the body of that family', async (_, headers, reason) => {
    const answer = await rig().get(historyPath, headers)
    expect(answer).toMatchObject({
      status: 401,
      body: {
        data: null,
        error: true,
        errorCode: 401,
        operation: 'history',
        reason: 'invalid token',
        requestId: answer.headers['x-request-id'],
      },
      synthetic: true,
    })
    expect(answer.reason).toMatch(reason)
  })

  test.each([
    ['a bare token', { authorization: aliceToken }, /bare token: write "agora token=" before it/],
    [
      'no token after the scheme',
      { authorization: 'agora token=' },
      /the token is empty\. Is the variable set/,
    ],
    ['an empty token in quotes', { authorization: 'agora token=""' }, /the token is empty/],
    ['spaces for a token', { authorization: 'agora token=   ' }, /the token is empty/],
    [
      '"undefined" for a token',
      { authorization: 'agora token=undefined' },
      /stands "undefined" and not a token/,
    ],
    ['a promise for a token', { authorization: 'agora token=[object Promise]' }, /and not a token: await it/],
    [
      'two words for a token',
      { authorization: `agora token=${aliceToken} x` },
      /not in the form agora token=/,
    ],
    ['a scheme alone', { authorization: 'agora' }, /not in the form agora token=/],
    ['an empty x-agora-token', { 'x-agora-token': '', 'x-agora-uid': 'alice' }, /the token is empty/],
    ['"null" in x-agora-token', { 'x-agora-token': 'null', 'x-agora-uid': 'alice' }, /stands "null"/],
    ['the wrong parameter', { authorization: `agora ${aliceToken}` }, /not in the form agora token=/],
    ['x-agora-token alone', { 'x-agora-token': aliceToken }, /without x-agora-uid/],
    ['x-agora-uid alone', { 'x-agora-uid': 'alice' }, /without x-agora-token/],
    [
      'Authorization and x-agora-uid',
      { ...bearing(aliceToken), 'x-agora-uid': 'alice' },
      /without x-agora-token/,
    ],
    ['two tokens', { ...bearing(aliceToken), 'x-agora-token': bobToken, 'x-agora-uid': 'bob' }, /differ/],
  ])('%s is refused with the reason', async (_, headers, reason) => {
    const answer = await rig().post(peerPath, hello, headers)
    expect(answer).toMatchObject({ status: 401, body: { message: 'Unauthorized' } })
    expect(answer.reason).toMatch(reason)
  })

  test('a token for a user without a name is good for nothing', async () => {
    const answer = await rig().get(userEventsPath, bearing(tokenForNobody()))
    expect(answer).toMatchObject({ status: 401, body: { message: 'invalid token' } })
    expect(answer.reason).toMatch(/^The user ID in the token is empty/)
  })

  test('a token may be issued 300 s ahead of the clock of the emulator, and no second more', async () => {
    const answers = await inTurn([0, 1, 300, 301, 86_400], (seconds) =>
      rig().get(userEventsPath, bearing(issuedAt(nowSeconds + seconds))),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 401, 401])
    expect(answers[3]?.reason).toMatch(/^The token says it was issued 5 minutes from now/)
  })

  test('a token ends with its last second', async () => {
    const answers = await inTurn([599, 600], (seconds) =>
      rig().get(userEventsPath, bearing(issuedAt(nowSeconds - seconds))),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 401])
  })

  test('the console takes no token', async () => {
    const answer = await rig().get('/dev/v1/projects', bearing(aliceToken))
    expect(answer).toMatchObject({ status: 401, body: { message: 'Unauthorized' } })
    expect(answer.reason).toMatch(/^The console calls take no token: send Basic/)
  })

  test('a user ID in a reason cannot break the header', async () => {
    // buildSignalingToken() refuses such a user ID. Other builders do not.
    const service = rtmService({ userId: 'al"ice\r\nx: y\u00eb' })
    const odd = buildAccessToken2({ ...common, services: [service] })
    expect((await rig().post(peerPath, hello, bearing(odd))).reason).toBe(
      String.raw`The token is for user "al\"ice\r\nx: y%C3%AB", the path says alice.`,
    )
  })
})

describe('a header with credentials that comes twice is refused, whichever of the two is good', () => {
  const good = basicHeader(customerId, customerSecret).authorization
  const agora = bearing(aliceToken).authorization

  test.each<[string, OutgoingHttpHeaders, string, string]>([
    ['Basic', { Authorization: [good, good] }, 'Authorization', 'basic'],
    ['a good pair and another', { Authorization: [good, 'Basic eDp5'] }, 'Authorization', 'basic'],
    ['another pair and a good one', { Authorization: ['Basic eDp5', good] }, 'Authorization', 'basic'],
    ['a token and Basic', { Authorization: [agora, good] }, 'Authorization', 'token'],
    [
      'x-agora-token',
      { 'x-agora-token': [aliceToken, bobToken], 'x-agora-uid': 'alice' },
      'x-agora-token',
      'x-agora',
    ],
    [
      'x-agora-uid',
      { 'x-agora-token': aliceToken, 'x-agora-uid': ['alice', 'bob'] },
      'x-agora-uid',
      'x-agora',
    ],
  ])('%s', async (_, headers, name, authentication) => {
    const answer = await rig().post(peerPath, hello, headers)
    expect(answer).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized' },
      reason: `The request has 2 headers ${name}: send one.`,
    })
    expect(rig().emulator.requests()).toMatchObject([{ authentication }])
  })
})

describe('a path with another App ID', () => {
  const other = '0f'.repeat(16)
  const otherPeerPath = peerPath.replace(appId, other)

  test('is forbidden with good Basic credentials', async () => {
    const answer = await rig().post(otherPeerPath, hello)
    expect(answer).toMatchObject({
      status: 403,
      body: { result: 'failed', code: 'forbidden' },
      synthetic: true,
    })
    expect(answer.reason).toBe(
      'The App ID in the path is 0f0f..., this emulator serves a1a1...: use its AGORA_APP_ID.',
    )
  })

  test('is forbidden also when only the letter case differs', async () => {
    const answer = await rig().post(peerPath.replace(appId, appId.toUpperCase()), hello)
    expect(answer).toMatchObject({ status: 403 })
    expect(answer.reason).toMatch(
      /^The App ID in the path is in another letter case, this emulator serves a1a1\.\.\./,
    )
  })

  test('is forbidden on /rtm/v2 with the body of that family', async () => {
    expect(await rig().get(historyPath.replace(appId, other))).toMatchObject({
      status: 403,
      body: { data: null, error: true, errorCode: 403, operation: 'history' },
    })
  })

  test('makes a good token invalid', async () => {
    const answer = await rig().post(otherPeerPath, hello, bearing(aliceToken))
    expect(answer).toMatchObject({ status: 401, body: { message: 'invalid token' } })
    expect(answer.reason).toBe('The token is for App ID a1a1..., the App ID in the path is 0f0f....')
  })

  test('or the certificate in its place, which is not repeated', async () => {
    const answer = await rig().post(peerPath.replace(appId, appCertificate), hello)
    expect(answer.reason).toMatch(/^The App ID in the path is the app certificate/)
    expect(JSON.stringify([answer, rig().emulator.requests()]).includes(appCertificate)).toBe(false)
  })
})

test('no refusal, and no record of one, holds a secret or a token', async () => {
  const canaries = [
    appCertificate,
    customerSecret,
    base64(`${customerId}:${customerSecret}`),
    aliceToken,
    bobToken,
  ]
  const attempts = canaries.flatMap((canary) =>
    [
      {},
      basicHeader(customerId, customerSecret),
      bearing(aliceToken),
      basicHeader(customerId, canary),
      bearing(canary),
      { authorization: canary },
    ].map((headers) => ({
      canary,
      headers,
    })),
  )
  const answers = await inTurn(attempts, ({ canary, headers }) => {
    const inPath = encodeURIComponent(canary)
    return Promise.all([
      rig().post(peerPath, hello, headers),
      rig().post(`${peerPath}?wait_for_ack=${inPath}`, hello),
      rig().post(peerPath.replace('alice', inPath), { payload: canary }, headers),
      rig().get(`/${inPath}`, headers),
    ])
  })
  const seen = JSON.stringify([answers, rig().emulator.requests()])
  // The beginning of a token or of a Basic pair says enough.
  const leaks = canaries.flatMap((canary) => [canary.slice(0, 32), encodeURIComponent(canary)])
  expect(leaks.filter((leak) => seen.includes(leak))).toEqual([])
})
