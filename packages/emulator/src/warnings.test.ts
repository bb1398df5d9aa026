import { buildSignalingToken } from '@agora-signaling/core'
import { describe, expect, test } from 'vitest'
import { run as runCommand } from './command-line.js'
import { createEmulator } from './emulator.js'
import { isMistakenText } from './mistaken-text.js'
import { inTurn, patience, send, useEmulator } from './rest.test.support.js'
import type { RestAnswer } from './rest.test.support.js'
import { createWarn } from './warnings.js'

/*
 * `undefined` is a legal user ID. But nobody chose it: a variable was not set. The emulator serves such a request as
 * Agora does, and says so.
 */

const rig = useEmulator({ onWarning: () => {} })

const mistaken = [
  'undefined',
  'null',
  'NaN',
  '[object Object]',
  '[object Promise]',
  ':userId',
  ' undefined\n',
]
const legal = mistaken.filter((text) => text.trim() === text)
const chosen = ['undefined-user', 'nullable', 'Null', 'nan', 'object', 'a:b', ':', ':1', '12:30', 'alice', '']

test('a text that JavaScript made of a missing value is told from one that somebody chose', () => {
  expect(mistaken.map(isMistakenText)).toEqual(mistaken.map(() => true))
  expect(chosen.map(isMistakenText)).toEqual(chosen.map(() => false))
})

function warningOf({ headers }: RestAnswer): unknown {
  return headers['x-emulator-warning']
}

const question = 'was a variable never set, or an object turned into text?'

describe.each(legal)('"%s" is served, with a warning in the answer and in the record', (text) => {
  const inPath = encodeURIComponent(text)

  test.each<[string, string, () => Promise<RestAnswer>]>([
    [
      'as the sender',
      'The user ID in the path',
      () =>
        rig().post(`${rig().project}/users/${inPath}/peer_messages`, { destination: 'bob', payload: 'x' }),
    ],
    ['as the receiver', 'destination', () => rig().sendPeer({ destination: text })],
    ['as the channel', 'channel_name', () => rig().sendChannel({ channel_name: text })],
    ['as the payload to a user', 'The payload', () => rig().sendPeer({ payload: text })],
    ['as the payload to a channel', 'The payload', () => rig().sendChannel({ payload: text })],
    [
      'as the payload that is published',
      'The payload',
      () => rig().call({ method: 'POST', path: rig().publishPath('lobby'), body: text }),
    ],
    [
      'as the channel of a publication',
      'The channel in the path',
      () => rig().call({ method: 'POST', path: rig().publishPath(inPath), body: 'x' }),
    ],
    ['as the channel of the history', 'The channel in the path', () => rig().get(rig().historyPath(inPath))],
    [
      'as the user of a token',
      'The user ID in the token',
      () =>
        rig().get(`${rig().project}/vendor/user_events`, {
          authorization: `agora token=${rig().token(text)}`,
        }),
    ],
  ])('%s', async (_, what, call) => {
    const answer = await call()
    expect(answer.status).toBe(200)
    expect(warningOf(answer)).toBe(`${what} reads "${text}": ${question}`)
    expect(rig().emulator.requests()).toMatchObject([{ status: 200, warning: warningOf(answer) }])
  })

  test.each([
    ['as a user who logs in', `users/${inPath}`, 'userId'],
    ['as a channel', `channels/${inPath}/users/bob`, 'channel'],
    ['as a user who joins', `channels/lobby/users/${inPath}`, 'userId'],
  ])('%s, over HTTP', async (_, path, name) => {
    const answer = await send(rig().emulator.url, { method: 'PUT', path: `/_emulator/${path}` })
    expect(answer.status).toBe(204)
    expect(warningOf(answer)).toBe(`${name} in the path reads "${text}": ${question}`)
  })
})

test('several mistakes in one request are all told', async () => {
  const answer = await rig().sendPeer({ destination: 'undefined', payload: 'null' })
  expect(warningOf(answer)).toBe(
    `The payload reads "null": ${question} destination reads "undefined": ${question}`,
  )
})

test('a request that is refused says both what is wrong and what looks wrong', async () => {
  const path = `${rig().project}/users/undefined/peer_messages`
  const answer = await rig().post(path, {}, { authorization: `agora token=${rig().token('alice')}` })
  expect(answer).toMatchObject({
    status: 401,
    reason: 'The token is for user alice, the path says undefined.',
  })
  expect(warningOf(answer)).toBe(`The user ID in the path reads "undefined": ${question}`)
})

test('what somebody chose gets no warning', async () => {
  const ids = chosen.filter((id) => id !== '')
  const answers = await inTurn(ids, (id) => rig().sendPeer({ destination: id, payload: id }))
  expect(answers.map(warningOf)).toEqual(ids.map(() => undefined))
  expect(
    rig()
      .emulator.requests()
      .filter((record) => 'warning' in record),
  ).toEqual([])
})

test('a control called by a test tells onWarning, each sentence once', async () => {
  const said: string[] = []
  const { users, channels, close } = await createEmulator({ onWarning: (warning) => said.push(warning) })
  for (let index = 0; index < 3; index += 1) {
    users.login('undefined')
    channels.join(':channel', 'null')
    users.login('alice')
  }
  expect(said).toEqual([
    `userId of a control reads "undefined": ${question}`,
    `channel of a control reads ":channel": ${question}`,
    `userId of a control reads "null": ${question}`,
  ])
  await close()
})

test('without onWarning it is a warning of the process', async () => {
  const warned: Error[] = []
  const listener = (warning: Error): unknown => warned.push(warning)
  process.on('warning', listener)
  const emulator = await createEmulator()
  emulator.users.login('NaN')
  await expect
    .poll(() => warned, patience)
    .toMatchObject([
      { name: 'AgoraEmulatorWarning', message: `userId of a control reads "NaN": ${question}` },
    ])
  process.off('warning', listener)
  await emulator.close()
})

test('a loop over a thousand different sentences is cut off, and a listener that throws breaks nothing', () => {
  let told = 0
  const warn = createWarn(() => (told += 1))
  for (let index = 0; index < 2_000; index += 1) warn(`sentence ${index}`)
  expect(told).toBe(1_000)
})

test('the program prints the warning at the end of the line', async () => {
  const printed: string[] = []
  const before = new Set(process.listeners('SIGTERM'))
  await runCommand(['--port', '0'], { out: (text) => printed.push(text), err: (text) => printed.push(text) })
  const variables = new Map(
    [...printed.join('').matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
  const [appId = '', appCertificate = ''] = [
    variables.get('AGORA_APP_ID'),
    variables.get('AGORA_APP_CERTIFICATE'),
  ]
  const token = buildSignalingToken({ appId, appCertificate, userId: 'undefined', ttlSeconds: 60 })
  await send(String(variables.get('AGORA_REST_BASE_URL')), {
    path: `/dev/v2/project/${appId}/rtm/vendor/user_events`,
    headers: { authorization: `agora token=${token}` },
  })
  await expect
    .poll(() => printed.at(-1), patience)
    .toBe(
      `200 GET /dev/v2/project/${appId.slice(0, 4)}.../rtm/vendor/user_events (token, undefined): warning: The user ID in the token reads "undefined": ${question}\n`,
    )
  for (const stop of process.listeners('SIGTERM')) if (!before.has(stop)) stop('SIGTERM')
})
