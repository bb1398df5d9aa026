import { expect, test } from 'vitest'
import { createEmulator } from './emulator.js'
import { anyOf, TestEmulator, useEmulator } from './rest.test.support.js'

const rig = useEmulator({ now: () => 1_800_000_000_999 })

test('the account has one project: the emulator’s App ID and certificate', async () => {
  const { appId, appCertificate } = rig().emulator.credentials
  expect(await rig().get('/dev/v1/projects')).toMatchObject({
    status: 200,
    body: {
      projects: [
        {
          id: anyOf(String),
          name: anyOf(String),
          sign_key: appCertificate,
          vendor_key: appId,
          recording_server: null,
          status: 1,
          created: 1_800_000_000,
        },
      ],
    },
  })
})

test('as a variant, success is 201', async () => {
  const emulator = await createEmulator({ variants: { projectsStatus: 201 } })
  expect(await new TestEmulator(emulator).get('/dev/v1/projects')).toMatchObject({ status: 201 })
  await emulator.close()
})
