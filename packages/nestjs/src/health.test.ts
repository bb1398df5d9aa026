import { createServer } from 'node:http'
import { Controller, Get, Inject } from '@nestjs/common'
import { HealthCheckService, TerminusModule } from '@nestjs/terminus'
import { describe, expect, test } from 'vitest'
import { optionsFor, stubEnvironment, useEmulator } from './emulator.test.support.js'
import { AgoraHealthIndicator } from './health.js'
import { AgoraSignalingModule } from './index.js'
import type { AgoraRootOptions } from './index.js'
import { listenOn, matching, platforms, serve } from './site.test.support.js'
import type { Answer, Site } from './site.test.support.js'

const emulator = useEmulator()
const second = useEmulator()

type Status = 'up' | 'down'
interface TokenOptions {
  readonly appId: string
  readonly baseUrl: string
  readonly maxAttempts: number
  readonly appCertificate: string
  readonly userId: string
}

const withToken = (appCertificate: string): TokenOptions => {
  const { appId, baseUrl, maxAttempts } = optionsFor(emulator())
  return { appId, baseUrl, maxAttempts, appCertificate, userId: 'server' }
}

@Controller('health')
class HealthController {
  readonly #health: HealthCheckService
  readonly #agora: AgoraHealthIndicator

  constructor(
    @Inject(HealthCheckService) health: HealthCheckService,
    @Inject(AgoraHealthIndicator) agora: AgoraHealthIndicator,
  ) {
    this.#health = health
    this.#agora = agora
  }

  @Get()
  async check(): Promise<unknown> {
    return this.#health.check([async () => this.#agora.pingCheck('agora', { timeoutMs: 1000 })])
  }

  @Get('chat')
  async checkNamed(): Promise<unknown> {
    return this.#health.check([async () => this.#agora.pingCheck('chat', { name: 'chat' })])
  }
}

describe.each(platforms)('the health of Agora with $platform', (platform) => {
  async function open(...registrations: AgoraRootOptions[]): Promise<Site> {
    const agora = registrations.map((options) => AgoraSignalingModule.forRoot(options))
    return serve(platform, {
      imports: [TerminusModule.forRoot({ logger: false }), ...agora],
      controllers: [HealthController],
      providers: [AgoraHealthIndicator],
    })
  }
  const health = async (...registrations: AgoraRootOptions[]): Promise<Answer> =>
    (await open(...registrations)).fetch('/health')
  const report = (status: Status, details: object = {}): object => ({
    status: status === 'up' ? 200 : 503,
    body: { details: { agora: { status, ...details } } },
  })
  test('is up when Agora takes the customer ID and secret', async () => {
    expect(await health(optionsFor(emulator()))).toMatchObject(report('up'))
    expect(emulator().requests()).toMatchObject([{ path: '/dev/v1/projects' }])
  })

  test('is down when it does not, with the reason and without a secret', async () => {
    const answer = await health({ ...optionsFor(emulator()), customerSecret: 'canary-secret' })
    const reason = 'The customer secret does not match the customer ID.'
    expect(answer).toMatchObject(report('down', { code: 'ERR_UNAUTHORIZED', reason }))
    expect(JSON.stringify(answer.body)).not.toContain('canary')
  })

  test('is up when Agora takes a token, and no event is lost by asking', async () => {
    emulator().users.login('bob')
    expect(await health(withToken(emulator().credentials.appCertificate))).toMatchObject(report('up'))
    expect(emulator().requests()).toMatchObject([{ method: 'GET', path: matching(/\/history\//) }])
  })

  test('is down when Agora takes no token', async () => {
    const wrong = 'f'.repeat(32)
    const answer = await health(withToken(wrong))
    expect(answer).toMatchObject(report('down', { code: 'ERR_UNAUTHORIZED' }))
    expect(JSON.stringify(answer.body)).not.toMatch(new RegExp(`${wrong}|007`))
  })

  test.each<[number, Status]>([
    [403, 'up'],
    [500, 'down'],
  ])('is told from a %d to a token: %s, since not every project has history', async (status, expected) => {
    const baseUrl = await answering(status)
    const options = { ...withToken(emulator().credentials.appCertificate), baseUrl }
    expect(await health(options)).toMatchObject(report(expected))
  })

  test('is down when Agora does not answer in time', async () => {
    const answer = await health({ ...optionsFor(emulator()), baseUrl: await answering(undefined) })
    expect(answer).toMatchObject(report('down', { code: 'ERR_TIMEOUT' }))
  })

  test('is down when there is nothing to ask with', async () => {
    stubEnvironment({})
    const answer = await health({ tenant: { key: () => 'theirs', options: () => optionsFor(emulator()) } })
    expect(answer).toMatchObject(
      report('down', { code: 'ERR_CONFIG_MISSING', reason: matching(/AGORA_APP_ID/) }),
    )
  })

  test('is that of the client whose name it is given', async () => {
    const site = await open(optionsFor(emulator()), { ...optionsFor(second()), name: 'chat' })
    expect(await site.fetch('/health/chat')).toMatchObject({ body: { details: { chat: { status: 'up' } } } })
    expect([emulator().requests().length, second().requests().length]).toEqual([0, 1])
  })

  test.each<[object, string]>([
    [{ timeoutMS: 1000 }, 'Did you mean timeoutMs?'],
    [{ timeoutMs: '1000' }, 'timeoutMs of pingCheck() must be'],
    [{ name: 42 }, 'name of pingCheck() must be'],
  ])('with options %o is a mistake, not an outage', async (options, message) => {
    const site = await open(optionsFor(emulator()))
    const checking = site.app.get(AgoraHealthIndicator).pingCheck('agora', options)
    await expect(checking).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    await expect(checking).rejects.toThrow(message)
  })

  test('of a name that does not exist is a mistake, not an outage', async () => {
    const site = await open(optionsFor(emulator()))
    expect(await site.fetch('/health/chat')).toMatchObject({ status: 500 })
  })
})

/** Stands in for Agora: answers everything with a status, or nothing at all. */
async function answering(status: number | undefined): Promise<string> {
  return listenOn(
    createServer((_req, res) => {
      if (status !== undefined) res.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    }),
  )
}
