import { Agent, request } from 'node:http'
import { inspect } from 'node:util'
import { createSignalingClient, isAgoraError } from '@agora-signaling/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createEmulator } from './emulator.js'
import type { Emulator } from './emulator.js'
import type { EmulatorOptions } from './options.js'
import { inTurn, matching, patience, send, TestEmulator } from './rest.test.support.js'

// As they are before the first emulator starts.
const native = { Request, Response }
const running: Emulator[] = []

async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await createEmulator(options)
  running.push(emulator)
  return emulator
}

afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
})

describe('starting', () => {
  test('it can be reached as soon as the promise resolves, on a free port of this machine only', async () => {
    const emulator = await start()
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await new TestEmulator(emulator).get('/dev/v1/projects')).toMatchObject({ status: 200 })
  })

  test('it makes up its credentials, other ones each time', async () => {
    const [first, second] = [await start(), await start()]
    const values = [first, second].flatMap(({ credentials }) => Object.values<string>({ ...credentials }))
    for (const value of values) expect(value).toMatch(/^[0-9a-f]{32}$/)
    expect(new Set(values).size).toBe(8)
  })

  test('it takes the credentials it is given and makes up the rest', async () => {
    const { credentials } = await start({ credentials: { appId: 'AB'.repeat(16), customerId: 'me' } })
    expect(credentials).toEqual({
      appId: 'AB'.repeat(16),
      customerId: 'me',
      appCertificate: matching(/^[0-9a-f]{32}$/),
      customerSecret: matching(/^[0-9a-f]{32}$/),
    })
  })

  test('env points a client without options at it', async () => {
    const emulator = await start()
    for (const [name, value] of Object.entries(emulator.env)) vi.stubEnv(name, String(value))
    const client = createSignalingClient()
    emulator.users.login('bob')
    const sent = await client.messages.sendToUser({
      from: 'alice',
      to: 'bob',
      payload: 'Hello',
      waitForAck: true,
    })
    expect(sent.status).toBe('delivered')
    await client.close()
  })

  test('env names the five variables and no user', async () => {
    const { env, url, credentials } = await start()
    expect({ ...env }).toEqual({
      AGORA_APP_ID: credentials.appId,
      AGORA_APP_CERTIFICATE: credentials.appCertificate,
      AGORA_CUSTOMER_ID: credentials.customerId,
      AGORA_CUSTOMER_SECRET: credentials.customerSecret,
      AGORA_REST_BASE_URL: url,
    })
  })

  test('listening on every interface still gives a URL to call', async () => {
    const emulator = await start({ host: '0.0.0.0' })
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test('it leaves the global Request and Response of its host alone', async () => {
    await new TestEmulator(await start()).get('/dev/v1/projects')
    expect(globalThis.Request).toBe(native.Request)
    expect(globalThis.Response).toBe(native.Response)
  })

  test('a port that is taken is an error that says so', async () => {
    const port = Number(new URL((await start()).url).port)
    await expect(start({ port })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken: choose another port, or 0 for any free one.`,
    )
  })

  test.each<[EmulatorOptions, RegExp]>([
    [{ port: -1 }, /^port of createEmulator\(\) must be a whole number from 0 to 65535\.$/],
    [{ port: 65_536 }, /^port of/],
    [{ host: '' }, /^host of/],
    [{ host: '192.0.2.1' }, /192\.0\.2\.1 is not an address of this machine/],
    [{ recordLimit: 0 }, /^recordLimit of/],
    [
      { variants: { ackDelayMs: -1 } },
      /^ackDelayMs of variants of createEmulator\(\) must be a whole number of milliseconds/,
    ],
    [{ credentials: { appId: 'short' } }, /App ID \(credentials\.appId, --app-id\) must be 32 hexadecimal/],
    [{ credentials: { appCertificate: 'x'.repeat(32) } }, /app certificate \(credentials\.appCertificate/],
    [{ credentials: { customerId: 'a:b' } }, /customer ID .* must not contain a colon/],
    [{ credentials: { customerId: '' } }, /customer ID .* must not be empty/],
    [{ credentials: { customerSecret: 'a\nb' } }, /customer secret .* control character/],
  ])('%j is refused with the option named', async (options, message) => {
    const error: unknown = await start(options).catch((reason: unknown) => reason)
    expect(isAgoraError(error)).toBe(true)
    expect(error).toMatchObject({ message: matching(message) })
  })
})

describe('closing', () => {
  test('cuts connections that are kept alive and leaves nothing open', async () => {
    await expect.poll(openSockets, patience).toEqual([])
    const emulator = await createEmulator()
    const agent = new Agent({ keepAlive: true })
    await new Promise<void>((resolve, reject) => {
      request(emulator.url, { agent }, (answer) => answer.resume().on('end', resolve))
        .on('error', reject)
        .end()
    })
    expect(openSockets()).toContain('TCPServerWrap')
    await emulator.close()
    await expect.poll(openSockets, patience).toEqual([])
    agent.destroy()
  })

  test('can be done twice, and at the same time', async () => {
    const emulator = await createEmulator()
    await Promise.all([emulator.close(), emulator.close()])
    await emulator.close()
    await expect(send(emulator.url, { path: '/' })).rejects.toThrow(/ECONNREFUSED/)
  })
})

describe('reset', () => {
  test('forgets everything but the credentials', async () => {
    const emulator = await start()
    const rig = new TestEmulator(emulator)
    const before = { ...emulator.credentials }
    emulator.users.login('bob')
    emulator.channels.join('lobby', 'bob')
    await rig.sendPeer({ destination: 'carol', enable_offline_messaging: true })
    await rig.sendChannel()
    emulator.reset()

    expect([emulator.requests(), emulator.messages()]).toEqual([[], []])
    expect({ ...emulator.credentials }).toEqual(before)
    expect((await rig.get(rig.historyPath('lobby'))).body).toMatchObject({ data: { count: 0 } })
    const kinds = ['user_events', 'channel_events']
    const events = await Promise.all(kinds.map((kind) => rig.get(`${rig.project}/vendor/${kind}`)))
    expect(events).toMatchObject([{ body: { events: [] } }, { body: { events: [] } }])
    expect((await rig.sendPeer({}, '?wait_for_ack=true')).body).toMatchObject({ code: 'message_offline' })
    emulator.users.login('carol')
    await rig.sendChannel()
    expect(emulator.messages().flatMap(({ deliveredTo }) => deliveredTo)).toEqual([])
  })
})

describe('requests', () => {
  const now = new Date('2027-01-15T08:00:00.123Z')

  test('lists what was answered, oldest first, with the reason where it was refused', async () => {
    const seen: unknown[] = []
    const emulator = await start({ now: () => now.getTime(), onRequest: (record) => seen.push(record) })
    const rig = new TestEmulator(emulator)
    await rig.sendPeer({ payload: 'é' }, '?wait_for_ack=true')
    const refused = await rig.get('/dev/v1/projects', {})

    expect(emulator.requests()).toEqual([
      {
        at: now,
        method: 'POST',
        path: `${rig.project}/users/alice/peer_messages`,
        query: 'wait_for_ack=true',
        status: 200,
        authentication: 'basic',
        userId: 'alice',
        requestId: matching(/^\d{20}$/),
        payloadBytes: 2,
      },
      {
        at: now,
        method: 'GET',
        path: '/dev/v1/projects',
        query: '',
        status: 401,
        authentication: 'none',
        requestId: refused.headers['x-request-id'],
        reason: refused.reason,
      },
    ])
    expect(seen).toEqual(emulator.requests())
  })

  test('and messages and history keep the newest recordLimit', async () => {
    const emulator = await start({ recordLimit: 2 })
    const rig = new TestEmulator(emulator)
    await inTurn(['1', '2', '3'], (payload) => rig.sendChannel({ payload }))
    expect(emulator.messages().map(({ payload }) => payload)).toEqual(['2', '3'])
    expect((await rig.get(rig.historyPath('lobby'))).body).toMatchObject({ data: { count: 2 } })
    expect(emulator.requests().map(({ method }) => method)).toEqual(['POST', 'GET'])
  })
})

test.each([
  ['users.login', (emulator: Emulator) => emulator.users.login('a/b'), 'ERR_INVALID_USER_ID'],
  ['users.logout', (emulator: Emulator) => emulator.users.logout(''), 'ERR_INVALID_USER_ID'],
  ['channels.join', (emulator: Emulator) => emulator.channels.join('a/b', 'bob'), 'ERR_INVALID_CHANNEL'],
  ['channels.leave', (emulator: Emulator) => emulator.channels.leave('lobby', ' bob'), 'ERR_INVALID_USER_ID'],
  [
    'history.add',
    (emulator: Emulator) => emulator.history.add({ channel: 'Zoë', publisher: 'bob', payload: 'x' }),
    'ERR_INVALID_CHANNEL',
  ],
])('%s refuses what the REST API would', async (_, act, code) => {
  const emulator = await start()
  expect(() => act(emulator)).toThrow(expect.objectContaining({ code }))
})

test('printing an emulator, its credentials or its environment shows no secret; copies and reads give all', async () => {
  const emulator = await start()
  const { appCertificate, customerSecret } = emulator.credentials
  for (const value of [emulator, emulator.credentials, emulator.env, { nested: [emulator] }]) {
    for (const printed of [inspect(value, { depth: 9 }), JSON.stringify(value)]) {
      expect(printed).not.toContain(appCertificate)
      expect(printed).not.toContain(customerSecret)
    }
  }
  expect({ ...emulator.env }.AGORA_CUSTOMER_SECRET).toBe(customerSecret)
  expect(structuredClone(emulator.env).AGORA_APP_CERTIFICATE).toBe(appCertificate)
})

function openSockets(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name.startsWith('TCP'))
    .toSorted()
}
