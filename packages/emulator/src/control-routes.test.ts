import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { matching, send, useEmulator } from './rest.test.support.js'
import type { RestAnswer } from './rest.test.support.js'

const rig = useEmulator()

/** Without credentials. */
function control(method: string, path: string): Promise<RestAnswer> {
  return send(rig().emulator.url, { method, path: `/_emulator/${path}` })
}

test('users log in and out, join and leave, over HTTP', async () => {
  const answers = [
    await control('PUT', 'users/bob'),
    await control('PUT', 'channels/lobby/users/bob'),
    await control('DELETE', 'channels/lobby/users/bob'),
    await control('DELETE', 'users/bob'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204])
  expect((await rig().get(`${rig().project}/vendor/user_events`)).body).toMatchObject({
    events: [{ type: 'Login' }, { type: 'Logout' }],
  })
  expect((await rig().get(`${rig().project}/vendor/channel_events`)).body).toMatchObject({
    events: [{ type: 'Join', group_id: 'lobby', user_id: 'bob' }, { type: 'Leave' }],
  })
})

test('requests and messages can be read, and everything reset', async () => {
  await rig().sendPeer({ payload: 'Hello' })
  expect((await control('GET', 'requests')).body).toMatchObject([
    { method: 'POST', status: 200, userId: 'alice' },
  ])
  expect((await control('GET', 'messages')).body).toMatchObject([{ kind: 'peer', payload: 'Hello' }])
  expect(await control('DELETE', 'state')).toMatchObject({ status: 204 })
  expect((await control('GET', 'requests')).body).toEqual([])
  expect((await control('GET', 'messages')).body).toEqual([])
})

test.each([
  ['users/a%2Fb', /^userId must not contain/],
  ['channels/a%2Fb/users/bob', /^channel must not contain/],
  ['users/%zz', /not valid percent-encoding/],
])('PUT %s is refused in words', async (path, message) => {
  expect(await control('PUT', path)).toMatchObject({
    status: 400,
    body: { message: matching(message) },
    reason: matching(message),
  })
})

test('the health check says that it runs, which version, and the beginning of the App ID', async () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const version: unknown = Reflect.get(Object(manifest), 'version')
  const answer = await control('GET', 'health')
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({
    ok: true,
    version,
    appId: `${rig().emulator.credentials.appId.slice(0, 4)}...`,
  })
})

test.each([
  ['GET', 'nothing'],
  ['GET', 'users/bob'],
  ['POST', 'users/bob'],
  ['POST', 'state'],
  ['DELETE', 'requests'],
  ['GET', ''],
])('%s %s, which does not exist, is refused with a list of what does', async (method, path) => {
  expect(await control(method, path)).toMatchObject({
    status: 404,
    reason: matching(
      /^No control call is like this\. There are: PUT and DELETE \/_emulator\/users\/\{userId\}, /,
    ),
  })
  expect(rig().emulator.requests()).toEqual([])
})
