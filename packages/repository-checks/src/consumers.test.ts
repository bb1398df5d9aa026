import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ServiceType, verifyAccessToken2 } from '@agora-signaling/core'
import { createEmulator } from '@agora-signaling/emulator'
import type { Emulator } from '@agora-signaling/emulator'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { compile, install, start } from './consumer.js'
import type { StartedConsumer } from './consumer.js'
import { isObject } from './published-packages.js'

const requireNode = createRequire(createRequire(import.meta.url).resolve('node-versions/package.json'))
const binaries = [
  process.execPath,
  ...['node22', 'node24'].map((name) =>
    join(dirname(requireNode.resolve(`${name}/package.json`)), 'bin/node'),
  ),
]
const nodes = binaries.map((node) => ({
  node,
  version: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
}))

const frameworks = ['Express', 'Koa', 'Fastify', 'Hono']
const consumers = [
  { consumer: 'an ES module', script: 'frameworks/esm/main.js', hosts: frameworks },
  { consumer: 'a CommonJS module', script: 'frameworks/cjs/main.js', hosts: frameworks },
  { consumer: 'TypeScript, nodenext', script: 'frameworks/ts-nodenext/dist/main.js', hosts: frameworks },
  { consumer: 'Nest 11, CommonJS', script: 'nest11-cjs/dist/main.js', hosts: ['Nest'] },
  { consumer: 'Nest 12, ES modules', script: 'nest12-esm/dist/main.js', hosts: ['Nest'] },
]

const folder = inject('temporaryFolder')
const packages = inject('packedPackages')
const named = (...names: readonly string[]) =>
  packages.filter(({ name }) => names.includes(name.replace('@agora-signaling/', '')))

beforeAll(async () => {
  await Promise.all([
    install(
      'frameworks',
      join(folder, 'frameworks'),
      packages.filter(({ folder: from }) => !from.endsWith('nestjs')),
    ),
    install('nest11-cjs', join(folder, 'nest11-cjs'), named('core', 'nestjs')),
    install('nest12-esm', join(folder, 'nest12-esm'), named('core', 'nestjs')),
  ])
  for (const project of ['frameworks/ts-nodenext', 'nest11-cjs', 'nest12-esm'])
    await compile(join(folder, project))
}, 180_000)

describe.each(nodes)('on Node $version', ({ node }) => {
  test('the command of the packed emulator explains itself', () => {
    const command = join(folder, 'frameworks/node_modules/@agora-signaling/emulator/dist/bin.js')
    expect(execFileSync(node, [command, '--help'], { encoding: 'utf8' })).toContain(
      'Usage: agora-signaling-emulator',
    )
  })

  describe.each(consumers)('$consumer', ({ script, hosts }) => {
    let emulator: Emulator
    let app: StartedConsumer

    beforeAll(async () => {
      emulator = await createEmulator()
      app = await start({ node, script: join(folder, script), env: { ...emulator.env }, hosts: hosts.length })
    }, 30_000)
    afterAll(async () => {
      await app?.stop()
      await emulator.close()
    })

    test.each(hosts)('%s sends a message as the user of the request', async (host) => {
      const { requestId } = await call(host, `/rooms/${host}/messages`, { method: 'POST' })
      expect(emulator.requests().map((request) => request.requestId)).toContain(requestId)
      const expected = { kind: 'channel', channel: host, from: 'ada', payload: 'hello' }
      expect(emulator.messages()).toContainEqual(expect.objectContaining(expected))
    })

    test.each(hosts)('%s issues a token for the user of the request', async (host) => {
      const { appId, appCertificate } = emulator.credentials
      const { token } = await call(host, '/agora/token')
      const require = { type: ServiceType.Rtm, userId: 'ada' }
      expect(() => verifyAccessToken2(String(token), { appId, appCertificate, require })).not.toThrow()
    })

    async function call(host: string, path: string, init?: RequestInit): Promise<Record<string, unknown>> {
      const response = await fetch(`${app.urls.get(host)}${path}`, { ...init, headers: { 'x-user': 'ada' } })
      const text = await response.text()
      if (!response.ok) throw new Error(`${host} answered ${response.status}: ${text}`)
      const body: unknown = JSON.parse(text)
      return isObject(body) ? body : {}
    }
  })
})
