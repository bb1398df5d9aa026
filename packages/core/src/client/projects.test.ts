import { format, inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { appId, basicHeader } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'

useCleanEnvironment()

const signKey = 'decafbaddecafbaddecafbaddecafbad'
const documented = {
  projects: [
    {
      id: 'xxxx',
      name: 'project1',
      sign_key: signKey,
      vendor_key: '4855xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      recording_server: null,
      status: 1,
      created: 1_464_165_672,
    },
  ],
}

test.each([200, 201])('reads the documented answer with status %d', async (status) => {
  const agora = mockAgora()
  agora.answers({ status, body: documented })
  await expect(agora.basicClient().projects.list()).resolves.toEqual([
    {
      id: 'xxxx',
      name: 'project1',
      appId: '4855xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      appCertificate: signKey,
      enabled: true,
      createdAt: new Date('2016-05-25T08:41:12Z'),
    },
  ])
  expect(agora.requests).toEqual([
    {
      origin: 'https://api.agora.io',
      method: 'GET',
      path: '/dev/v1/projects',
      headers: {
        accept: 'application/json',
        'user-agent': 'agora-signaling-node',
        authorization: basicHeader,
      },
      body: undefined,
    },
  ])
})

test('what the console leaves out is absent', async () => {
  const agora = mockAgora()
  agora.answers({ body: { projects: [{ id: 7, vendor_key: 'app', status: 0 }] } })
  const projects = await agora.basicClient().projects.list()
  expect(projects).toStrictEqual([{ id: '7', name: '', appId: 'app', enabled: false }])
})

test('a project that leaves out what others say, or says it oddly, does not hide them', async () => {
  const agora = mockAgora()
  const odd = [{}, { id: null, name: 7, vendor_key: [], status: '1', created: 1e300 }, null, 'canary', []]
  agora.answers({ body: { projects: [...odd, { id: 'a', vendor_key: 'app', status: 1 }] } })
  const projects = await agora.basicClient().projects.list()
  expect(projects).toStrictEqual([
    { id: '', name: '', appId: '', enabled: false },
    { id: '', name: '7', appId: '', enabled: false },
    { id: 'a', name: '', appId: 'app', enabled: true },
  ])
})

test.each([[[]], [null]])('an account without projects has an empty list (%j)', async (none) => {
  const agora = mockAgora()
  agora.answers({ body: { projects: none } })
  await expect(agora.basicClient().projects.list()).resolves.toEqual([])
})

describe('the certificate of a project', () => {
  test('can be read, and does not print', async () => {
    const agora = mockAgora()
    agora.answers({ body: documented })
    const projects = await agora.basicClient().projects.list()
    expect(projects[0]?.appCertificate).toBe(signKey)
    // `console.log` prints what `format` gives.
    const shown = [
      format(projects),
      inspect(projects, { depth: 10, showHidden: true }),
      JSON.stringify(projects),
    ]
    for (const text of shown) {
      expect(text).toContain('project1')
      expect(text).toContain('[concealed]')
      expect(text).not.toContain(signKey)
    }
  })

  test.each([
    ['of another shape', { projects: { sign_key: signKey } }],
    ['without a list', { sign_key: signKey }],
    ['that is a list', [documented]],
  ])('does not stand in the error of an answer %s', async (_, body) => {
    const agora = mockAgora()
    agora.answers({ body })
    const error = await rejectionOf(agora.basicClient().projects.list())
    expect(error).toMatchObject({ code: 'ERR_INVALID_RESPONSE', upstreamStatus: 200 })
    expect(error.message).toContain('AGORA_REST_BASE_URL')
    expect(inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)).not.toContain(signKey)
  })
})

test('a client with tokens cannot list projects, and is told what it needs', async () => {
  const agora = mockAgora()
  const error = await rejectionOf(agora.tokenClient().projects.list())
  expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_MISSING' })
  expect(error.message).toContain('AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET')
  expect(agora.requests).toHaveLength(0)
})

test('a client whose App ID and certificate are swapped is told so: this answer shows it', async () => {
  const agora = mockAgora()
  agora.answers({
    body: { projects: [{ id: '1', name: 'a', vendor_key: signKey, sign_key: appId, status: 1 }] },
  })
  const error = await rejectionOf(agora.basicClient().projects.list())
  expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_INVALID' })
  expect(error.message).toMatch(/appId, AGORA_APP_ID.*swapped.*renew the certificate/i)
  expect(inspect(error)).not.toMatch(new RegExp(`${appId}|${signKey}`))
})
