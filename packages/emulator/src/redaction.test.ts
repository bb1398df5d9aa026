import { accessToken2Auth, buildSignalingToken, createSignalingClient } from '@agora-signaling/core'
import { afterEach, describe, expect, test } from 'vitest'
import { run as runCommand } from './command-line.js'
import { createEmulator } from './emulator.js'
import type { Emulator } from './emulator.js'
import { createRedactor } from './redaction.js'
import { inTurn, patience, send, TestEmulator } from './rest.test.support.js'

const credentials = {
  appId: 'a1'.repeat(16),
  appCertificate: 'b2c3'.repeat(8),
  customerId: 'd4'.repeat(16),
  customerSecret: 'e5f6'.repeat(8),
}
const { appId, appCertificate, customerId, customerSecret } = credentials
const pair = Buffer.from(`${customerId}:${customerSecret}`).toString('base64')
const token = buildSignalingToken({ appId, appCertificate, userId: 'alice', ttlSeconds: 600 })
const { sentence, target } = createRedactor(credentials)

const running: Emulator[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
})

function percent(text: string): string {
  return Buffer.from(text)
    .toString('hex')
    .replaceAll(/../g, (byte) => `%${byte}`)
}

const encodings: readonly (readonly [name: string, encode: (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in upper case', (text) => text.toUpperCase()],
  ['as encodeURIComponent has it', encodeURIComponent],
  ['with every letter encoded', percent],
  ['with every letter encoded in upper case', (text) => percent(text).toUpperCase()],
  ['encoded twice', (text) => encodeURIComponent(percent(text))],
  ['encoded three times', (text) => encodeURIComponent(encodeURIComponent(percent(text)))],
  ['encoded four times', (text) => encodeURIComponent(encodeURIComponent(encodeURIComponent(percent(text))))],
  ['as Base64', (text) => Buffer.from(text).toString('base64')],
  ['as Base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
  ['as Base64, encoded', (text) => percent(Buffer.from(text).toString('base64'))],
  ['as Base64 of more than it', (text) => Buffer.from(`x:${text}:y`).toString('base64')],
  ['as hexadecimal digits', (text) => Buffer.from(text).toString('hex')],
  ['in numbers of HTML', (text) => text.replaceAll(/./g, (letter) => `&#${letter.charCodeAt(0)};`)],
  ['in hexadecimal numbers of HTML', (text) => text.replaceAll(/./g, (letter) => `&#x${hex(letter)};`)],
  ['in escapes of JSON', (text) => text.replaceAll(/./g, (letter) => `\\u${hex(letter).padStart(4, '0')}`)],
  ['in escapes of JSON, encoded', (text) => percent(text.replaceAll(/./g, (l) => `\\u00${hex(l)}`))],
]

function hex(letter: string): string {
  return letter.charCodeAt(0).toString(16)
}

describe.each(encodings)('written %s', (name, encode) => {
  test.each([
    ['the certificate', appCertificate],
    ['the customer secret', customerSecret],
    ['a Basic pair', pair],
    ['a token', token],
  ])('%s is shown neither in a sentence nor in a path nor in a query', (what, secret) => {
    // A token, and Base64, in other letters is another text.
    if (name === 'in upper case' && (what === 'a token' || what === 'a Basic pair')) return
    const written = encode(secret)
    const shown = [
      sentence(`The path says "${written}".`),
      sentence(`The path says ${written}, the token does not.`),
      target(`/dev/v2/project/${appId}/rtm/users/${written}/peer_messages`),
      target(`a=b&x=${written}&c=d`),
      target(`/${written}`),
      target(`x=prefix-${written}-suffix`),
    ]
    for (const text of shown) {
      expect(text).toMatch(/\[(?:secret|token)\]/)
      // Half of a secret is too much, too.
      for (let start = 0; start + 16 <= written.length; start += 8) {
        expect(text).not.toContain(written.slice(start, start + 16))
      }
    }
    expect(shown[0]).toMatch(/^The path says "/)
    expect(shown[3]).toMatch(/^a=b&.*&c=d$/)
  })
})

describe('a query parameter that is named like a secret shows no value', () => {
  test.each([
    'token=007short',
    'access_token=x.y.z',
    'Authorization=Basic%20eDp5',
    'x-agora-token=abc',
    'customerSecret=abc',
    'customer_id=abc',
    'appCertificate=abc',
    'password=abc',
    'sign_key=abc',
    'apiKey=abc',
    '%74oken=abc',
    'tok%65n=abc',
    'token=with/slashes/and?marks',
  ])('%s', (parameter) => {
    const name = parameter.slice(0, parameter.indexOf('='))
    expect(target(`start=1&${parameter}&end=2`)).toBe(`start=1&${name}=[secret]&end=2`)
    expect(target(`/nowhere;${parameter}`)).toBe(`/nowhere;${name}=[secret]`)
  })

  test('nor does a Basic pair of another account, or the password of a URL', () => {
    expect(target('x=Basic%20b3RoZXI6cGFpcg==')).toBe('x=[secret]')
    expect(target('http://me:password@127.0.0.1:4010/x')).toBe('http://[secret]@127.0.0.1:4010/x')
  })
})

describe('what is no secret stays as it was sent', () => {
  test.each([
    `/dev/v2/project/${appId}/rtm/users/alice/peer_messages`,
    `/rtm/v2/history/${appId}/userId/007/channelType/message/channel/lobby`,
    `/rtm/v2/history/${appId}/userId/007-bond/channelType/message/channel/a-channel-with-a-long-name`,
    `/dev/v2/project/${appId}/rtm/users/0f8fad5bd9cb469fa16570867728950e/peer_messages`,
    '/dev/v2/project/%z1%/rtm/users/Zo%C3%AB/peer_messages',
    'wait_for_ack=true&start=1700000000000&end=0&messageCount=100',
    'customType=text/plain&storeInHistory=true',
    '',
  ])('%s', (text) => {
    expect(target(text)).toBe(text)
    expect(sentence(text)).toBe(text)
  })

  test('the sentences of the emulator, too', () => {
    const said =
      'No Authorization header: send Basic <Base64 of customerId:customerSecret>, or agora token=<AccessToken2>.'
    expect(sentence(said)).toBe(said)
  })
})

describe('with App ID and certificate swapped by the developer', () => {
  test('the lines of the program, the records and the answers show no certificate', async () => {
    const printed: string[] = []
    const lines: string[] = []
    const emulator = await createEmulator({
      credentials,
      onRequest: (record) => lines.push(JSON.stringify(record)),
    })
    running.push(emulator)
    const auth = accessToken2Auth({ appId: appCertificate, appCertificate: appId, userId: 'alice' })
    const client = createSignalingClient({ appId: appCertificate, auth, baseUrl: emulator.url })
    await client.events.pullUserEvents().catch(() => undefined)
    await client.messages.sendToUser({ to: 'bob', payload: 'x' }).catch(() => undefined)
    await client.history
      .list({ channel: 'lobby' })
      .page()
      .catch(() => undefined)
    await client.close()
    const rig = new TestEmulator(emulator)
    const swapped = `/dev/v2/project/${appCertificate}/rtm/users/alice/peer_messages`
    const answers = await inTurn([swapped, swapped.toUpperCase()], (path) => rig.post(path, {}))
    printed.push(...lines, JSON.stringify([emulator.requests(), answers]))
    expect(emulator.requests().length).toBeGreaterThanOrEqual(5)
    expect(printed.join('\n').toLowerCase()).not.toContain(appCertificate)
  })

  test('also a certificate that the emulator does not know: the App ID of a path is cut short', async () => {
    const emulator = await createEmulator()
    running.push(emulator)
    const rig = new TestEmulator(emulator)
    const own = emulator.credentials.appId
    const paths = [
      '/dev/v2/project/APP/rtm/vendor/user_events',
      '/rtm/v2/history/APP/userId/a/channelType/user/channel/b',
    ]
    const answers = await inTurn(paths, (path) => rig.get(path.replace('APP', appCertificate)))
    expect(JSON.stringify([answers, emulator.requests()])).not.toContain(appCertificate)
    expect(emulator.requests().map(({ path }) => path)).toEqual(
      paths.map((path) => path.replace('APP', 'b2c3...')),
    )
    await inTurn(paths, (path) => rig.get(path.replace('APP', own)))
    expect(emulator.requests().at(-1)?.path).toContain(own)
  })

  test('also when the emulator itself was started with the two swapped', async () => {
    const { lines, url } = await startProgram(`--app-id=${appCertificate}`, `--app-certificate=${appId}`)
    await send(url, { path: `/dev/v2/project/${appCertificate}/rtm/vendor/user_events` })
    await send(url, { path: `/dev/v2/project/${appId}/rtm/vendor/user_events` })
    await expect.poll(() => lines.length, patience).toBe(2)
    expect(lines.join('\n')).not.toContain(appCertificate)
    expect(lines[0]).toMatch(/^401 GET \/dev\/v2\/project\/b2c3\.\.\.\/rtm\/vendor\/user_events \(none\): /)
  })
})

describe('the console and /_emulator/requests', () => {
  test('show no token of a query, of a path or of a header', async () => {
    const { lines, url } = await startProgram()
    const paths = [`/x?token=${token}`, `/x/${token}`, `/x?t=${percent(token)}`, `/x?token=007abc`]
    await inTurn(paths, (path) =>
      send(url, { path, headers: { 'x-agora-token': token, 'x-agora-uid': token } }),
    )
    await expect.poll(() => lines.length, patience).toBe(paths.length)
    const { body } = await send(url, { path: '/_emulator/requests' })
    const seen = lines.join('\n') + JSON.stringify(body)
    expect(seen).not.toContain(token.slice(0, 20))
    expect(seen).not.toContain(percent(token).slice(0, 40))
    expect(seen).not.toContain('007abc')
  })

  test('show no control character, so that a path cannot rewrite a terminal', async () => {
    const { lines, url } = await startProgram()
    const user = '%1b%5b2J%0d%0aevil%c2%9b31m%7f'
    await send(url, { path: `/dev/v2/project/x/rtm/users/${user}/peer_messages`, method: 'POST' })
    await expect.poll(() => lines.length, patience).toBe(1)
    const { body } = await send(url, { path: '/_emulator/requests' })
    expect(lines.join('\n') + JSON.stringify(body)).toMatch(/^[\x20-\x7e\n]*$/)
  })
})

/** Starts the command in this process, and collects the lines it prints after those that tell the variables. */
async function startProgram(...args: string[]): Promise<{ lines: string[]; url: string }> {
  const printed: string[] = []
  const lines: string[] = []
  const before = new Set(process.listeners('SIGTERM'))
  await runCommand(['--port', '0', ...args], {
    out: (text) => (text.startsWith('Agora Signaling') ? printed : lines).push(text.trimEnd()),
    err: (text) => lines.push(text),
  })
  const stop = process.listeners('SIGTERM').find((listener) => !before.has(listener))
  stops.push(() => {
    stop?.('SIGTERM')
  })
  return { lines, url: /AGORA_REST_BASE_URL=(.*)/.exec(printed.join(''))?.[1] ?? '' }
}

const stops: (() => void)[] = []

afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})
