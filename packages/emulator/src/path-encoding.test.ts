import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { useEmulator } from './rest.test.support.js'

const rig = useEmulator()

const legalCharacters =
  `abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&()+-:;<=.>?@[]^_{}|~,'`.split('')

const legalId = fc
  .string({ unit: fc.constantFrom(...legalCharacters), minLength: 1, maxLength: 64 })
  .filter((id) => id.trim() === id && id !== '.' && id !== '..')

test('there are 90 legal characters', () => {
  expect(new Set(legalCharacters).size).toBe(90)
})

test('a user ID of any legal characters, encoded by encodeURIComponent, is the sender', async () => {
  await fc.assert(
    fc.asyncProperty(legalId, legalId, async (sender, receiver) => {
      const path = `${rig().project}/users/${encodeURIComponent(sender)}/peer_messages`
      expect(await rig().post(path, { destination: receiver, payload: 'x' })).toMatchObject({ status: 200 })
      expect(rig().emulator.messages().at(-1)).toMatchObject({ from: sender, to: receiver })
    }),
  )
})

test('a channel name of any legal characters in the path is the channel of that name', async () => {
  await fc.assert(
    fc.asyncProperty(legalId, async (channel) => {
      rig().emulator.reset()
      await rig().sendChannel({ channel_name: channel })
      expect((await rig().get(rig().historyPath(encodeURIComponent(channel)))).body).toMatchObject({
        data: { count: 1 },
      })
    }),
  )
})

test('the longest path there can be: 64 percent signs, twice', async () => {
  const percent = '%'.repeat(64)
  await rig().sendChannel({ channel_name: percent })
  const path = rig()
    .historyPath(encodeURIComponent(percent))
    .replace('/alice/', `/${encodeURIComponent(percent)}/`)
  expect(await rig().get(path)).toMatchObject({ status: 200, body: { data: { count: 1 } } })
})
