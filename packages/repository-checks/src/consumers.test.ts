import { join } from 'node:path'
import { ServiceType, verifyAccessToken2 } from '@agora-signaling/core'
import { nodeVersions } from 'node-versions'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { compile, install, readUrls, readVariables, start } from './consumer.js'
import type { StartedProcess } from './consumer.js'
import { runScript } from './project.js'
import { isObject, readJsonObject } from './published-packages.js'
import { run } from './run.js'

const hosts = ['Core', 'Express', 'Koa', 'Fastify', 'Hono']
const consumers = [
  { consumer: 'an ES module', script: 'frameworks/esm/main.js', hosts, emulators: ['Emulator'] },
  { consumer: 'a CommonJS module', script: 'frameworks/cjs/main.js', hosts, emulators: ['Emulator'] },
  {
    consumer: 'TypeScript, nodenext',
    script: 'frameworks/ts-nodenext/dist/main.js',
    hosts,
    emulators: ['Emulator'],
  },
  { consumer: 'Nest 11, CommonJS', script: 'nest11-cjs/dist/main.js', hosts: ['Nest'], emulators: [] },
  { consumer: 'Nest 12, ES modules', script: 'nest12-esm/dist/main.js', hosts: ['Nest'], emulators: [] },
]

const folder = inject('temporaryFolder')
const packages = inject('packedPackages')
const named = (...names: readonly string[]) =>
  packages.filter(({ name }) => names.includes(name.replace('@agora-signaling/', '')))
const entries = packages.flatMap(({ name, folder: from, unpacked }) => {
  const { exports } = readJsonObject(join(unpacked, 'package.json'))
  const modules = Object.keys(isObject(exports) ? exports : {}).filter((path) => !path.endsWith('.json'))
  const projects = from.endsWith('nestjs') ? ['nest11-cjs', 'nest12-esm'] : ['frameworks']
  return modules.flatMap((path) => projects.map((project) => [name + path.slice(1), project] as const))
})

beforeAll(async () => {
  await Promise.all([
    install(
      'frameworks',
      join(folder, 'frameworks'),
      packages.filter(({ folder: from }) => !from.endsWith('nestjs')),
    ),
    install('nest11-cjs', join(folder, 'nest11-cjs'), named('core', 'nestjs')),
    install('nest12-esm', join(folder, 'nest12-esm'), named('core', 'nestjs')),
    install('jest', join(folder, 'jest'), named('core'), { jest: '^30.5.2' }),
  ])
  for (const project of ['frameworks/ts-nodenext', 'nest11-cjs', 'nest12-esm'])
    await compile(join(folder, project))
}, 180_000)

test('npx @agora-signaling/emulator, as the READMEs have it, runs the only program of the package', async () => {
  const said = await run('npx', ['--no-install', '@agora-signaling/emulator', '--help'], {
    cwd: join(folder, 'frameworks'),
  })
  expect(said).toMatch(/^Usage: agora-signaling-emulator /)
})

test('Jest 30 runs tests that send, without settings', async () => {
  expect((await runScript(join(folder, 'jest'), 'test')).channels).toEqual(['test'])
})

test.each(['esm', 'cjs'])(
  'without undici, the first call of dist/%s says what to install',
  async (format) => {
    const unpacked = named('core').map((core) => join(core.unpacked, `dist/${format}/index.js`))
    const program = `
    const { createSignalingClient } = await import(${JSON.stringify(unpacked[0])})
    const client = createSignalingClient({ appId: '${'0'.repeat(32)}', customerId: 'key', customerSecret: 'secret', baseUrl: 'http://127.0.0.1:1' })
    const calls = [client.projects.list(), client.projects.list()]
    for (const { reason } of await Promise.allSettled(calls)) console.log(reason.name, reason.code, reason.message)
    await client.close()`
    // Without NODE_PATH, by which pnpm lets a script find the packages of the repository.
    const said = await run(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: folder,
      env: { NODE_PATH: '' },
    })
    expect(said.trimEnd().split('\n')).toEqual(
      Array(2).fill(
        expect.stringMatching(/^AgoraConfigError ERR_CONFIG_INVALID undici, .*npm install undici@7/),
      ),
    )
  },
)

describe.each(nodeVersions)('on Node $version', ({ binary: node }) => {
  test.each(entries)(
    '%s gives the same to import and to require, installed in %s',
    async (entry, project) => {
      const [imported, required] = await Promise.all([
        run(
          node,
          ['--input-type=module', '--eval', `console.log(Object.keys(await import('${entry}')).toSorted())`],
          {
            cwd: join(folder, project),
          },
        ),
        run(
          node,
          ['--input-type=commonjs', '--eval', `console.log(Object.keys(require('${entry}')).toSorted())`],
          {
            cwd: join(folder, project),
          },
        ),
      ])
      expect(imported).toMatch(/\w/)
      expect(required).toBe(imported)
    },
  )

  test.each(['frameworks', 'nest12-esm'])(
    'the ES modules and the CommonJS of %s know what the other made',
    async (project) => {
      await expect(
        run(node, ['--test', '--test-force-exit', '--test-timeout=30000', 'two-copies.test.mjs'], {
          cwd: join(folder, project),
        }),
      ).resolves.toContain('two copies')
    },
  )

  describe.each(consumers)('$consumer', ({ script, hosts: expected, emulators }) => {
    let emulator: StartedProcess<Readonly<Record<string, string>>>
    let app: StartedProcess<ReadonlyMap<string, string>>

    beforeAll(async () => {
      const command = join(folder, 'frameworks/node_modules/.bin/agora-signaling-emulator')
      emulator = await start({ node, script: command, args: ['--port', '0'], read: readVariables })
      const read = readUrls(expected.length + emulators.length)
      app = await start({ node, script: join(folder, script), env: emulator.said, read })
    }, 30_000)
    afterAll(async () => {
      await app?.stop()
      await emulator?.stop()
    })

    test.each(expected)('%s sends a message as the user of the request', async (host) => {
      const { requestId } = await call(host, `/rooms/${host}/messages`, { method: 'POST' })
      expect(await told('requests')).toContainEqual(expect.objectContaining({ requestId, status: 200 }))
      const message = { kind: 'channel', channel: host, from: 'ada', payload: 'hello' }
      expect(await told('messages')).toContainEqual(expect.objectContaining(message))
    })

    test.each(expected)('%s issues a token for the user of the request', async (host) => {
      const { AGORA_APP_ID: appId = '', AGORA_APP_CERTIFICATE: appCertificate = '' } = emulator.said
      const { token } = await call(host, '/agora/token')
      const require = { type: ServiceType.Rtm, userId: 'ada' }
      expect(() => verifyAccessToken2(String(token), { appId, appCertificate, require })).not.toThrow()
    })

    test.each(emulators)('%s starts within the application', async (host) => {
      expect(await fetchJson(`${app.said.get(host)}/_emulator/messages`)).toEqual([])
    })

    async function call(host: string, path: string, init?: RequestInit): Promise<Record<string, unknown>> {
      const body = await fetchJson(`${app.said.get(host)}${path}`, { ...init, headers: { 'x-user': 'ada' } })
      return isObject(body) ? body : {}
    }

    const told = (what: 'requests' | 'messages') =>
      fetchJson(`${emulator.said['AGORA_REST_BASE_URL']}/_emulator/${what}`)
  })
})

async function fetchJson(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}
