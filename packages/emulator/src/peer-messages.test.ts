import { describe, expect, test } from 'vitest'
import { createEmulator } from './emulator.js'
import type { EmulatorVariants } from './options.js'
import { anyOf, inTurn, matching, patience, TestEmulator, useEmulator } from './rest.test.support.js'

const rig = useEmulator()
const hello = { destination: 'bob', payload: 'Hello' }

describe('what the answer says about the receiver', () => {
  test('without wait_for_ack: message_sent, whether or not the receiver is there', async () => {
    expect(await rig().sendPeer()).toMatchObject({
      status: 200,
      body: { result: 'success', code: 'message_sent' },
    })
    rig().emulator.users.login('bob')
    expect((await rig().sendPeer()).body).toMatchObject({ result: 'success', code: 'message_sent' })
  })

  test('with wait_for_ack and the receiver online: message_delivered', async () => {
    rig().emulator.users.login('bob')
    const { status, body, headers } = await rig().sendPeer({}, '?wait_for_ack=true')
    expect({ status, body }).toEqual({
      status: 200,
      body: { result: 'success', request_id: headers['x-request-id'], code: 'message_delivered' },
    })
  })

  test('with wait_for_ack and the receiver offline: message_offline, without result', async () => {
    const { status, body, headers, synthetic } = await rig().sendPeer({}, '?wait_for_ack=true')
    expect({ status, body, synthetic }).toEqual({
      status: 200,
      body: { request_id: headers['x-request-id'], code: 'message_offline' },
      synthetic: false,
    })
  })

  test('after logout the receiver is offline again', async () => {
    rig().emulator.users.login('bob')
    rig().emulator.users.logout('bob')
    expect((await rig().sendPeer({}, '?wait_for_ack=true')).body).toMatchObject({ code: 'message_offline' })
  })

  test.each([
    ['?wait_for_ack=true', 'message_offline'],
    ['?wait_for_ack=1', 'message_offline'],
    ['?wait_for_ack=false', 'message_sent'],
    ['?wait_for_ack=0', 'message_sent'],
    ['?wait_for_ack=', 'message_sent'],
    ['?wait_for_ack', 'message_sent'],
    ['?other=true', 'message_sent'],
  ])('%s gives %s for an offline receiver', async (query, code) => {
    expect((await rig().sendPeer({}, query)).body).toMatchObject({ code })
  })

  test('request IDs are text, larger than a number holds exactly, and all different', async () => {
    const ids = [await rig().sendPeer(), await rig().sendPeer()].map(({ headers }) => headers['x-request-id'])
    for (const id of ids) expect(BigInt(String(id))).toBeGreaterThan(2n ** 53n)
    expect(new Set(ids).size).toBe(2)
  })
})

describe('delivery', () => {
  test('an online receiver has the message, from any sender, logged in or not', async () => {
    rig().emulator.users.login('bob')
    await rig().sendPeer({ payload: 'Hi Bob ✓' })
    expect(rig().emulator.messages()).toEqual([
      {
        kind: 'peer',
        from: 'alice',
        to: 'bob',
        payload: 'Hi Bob ✓',
        at: anyOf(Date),
        deliveredTo: ['bob'],
      },
    ])
  })

  test('a message to an offline receiver is lost', async () => {
    await rig().sendPeer()
    rig().emulator.users.login('bob')
    expect(rig().emulator.messages()).toMatchObject([{ to: 'bob', deliveredTo: [] }])
  })

  test('unless enable_offline_messaging is set: then login delivers it, once', async () => {
    const answer = await rig().sendPeer({ enable_offline_messaging: true }, '?wait_for_ack=true')
    expect(answer.body).toMatchObject({ code: 'message_offline' })
    expect(rig().emulator.messages()).toMatchObject([{ deliveredTo: [] }])

    rig().emulator.users.login('bob')
    rig().emulator.users.logout('bob')
    rig().emulator.users.login('bob')
    expect(rig().emulator.messages()).toMatchObject([{ deliveredTo: ['bob'] }])
  })

  test('200 messages wait for a receiver, the newest replace the oldest', async () => {
    const payloads = Array.from({ length: 203 }, (_, index) => String(index))
    await inTurn(payloads, (payload) => rig().sendPeer({ payload, enable_offline_messaging: true }))
    rig().emulator.users.login('bob')
    const lost = rig()
      .emulator.messages()
      .filter(({ deliveredTo }) => deliveredTo.length === 0)
    expect(lost.map(({ payload }) => payload)).toEqual(['0', '1', '2'])
  })

  test('what messages() returns is a copy', async () => {
    await rig().sendPeer({ enable_offline_messaging: true })
    const [before] = rig().emulator.messages()
    rig().emulator.users.login('bob')
    expect(before?.deliveredTo).toEqual([])
  })
})

describe('what is refused, with the reason', () => {
  test.each([
    ['no destination', { destination: undefined }, 'destination is missing in the request body.'],
    [
      'another case',
      { destination: undefined, Destination: 'bob' },
      'destination is missing in the request body. Names are case-sensitive: the body has Destination.',
    ],
    ['a number as destination', { destination: 7 }, 'destination must be a string in the request body.'],
    ['an empty destination', { destination: '' }, 'destination must not be empty.'],
    ['no payload', { payload: undefined }, 'payload is missing in the request body.'],
    ['an empty payload', { payload: '' }, 'The payload must not be empty.'],
    ['an object as payload', { payload: { text: 'Hi' } }, 'payload must be a string in the request body.'],
    [
      'text for a switch',
      { enable_offline_messaging: 'true' },
      'enable_offline_messaging must be true or false in the request body, without quotes.',
    ],
    [
      'null for a switch',
      { enable_historical_messaging: null },
      'enable_historical_messaging must be true or false in the request body, without quotes.',
    ],
  ])('%s', async (_, body, reason) => {
    const answer = await rig().sendPeer(body)
    expect(answer).toMatchObject({
      status: 400,
      body: { result: 'failed', request_id: answer.headers['x-request-id'], code: 'invalid_request', reason },
      reason,
      synthetic: true,
    })
  })

  test.each(['a/b', 'a\\b', 'a"b', 'a*b', 'a`b', 'Zoë', 'a\u0000b', ' a', 'a ', 'x'.repeat(65)])(
    'the user ID %j, as sender and as receiver',
    async (userId) => {
      const path = `${rig().project}/users/${encodeURIComponent(userId)}/peer_messages`
      const asSender = await rig().post(path, hello)
      const asReceiver = await rig().sendPeer({ destination: userId })
      expect([asSender.status, asReceiver.status]).toEqual([400, 400])
      expect(asSender.reason).toMatch(/^user_id in the path must /)
      expect(asReceiver.reason).toMatch(/^destination must /)
    },
  )

  test.each(['yes', 'True', 'TRUE', '2'])('wait_for_ack=%s', async (value) => {
    const answer = await rig().sendPeer({}, `?wait_for_ack=${value}`)
    expect(answer).toMatchObject({ status: 400, reason: 'wait_for_ack must be true or false in the query.' })
  })

  test.each([
    ['?wait_for_ack=true&wait_for_ack=false', /names wait_for_ack twice/],
    ['?Wait_For_Ack=true', /not exactly wait_for_ack/],
    ['?%20wait_for_ack%20=true', /not exactly wait_for_ack/],
    ['?wait_for_ack=%zz', /percent-encoding/],
  ])('the query %s', async (query, reason) => {
    const answer = await rig().sendPeer({}, query)
    expect(answer.status).toBe(400)
    expect(answer.reason).toMatch(reason)
  })

  test.each([
    ['text', 'Hello'],
    ['nothing', ''],
    ['a form', 'destination=bob&payload=Hello'],
    ['cut off', '{"destination":"bob"'],
    ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['JSON after a byte order mark', '\ufeff{"destination":"bob","payload":"x"}'],
  ])('a body that is %s: 415, as the table of status codes has it', async (_, body) => {
    const answer = await rig().call({
      method: 'POST',
      path: `${rig().project}/users/alice/peer_messages`,
      body,
    })
    expect(answer).toMatchObject({
      status: 415,
      body: {
        result: 'failed',
        code: 'unsupported_media_type',
        reason: matching('must be in JSON'),
      },
      synthetic: true,
    })
    expect(answer.reason).toMatch(/send (a )?JSON/)
  })

  test.each(['[]', '"text"', 'null', '7'])('the JSON %s, which is no object: 400', async (body) => {
    const answer = await rig().call({
      method: 'POST',
      path: `${rig().project}/users/alice/peer_messages`,
      body,
    })
    expect(answer).toMatchObject({ status: 400, reason: 'The request body must be a JSON object.' })
  })

  test('a body over 1 MiB, without reading it to the end', async () => {
    const answer = await rig().sendPeer({ payload: 'x'.repeat(1_100_000) })
    expect(answer).toMatchObject({ status: 400, reason: 'The request body is over 1 MiB.' })
  })

  test('and nothing of it is delivered', async () => {
    rig().emulator.users.login('bob')
    await rig().sendPeer({ enable_offline_messaging: 'yes' })
    expect(rig().emulator.messages()).toEqual([])
  })
})

describe('the size of a payload', () => {
  test('is 32,768 bytes of UTF-8 at most', async () => {
    const largest = 'é'.repeat(16_384)
    expect(await rig().sendPeer({ payload: largest })).toMatchObject({ status: 200 })
    const answer = await rig().sendPeer({ payload: `${largest}x` })
    expect(answer).toMatchObject({ status: 400 })
    expect(answer.reason).toMatch(/^The payload has 32769 bytes in UTF-8, the limit is 32768/)
  })

  test('counts the text, not how JSON writes it', async () => {
    const payload = '\u0001'.repeat(32_768)
    expect(await rig().sendPeer({ payload })).toMatchObject({ status: 200 })
    expect(rig().emulator.messages()).toMatchObject([{ payload }])
  })
})

test.each(['text/plain', 'application/json;charset=utf-8', 'application/octet-stream', ''])(
  'the Content-Type %j does not matter, the content does',
  async (type) => {
    const headers = { ...rig().basic, ...(type === '' ? {} : { 'content-type': type }) }
    const answer = await rig().post(`${rig().project}/users/alice/peer_messages`, hello, headers)
    expect(answer).toMatchObject({ status: 200 })
  },
)

describe('variants', () => {
  test('offlineWithoutAck: message_offline also without wait_for_ack', async () => {
    expect(await answerOf({ offlineWithoutAck: true })).toMatchObject({ code: 'message_offline' })
  })

  test('offlineBody legacy: the body of older pages', async () => {
    expect(await answerOf({ offlineBody: 'legacy' }, {}, '?wait_for_ack=true')).toMatchObject({
      result: 'success',
      code: 'peer_offline',
    })
  })

  test('storedCode: what a stored message is answered with', async () => {
    const stored = { enable_offline_messaging: true }
    const query = '?wait_for_ack=true'
    const variants = { storedCode: 'message_sent' } as const
    expect(await answerOf(variants, stored, query)).toMatchObject({ code: 'message_sent' })
    expect(await answerOf(variants, {}, query)).toMatchObject({ code: 'message_offline' })
  })

  test('ackDelayMs: the acknowledgement takes its time, and close does not wait for it', async () => {
    const emulator = await createEmulator({ variants: { ackDelayMs: 600_000 } })
    emulator.users.login('bob')
    const outcome = new TestEmulator(emulator)
      .sendPeer({}, '?wait_for_ack=true')
      .catch((error: unknown) => error)
    await expect.poll(() => emulator.messages().length, patience).toBe(1)
    await emulator.close()
    expect(await outcome).toMatchObject({ code: 'ECONNRESET' })
    await expect
      .poll(() => emulator.requests(), patience)
      .toMatchObject([{ reason: 'The emulator was closed before this answer was due.' }])
  })
})

async function answerOf(variants: Partial<EmulatorVariants>, more = {}, query = ''): Promise<unknown> {
  const emulator = await createEmulator({ variants })
  const { body } = await new TestEmulator(emulator).sendPeer(more, query)
  await emulator.close()
  return body
}
