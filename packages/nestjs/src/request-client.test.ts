import { Controller, Get, Param, RequestMethod } from '@nestjs/common'
import type { INestApplication } from '@nestjs/common'
import { APP_GUARD, ExternalContextCreator } from '@nestjs/core'
import { describe, expect, test } from 'vitest'
import { optionsFor, stubEnvironment, useEmulator } from './emulator.test.support.js'
import { Agora, AgoraSignalingModule, createSignalingClient, InjectAgora } from './index.js'
import type { AgoraRequest, AgoraRootOptions, SignalingClient, TenantOptions } from './index.js'
import { as, hello, RoomsModule, SessionGuard } from './rooms.test.support.js'
import { matching, platforms, serve } from './site.test.support.js'
import type { Preparation, Site } from './site.test.support.js'

type Choice = Pick<AgoraRootOptions, 'userId' | 'tenant' | 'forRoutes' | 'exclude'>

const emulator = useEmulator()
const second = useEmulator()

@Controller()
class IdentityController {
  @Get(['me', 'admin/me'])
  me(@Agora() agora: SignalingClient): unknown {
    return [agora.userId ?? 'nobody', agora.appId]
  }
}

function senders(): string[] {
  return emulator()
    .messages()
    .map(({ from }) => from)
}

/** The user that the guard found. */
function userId(req: AgoraRequest): string | undefined {
  return req.user?.id
}

/** The project of a request, if its header names one. */
const tenant: TenantOptions<AgoraRequest> = {
  key: ({ headers: { 'x-tenant': name } }) => (name === 'unknown' ? undefined : String(name)),
  options: (name) => optionsFor(name === 'first' ? emulator() : second()),
}

/** A request of Alice, for the project of that name. */
function to(project: string): RequestInit {
  return { headers: { 'x-tenant': project, 'x-session': 'alice' } }
}

/** The controller's method, as Nest runs it for messages that are not HTTP. */
function messageHandler(app: INestApplication): (...args: unknown[]) => Promise<unknown> {
  class MessageController {
    readonly handle = (): void => {}
  }
  const controller = new MessageController()
  Agora()(MessageController.prototype, 'handle', 0)
  const noParameters = { exchangeKeyForValue: () => undefined }
  const options = { guards: false }
  return app
    .get(ExternalContextCreator)
    .create(
      controller,
      controller.handle,
      'handle',
      '__routeArguments__',
      noParameters,
      undefined,
      undefined,
      options,
      'rpc',
    )
}

describe.each(platforms)('the client of a request with $platform', (platform) => {
  async function open(options: Choice, preparation?: Preparation): Promise<Site> {
    const agora = AgoraSignalingModule.forRoot({ ...optionsFor(emulator()), ...options })
    const providers = [{ provide: APP_GUARD, useClass: SessionGuard }]
    return serve(
      platform,
      { imports: [agora, RoomsModule], controllers: [IdentityController], providers },
      preparation,
    )
  }

  describe('acts for the user', () => {
    test.each<[string, AgoraRootOptions['userId']]>([
      ['that a guard put on the request', (req) => req.user?.id],
      ['that a callback finds in its own time', async (req) => Promise.resolve(req.user?.id)],
      ['that stands in a header', (req) => String(req.headers['x-session'])],
    ])('%s', async (_, callback) => {
      const site = await open({ userId: callback })
      expect(await site.fetch('/rooms/lobby/messages', as('alice', hello))).toMatchObject({ status: 201 })
      expect(senders()).toEqual(['alice'])
    })

    test('and callbacks get the request of the framework, not that of Node', async () => {
      interface FrameworkRequest {
        readonly params: { readonly room: string }
        readonly body: { readonly text: string }
      }
      const agora = AgoraSignalingModule.forRoot({
        ...optionsFor(emulator()),
        userId: (req: FrameworkRequest) => `${req.params.room}-${req.body.text}`,
      })
      const site = await serve(platform, { imports: [agora, RoomsModule] })
      await site.fetch('/rooms/lobby/messages', hello)
      expect(senders()).toEqual(['lobby-hello'])
    })

    test('and for nobody else', async () => {
      @Controller()
      class ImpostorController {
        @Get()
        async send(@Agora() agora: SignalingClient): Promise<unknown> {
          return agora.messages.sendToUser({ from: 'mallory', to: 'bob', payload: 'hello' })
        }
      }
      const agora = AgoraSignalingModule.forRoot({ ...optionsFor(emulator()), userId: () => 'alice' })
      const site = await serve(platform, { imports: [agora], controllers: [ImpostorController] })
      expect(await site.fetch('/')).toMatchObject({ status: 403, body: { code: 'ERR_SENDER_MISMATCH' } })
      expect(emulator().requests()).toEqual([])
    })

    test('of its own request, however many there are at once', async () => {
      const site = await open({ userId })
      const users = Array.from({ length: 50 }, (_, index) => `user-${index}`)
      const answers = await Promise.all(users.map((user) => site.fetch('/me', as(user))))
      expect(answers.map(({ body }) => body)).toEqual(
        users.map((user) => [user, emulator().credentials.appId]),
      )
    })
  })

  test.each([undefined, null, ''])(
    'acts for nobody when the callback gives %o: 401, and nothing is sent',
    async (nobody) => {
      stubEnvironment({ AGORA_USER_ID: 'server' })
      const site = await open({ userId: () => nobody })
      expect(await site.fetch('/rooms/lobby/messages', as('alice', hello))).toMatchObject({
        status: 401,
        body: { code: 'ERR_IDENTITY_MISSING' },
      })
      expect(emulator().requests()).toEqual([])
    },
  )

  const down = new Error('The session store is down.')
  test.each<[string, AgoraRootOptions['userId']]>([
    [
      'throws',
      () => {
        throw down
      },
    ],
    ['rejects', async () => Promise.reject(down)],
  ])('is a matter for the application’s own filters when the callback %s', async (_, callback) => {
    const site = await open({ userId: callback })
    expect(await site.fetch('/rooms/lobby/messages', as('alice', hello))).toMatchObject({ status: 500 })
    expect(site.logged).toEqual([down])
    expect(emulator().requests()).toEqual([])
  })

  describe('belongs to the project of its tenant', () => {
    test.each<[string, AgoraRootOptions['tenant']]>([
      ['at once', tenant],
      ['in its own time', { ...tenant, options: async (name) => Promise.resolve(tenant.options(name)) }],
    ])('that a callback finds %s', async (_, findTenant) => {
      const site = await open({ userId, tenant: findTenant })
      const [first, other] = [emulator().credentials.appId, second().credentials.appId]
      expect(await site.fetch('/me', to('first'))).toMatchObject({ body: ['alice', first] })
      expect(await site.fetch('/me', to('second'))).toMatchObject({ body: ['alice', other] })
      expect(await site.fetch('/me', to('unknown'))).toMatchObject({ body: ['alice', first] })
    })

    test('also where there is no other project; what needs one is told what is missing', async () => {
      stubEnvironment({})
      @Controller()
      class ServiceController {
        readonly #agora: SignalingClient
        constructor(@InjectAgora() agora: SignalingClient) {
          this.#agora = agora
        }
        @Get('own/:member')
        own(@Param('member') member: string): unknown {
          return Reflect.get(this.#agora, member)
        }
      }
      const agora = AgoraSignalingModule.forRoot({ userId, tenant })
      const controllers = [IdentityController, ServiceController]
      const providers = [{ provide: APP_GUARD, useClass: SessionGuard }]
      const site = await serve(platform, { imports: [agora], controllers, providers })
      expect(await site.fetch('/me', to('second'))).toMatchObject({
        body: ['alice', second().credentials.appId],
      })

      const notSetUp = { status: 500, body: { code: 'ERR_CONFIG_MISSING' } }
      expect(await site.fetch('/me', to('unknown'))).toMatchObject(notSetUp)
      const members = Object.getOwnPropertyNames(
        Object.getPrototypeOf(createSignalingClient(optionsFor(emulator()))),
      )
      const internal = new Set([
        'constructor',
        'forRequest',
        'during',
        'requestUserId',
        'issueTokenFor',
        'isOfBackEnd',
        'connections',
        'log',
      ])
      const all = members.filter((member) => !internal.has(member))
      const answers = await Promise.all(all.map((member) => site.fetch(`/own/${member}`)))
      expect(answers.map(({ status }) => status)).toEqual(all.map(() => 500))
      expect(site.logged).toHaveLength(all.length + 1)
      expect(site.logged[0]).toMatchObject({ message: matching(/AGORA_APP_ID/) })
    })
  })

  describe('is there', () => {
    const notMounted = { status: 500, body: { code: 'ERR_NOT_REGISTERED' } }

    test('for all routes, also behind a global prefix', async () => {
      const site = await open(
        { userId },
        { prepare: (app) => app.setGlobalPrefix('api', { exclude: ['me'] }) },
      )
      expect(await site.fetch('/me')).toMatchObject({ status: 200 })
      expect(await site.fetch('/api/admin/me')).toMatchObject({ status: 200 })
      expect(await site.fetch('/api/rooms/lobby/messages', as('alice', hello))).toMatchObject({ status: 201 })
    })

    test.each<[string, Choice]>([
      ['forRoutes with a path', { forRoutes: ['admin/*path'] }],
      ['forRoutes with a path and method', { forRoutes: [{ path: 'admin/me', method: RequestMethod.GET }] }],
      ['exclude', { exclude: ['me'] }],
    ])('as narrowed down by %s', async (_, placement) => {
      const site = await open({ userId, ...placement })
      expect(await site.fetch('/admin/me')).toMatchObject({ status: 200 })
      expect(await site.fetch('/me')).toMatchObject(notMounted)
      expect(site.logged).toEqual([
        expect.objectContaining({
          message: matching(/forRoutes and exclude.*\n\n {2}AgoraSignalingModule\.forRoot\(\)\n/s),
        }),
      ])
    })

    test('for a controller', async () => {
      const site = await open({ userId, forRoutes: [IdentityController] })
      expect(await site.fetch('/me')).toMatchObject({ status: 200 })
      expect(await site.fetch('/rooms/lobby/messages', hello)).toMatchObject(notMounted)
    })

    test('and not without the module: the developer is told what to import', async () => {
      const site = await serve(platform, { controllers: [IdentityController] })
      expect(await site.fetch('/me')).toMatchObject({ status: 500 })
      expect(site.logged).toEqual([expect.objectContaining({ code: 'ERR_NOT_REGISTERED' })])
    })

    test('in HTTP handlers only: elsewhere the developer is told what to use instead', async () => {
      const { app } = await open({})
      const handle = messageHandler(app)
      await expect(handle('payload', 'context')).rejects.toMatchObject({
        code: 'ERR_NOT_REGISTERED',
        message: matching(/handler of type "rpc".*@InjectAgora\(\)/),
      })
    })
  })
})
