import { expect, test } from 'vitest'
import { useEmulator } from './rest.test.support.js'
import type { RestAnswer } from './rest.test.support.js'

let now = 1_800_000_000_000
const rig = useEmulator({ limits: 'documented', now: () => now })
const relaxed = useEmulator({ now: () => now })

/** Sends `count` requests in one second of the emulator's clock and tells how many were served. */
async function served(count: number, call: (index: number) => Promise<RestAnswer>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => call(index)))
  return answers.filter(({ status }) => status === 200).length
}

test('by default there are no limits', async () => {
  expect(await served(30, () => relaxed().get(`${relaxed().project}/vendor/user_events`))).toBe(30)
})

test('each kind of events may be read 10 times in a second', async () => {
  expect(await served(12, () => rig().get(`${rig().project}/vendor/user_events`))).toBe(10)
  expect(await served(12, () => rig().get(`${rig().project}/vendor/channel_events`))).toBe(10)
  now += 1_000
  expect(await served(1, () => rig().get(`${rig().project}/vendor/user_events`))).toBe(1)
})

test('peer and channel messages may be sent 500 times in a second, together', async () => {
  const sent = await served(510, (index) => (index % 2 === 0 ? rig().sendPeer() : rig().sendChannel()))
  expect(sent).toBe(500)
})

test('history may be read 60 times, the projects 10 times', async () => {
  expect(await served(62, () => rig().get(rig().historyPath('lobby')))).toBe(60)
  expect(await served(12, () => rig().get('/dev/v1/projects'))).toBe(10)
})

test('publishing has 60 for every channel', async () => {
  const channels = ['lobby', 'stage']
  const published = await served(130, (index) =>
    rig().call({ method: 'POST', path: rig().publishPath(String(channels[index % 2])), body: 'x' }),
  )
  expect(published).toBe(120)
})

test('a user channel and a message channel of one name are counted apart', async () => {
  const types = ['message', 'user']
  const published = await served(124, (index) =>
    rig().call({
      method: 'POST',
      path: rig().publishPath('lobby', { channelType: String(types[index % 2]) }),
      body: 'x',
    }),
  )
  expect(published).toBe(120)
})

test('a clock that is set back begins a new second as well', async () => {
  const path = `${rig().project}/vendor/user_events`
  expect(await served(12, () => rig().get(path))).toBe(10)
  now -= 5_000
  expect(await served(12, () => rig().get(path))).toBe(10)
})

test('the refusal is 429 in the body of its family, names the limit, and promises no time to wait', async () => {
  const path = `${rig().project}/vendor/user_events`
  await served(10, () => rig().get(path))
  const answer = await rig().get(path)
  expect(answer).toMatchObject({
    status: 429,
    body: { result: 'failed', code: 'rate_limited' },
    reason: 'Over 10 requests in one second (user events): wait for the next second.',
    synthetic: true,
  })
  expect(answer.headers['x-emulator-limit']).toBe('10/s user events')
  expect(answer.headers).not.toHaveProperty('retry-after')
})

test('requests that are refused for their credentials do not count', async () => {
  const path = `${rig().project}/vendor/user_events`
  await served(20, () => rig().get(path, {}))
  expect(await rig().get(path)).toMatchObject({ status: 200 })
})
