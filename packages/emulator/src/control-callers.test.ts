import { afterEach, describe, expect, test } from 'vitest'
import { createEmulator } from './emulator.js'
import type { Emulator } from './emulator.js'
import { matching, send, sendRaw, useEmulator } from './rest.test.support.js'
import type { RestAnswer } from './rest.test.support.js'

/*
 * The control paths take no credentials. A web page in the developer's browser can send requests to this machine, so
 * they look at where a request comes from.
 */

const rig = useEmulator()
const running: Emulator[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
})

function readMessages(headers: Record<string, string | string[]>, url?: string): Promise<RestAnswer> {
  return send(url ?? rig().emulator.url, { path: '/_emulator/messages', headers })
}

describe('whoever calls this machine by a name of its own is served', () => {
  test.each([
    'localhost',
    'localhost:4010',
    'LOCALHOST:4010',
    'Localhost.:4010',
    'agora.localhost',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.8.9.10:4010',
    '[::1]',
    '[::1]:4010',
  ])('Host: %s', async (host) => {
    expect(await readMessages({ host })).toMatchObject({ status: 200, body: [] })
  })

  test.each([
    ['a page of the emulator itself', { origin: 'http://localhost:4010' }],
    ['the same in other letters', { origin: 'HTTP://LOCALHOST:4010' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['a script of the emulator itself', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:4010' }],
  ])('%s', async (_, headers) => {
    expect(await readMessages({ host: 'localhost:4010', ...headers })).toMatchObject({ status: 200 })
  })

  test('a page behind a proxy that speaks TLS', async () => {
    const headers = { host: 'localhost', origin: 'https://localhost' }
    expect(await readMessages(headers)).toMatchObject({ status: 200 })
  })
})

describe('a name that is not this machine’s is refused, as a page may have pointed it here', () => {
  test.each([
    'evil.example',
    'evil.example:4010',
    'localhost.evil.example',
    'localhost-evil.example',
    'evillocalhost',
    '127.0.0.1.evil.example',
    '192.168.1.7:4010',
    '0.0.0.0:4010',
    '[::]',
    '[2001:db8::1]:4010',
    'localhost..',
    '..localhost.evil',
  ])('Host: %s', async (host) => {
    expect(await readMessages({ host })).toMatchObject({
      status: 403,
      body: { message: matching(/^The control paths are for callers of this machine: the Host header says/) },
      reason: matching(/--allowed-hosts, or allowedHosts of createEmulator\(\)/),
    })
  })

  test.each(['127.0.0.1@evil.example', 'evil.example#127.0.0.1', 'local host', '[::1', 'localhost:x'])(
    'Host: "%s", which is no host name',
    async (host) => {
      const answer = await readMessages({ host })
      expect([400, 403]).toContain(answer.status)
      expect(answer.reason).toMatch(/Host header|Host|host header/)
    },
  )
})

describe('what a web page of another origin sends is refused', () => {
  test.each([
    ['a script of another site', { origin: 'https://evil.example' }],
    ['a sandboxed frame or a local file', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://localhost:3000' }],
    ['the same machine by another name', { origin: 'http://127.0.0.1:4010' }],
    ['an origin that only begins alike', { origin: 'http://localhost:4010.evil.example' }],
    ['an origin with a user name', { origin: 'http://localhost:4010@evil.example' }],
    ['an origin of no web page', { origin: 'file://localhost:4010' }],
    ['an empty origin', { origin: '' }],
    ['two origins', { origin: ['http://localhost:4010', 'http://evil.example'] }],
    ['an image or a link of another site, which has no Origin', { 'sec-fetch-site': 'cross-site' }],
    ['a page of a neighbouring host', { 'sec-fetch-site': 'same-site' }],
  ])('%s', async (_, headers) => {
    expect(await readMessages({ host: 'localhost:4010', ...headers })).toMatchObject({
      status: 403,
      reason: matching(/^The control paths are not for web pages of another/),
    })
  })

  test('and changes nothing', async () => {
    await rig().sendPeer()
    const attempts = [
      { method: 'PUT', path: '/_emulator/users/bob' },
      { method: 'DELETE', path: '/_emulator/state' },
    ]
    for (const attempt of attempts) {
      const headers = { origin: 'https://evil.example' }
      expect(await send(rig().emulator.url, { ...attempt, headers })).toMatchObject({ status: 403 })
    }
    expect(rig().emulator.messages()).toHaveLength(1)
    expect((await rig().get(`${rig().project}/vendor/user_events`)).body).toMatchObject({ events: [] })
  })

  test('every control path asks, those that do not exist too', async () => {
    const paths = ['requests', 'messages', 'dropped', 'health', 'nothing']
    const headers = { host: 'evil.example' }
    const answers = await Promise.all(
      paths.map((path) => send(rig().emulator.url, { path: `/_emulator/${path}`, headers })),
    )
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 403))
  })
})

describe('what no HTTP client sends', () => {
  test.each([
    ['no Host', 'GET /_emulator/messages HTTP/1.1\r\n\r\n', 400],
    ['an empty Host', 'GET /_emulator/messages HTTP/1.1\r\nHost: \r\n\r\n', 400],
    ['no Host in HTTP/1.0', 'GET /_emulator/messages HTTP/1.0\r\n\r\n', 400],
    ['two Hosts', 'GET /_emulator/messages HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n', 403],
    ['a whole URL', 'GET http://localhost/_emulator/messages HTTP/1.1\r\nHost: localhost\r\n\r\n', 404],
    [
      'a whole URL of another',
      'GET http://evil.example/_emulator/messages HTTP/1.1\r\nHost: localhost\r\n\r\n',
      404,
    ],
    ['an encoded path', 'GET /%5Femulator/messages HTTP/1.1\r\nHost: evil.example\r\n\r\n', 404],
    ['a doubled slash', 'GET //_emulator/messages HTTP/1.1\r\nHost: evil.example\r\n\r\n', 404],
  ])('%s is refused with the reason', async (_, request, status) => {
    const answer = await sendRaw(rig().emulator.url, request)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/\r\nx-emulator-reason: \S/i)
    expect(answer).not.toContain('[]')
  })
})

describe('a name given on purpose', () => {
  test.each([
    ['emulator', 'emulator:4010'],
    ['Emulator.', 'emulator'],
    ['my_service', 'my_service:4010'],
    ['192.168.1.7', '192.168.1.7:4010'],
    ['::1', '[::1]:4010'],
    ['2001:db8::1', '[2001:DB8::1]:4010'],
    ['[2001:db8::1]', '[2001:db8::1]'],
    ['2001:0db8:0::1', '[2001:db8::1]'],
  ])('allowedHosts: %s serves Host: %s', async (name, host) => {
    const emulator = await start({ allowedHosts: ['other', name] })
    expect(await readMessages({ host }, emulator.url)).toMatchObject({ status: 200 })
    expect(await readMessages({ host: 'evil.example' }, emulator.url)).toMatchObject({ status: 403 })
    expect(await readMessages({ host, origin: 'http://evil.example' }, emulator.url)).toMatchObject({
      status: 403,
    })
  })

  test('host: the address it was told to listen on', async () => {
    const emulator = await start({ host: '0.0.0.0' })
    expect(await readMessages({ host: '0.0.0.0:4010' }, emulator.url)).toMatchObject({ status: 200 })
    expect(await readMessages({ host: '192.168.1.7:4010' }, emulator.url)).toMatchObject({ status: 403 })
  })

  test('does not matter to Agora’s calls, which take credentials', async () => {
    const headers = { ...rig().basic, host: 'emulator:4010', origin: 'https://app.example' }
    expect(await rig().get('/dev/v1/projects', headers)).toMatchObject({ status: 200 })
  })
})

async function start(options: Parameters<typeof createEmulator>[0]): Promise<Emulator> {
  const emulator = await createEmulator(options)
  running.push(emulator)
  return emulator
}
