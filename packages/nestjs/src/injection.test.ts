import { Controller, Get, Injectable } from '@nestjs/common'
import type { ModuleMetadata } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { describe, expect, test } from 'vitest'
import { useEmulator, optionsFor, stubEnvironment } from './emulator.test.support.js'
import { Agora, AgoraSignalingModule, createSignalingClient, getAgoraToken, InjectAgora } from './index.js'
import type { AgoraModuleOptions, AgoraRequest, SignalingClient } from './index.js'
import { as, hello, RoomsModule } from './rooms.test.support.js'
import { listen, matching, moduleOf, platforms, serve } from './site.test.support.js'

const emulator = useEmulator()
const second = useEmulator()

const userId = (req: AgoraRequest): string | undefined => req.user?.id

function messages(): unknown[] {
  return emulator()
    .messages()
    .map(({ from, payload }) => [from, payload])
}

describe.each(platforms)('with $platform', (platform) => {
  test('one import in AppModule serves the controllers of every module', async () => {
    const imports = [AgoraSignalingModule.forRoot({ ...optionsFor(emulator()), userId }), RoomsModule]
    const site = await serve(platform, { imports })
    expect(await site.fetch('/rooms/lobby/messages', as('alice', hello))).toMatchObject({
      status: 201,
      body: { status: 'sent' },
    })
    expect(await site.fetch('/rooms/lobby/announcements', hello)).toMatchObject({ status: 201 })
    expect(messages()).toEqual([
      ['alice', 'hello'],
      ['announcer', 'hello'],
    ])
  })

  test('without options everything comes from the environment', async () => {
    stubEnvironment({ ...emulator().env, AGORA_USER_ID: 'server' })
    const site = await serve(platform, { imports: [AgoraSignalingModule.forRoot(), RoomsModule] })
    expect(site.app.get<SignalingClient>(getAgoraToken()).userId).toBe('server')
    expect(await site.fetch('/rooms/lobby/messages', hello)).toMatchObject({ status: 201 })
    expect(messages()).toEqual([['server', 'hello']])
  })

  describe('forRootAsync takes its options from', () => {
    @Injectable()
    class Settings {
      createAgoraOptions(): AgoraModuleOptions {
        return { ...optionsFor(emulator()), userId }
      }
    }
    const SettingsModule = moduleOf({ providers: [Settings], exports: [Settings] })

    test.each<[string, ModuleMetadata['imports']]>([
      [
        'useFactory, with what it injects',
        [
          AgoraSignalingModule.forRootAsync({
            imports: [SettingsModule],
            inject: [Settings],
            useFactory: async (settings: Settings) => Promise.resolve(settings.createAgoraOptions()),
          }),
        ],
      ],
      ['useClass', [AgoraSignalingModule.forRootAsync({ useClass: Settings })]],
      [
        'useExisting',
        [AgoraSignalingModule.forRootAsync({ imports: [SettingsModule], useExisting: Settings })],
      ],
    ])('%s', async (_, imports = []) => {
      const site = await serve(platform, { imports: [...imports, RoomsModule] })
      expect(await site.fetch('/rooms/lobby/messages', as('alice', hello))).toMatchObject({ status: 201 })
      expect(await site.fetch('/rooms/lobby/announcements', hello)).toMatchObject({ status: 201 })
      expect(messages()).toHaveLength(2)
    })
  })

  test('several clients go by their names', async () => {
    @Controller()
    class StatusController {
      readonly #apps: readonly string[]

      constructor(@InjectAgora() main: SignalingClient, @InjectAgora('chat') chat: SignalingClient) {
        this.#apps = [main.appId, chat.appId]
      }

      @Get('injected')
      injected(): readonly string[] {
        return this.#apps
      }

      @Get('given')
      given(@Agora() main: SignalingClient, @Agora('chat') chat: SignalingClient): unknown {
        return [main, chat].map((client) => [client.appId, client.userId])
      }
    }
    const imports = [
      AgoraSignalingModule.forRoot({ ...optionsFor(emulator()), userId: () => 'alice' }),
      AgoraSignalingModule.forRootAsync({
        name: 'chat',
        useFactory: () => ({ ...optionsFor(second()), userId: () => 'bob' }),
      }),
    ]
    const site = await serve(platform, { imports, controllers: [StatusController] })
    const [main, chat] = [emulator(), second()].map(({ credentials }) => credentials.appId)
    expect(await site.fetch('/injected')).toMatchObject({ body: [main, chat] })
    expect(await site.fetch('/given')).toMatchObject({
      body: [
        [main, 'alice'],
        [chat, 'bob'],
      ],
    })
  })

  test('isGlobal: false keeps the client to the modules that import it', async () => {
    const ours = AgoraSignalingModule.forRoot({ ...optionsFor(emulator()), isGlobal: false })
    await expect(serve(platform, { imports: [ours, RoomsModule] })).rejects.toThrow(/RoomsController/)

    @Controller()
    class OwnController {
      readonly #agora: SignalingClient
      constructor(@InjectAgora() agora: SignalingClient) {
        this.#agora = agora
      }
      @Get()
      appId(): unknown {
        return [this.#agora.appId]
      }
    }
    const site = await serve(platform, { imports: [ours], controllers: [OwnController] })
    expect(await site.fetch('/')).toMatchObject({ body: [emulator().credentials.appId] })
  })

  test('overrideProvider(getAgoraToken()) puts another client in the place of the injected one and of those of requests', async () => {
    const client = createSignalingClient(optionsFor(second()))
    const imports = [AgoraSignalingModule.forRoot({ ...optionsFor(emulator()), userId }), RoomsModule]
    const testing = await Test.createTestingModule({ imports })
      .overrideProvider(getAgoraToken())
      .useValue(client)
      .compile()
    const site = await listen(testing.createNestApplication(platform.createAdapter(), { logger: false }))
    await site.fetch('/rooms/lobby/announcements', hello)
    await site.fetch('/rooms/lobby/messages', as('alice', hello))
    expect(
      second()
        .messages()
        .map(({ from }) => from),
    ).toEqual(['announcer', 'alice'])
    expect(emulator().requests()).toEqual([])

    await site.app.close()
    expect(await client.projects.list()).toHaveLength(1)
    await client.close()
  })
})

describe('the start fails, and says why,', () => {
  const [platform] = platforms
  const start = async (...imports: NonNullable<ModuleMetadata['imports']>): Promise<unknown> =>
    platform && serve(platform, { imports })

  test('when the environment is incomplete', async () => {
    stubEnvironment({ AGORA_APP_ID: emulator().credentials.appId })
    await expect(start(AgoraSignalingModule.forRoot())).rejects.toMatchObject({
      name: 'AgoraConfigError',
      code: 'ERR_CONFIG_MISSING',
      message: matching(/AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET/),
    })
  })

  test('when a client is given and options for another', async () => {
    const options: object = {
      client: createSignalingClient(optionsFor(emulator())),
      ...optionsFor(emulator()),
    }
    await expect(start(AgoraSignalingModule.forRoot(options))).rejects.toMatchObject({
      code: 'ERR_CONFIG_CONFLICT',
    })
  })

  test.each<['tokenRoute' | 'notificationRoute', object]>([
    ['tokenRoute', { ttlSeconds: 60 }],
    ['notificationRoute', { secret: 'secret', onNotification: () => {} }],
  ])('when a factory describes %s and nothing says where it is', async (route, described) => {
    const options = { ...optionsFor(emulator()), userId, [route]: described }
    const agora = AgoraSignalingModule.forRootAsync({ useFactory: () => options })
    await expect(start(agora)).rejects.toMatchObject({
      code: 'ERR_CONFIG_MISSING',
      message: matching(new RegExp(`^${route}\\.path is missing`)),
    })
  })

  test('when a notification route has a place and no handler', async () => {
    const agora = AgoraSignalingModule.forRootAsync({
      notificationRoute: { path: 'notifications' },
      useFactory: () => optionsFor(emulator()),
    })
    await expect(start(agora)).rejects.toMatchObject({
      code: 'ERR_CONFIG_MISSING',
      message: matching(/^notificationRoute\.onNotification is missing/),
    })
  })
})
