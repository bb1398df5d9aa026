import type { DynamicModule, ModuleMetadata } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { Test } from '@nestjs/testing'
import { describe, expect, test, vi } from 'vitest'
import { optionsFor, useEmulator } from './emulator.test.support.js'
import { AgoraSignalingModule, createSignalingClient, getAgoraTenantsToken, getAgoraToken } from './index.js'
import type { AgoraRequest, AgoraRootAsyncOptions, AgoraRootOptions, AgoraTenants } from './index.js'
import { as, hello, RoomsModule, SessionGuard } from './rooms.test.support.js'
import { matching, platforms, serve } from './site.test.support.js'

const emulator = useEmulator()
const userId = (req: AgoraRequest): string | undefined => req.user?.id
const [platform] = platforms

async function start(imports: () => NonNullable<ModuleMetadata['imports']>): Promise<unknown> {
  return platform && serve(platform, { imports: imports() })
}

/** As a program in JavaScript may call it. */
const forRoot = (options: object): DynamicModule =>
  AgoraSignalingModule.forRoot(Object.assign<AgoraRootOptions, object>({}, options))

function forRootAsync(options: object): DynamicModule {
  return AgoraSignalingModule.forRootAsync(Object.assign<AgoraRootAsyncOptions, object>({}, options))
}

/** Everything that `forRoot()` takes and that a factory may give. */
const mistakes: [object, string][] = [
  [{ userID: userId }, 'Did you mean userId?'],
  [{ userid: userId }, 'Did you mean userId?'],
  [{ userId: {} }, 'userId of'],
  [{ userId: 42 }, 'userId of'],
  [{ quotas: true }, 'quotas of'],
  [{ tenant: 'x' }, 'tenant of'],
  [{ tenant: { kye: () => 'a', options: () => ({}) } }, 'Did you mean tenant.key?'],
  [{ logger: {} }, 'logger of'],
  [{ dispatcher: {} }, 'dispatcher of'],
  [{ client: {} }, 'client of'],
  [{ tokenRoute: 'agora/token' }, 'tokenRoute of'],
  [{ tokenRoute: { path: 'agora/token', ttlSecond: 60 } }, 'Did you mean tokenRoute.ttlSeconds?'],
  [{ tokenRoute: { path: 'agora/token', userId: 'alice' } }, 'tokenRoute.userId of'],
  [{ tokenroute: { path: 'agora/token' } }, 'Did you mean tokenRoute?'],
  [{ notificationRoute: 'agora/notifications' }, 'notificationRoute of'],
]

describe('a mistake in the options stops the start, and names what was meant', () => {
  test.each(mistakes)('%o of forRoot()', async (mistake, message) => {
    const options = { ...optionsFor(emulator()), userId, ...mistake }
    const starting = start(() => [forRoot(options)])
    await expect(starting).rejects.toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_INVALID' })
    await expect(starting).rejects.toThrow(message)
  })

  test.each(mistakes)('%o of what a factory gives at run time', async (mistake, message) => {
    const useFactory = async (): Promise<object> =>
      Promise.resolve({ ...optionsFor(emulator()), userId, ...mistake })
    const starting = start(() => [forRootAsync({ useFactory })])
    await expect(starting).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    await expect(starting).rejects.toThrow(message)
  })

  test.each<[object, string]>([
    [{ isglobal: true }, 'Did you mean isGlobal?'],
    [{ isGlobal: 'yes' }, 'isGlobal of'],
    [{ name: 42 }, 'name of'],
    [{ forRoutes: 'rooms' }, 'forRoutes of'],
    [{ exclude: 'rooms' }, 'exclude of'],
    [{ excludes: ['rooms'] }, 'Did you mean exclude?'],
    [{ tokenRoute: { paths: 'agora/token' } }, 'Did you mean tokenRoute.path?'],
  ])('%o of where the module is', async (mistake, message) => {
    for (const register of [forRoot, forRootAsync]) {
      const starting = start(() => [register(mistake)])
      await expect(starting).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
      await expect(starting).rejects.toThrow(message)
    }
  })

  test.each([undefined, null, 'options', []])('a factory that gives %j', async (options) => {
    const starting = start(() => [forRootAsync({ useFactory: () => options })])
    await expect(starting).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
  })

  test('also where a test puts a client of its own in the place of the injected one', async () => {
    const client = createSignalingClient(optionsFor(emulator()))
    const options: object = { ...optionsFor(emulator()), userID: userId }
    const testing = Test.createTestingModule({
      imports: [AgoraSignalingModule.forRootAsync({ useFactory: () => options })],
    })
    const compiling = testing.overrideProvider(getAgoraToken()).useValue(client).compile()
    await expect(compiling).rejects.toThrow('Did you mean userId?')
    await client.close()
  })
})

describe('a token route that has nobody to make tokens for stops the start', () => {
  test.each<[string, object]>([
    ['nothing finds users', {}],
    ['userId is the user of the back end itself', { userId: 'server' }],
  ])('where %s', async (_, options) => {
    const all = { ...optionsFor(emulator()), ...options, tokenRoute: { path: 'agora/token' } }
    const starting = start(() => [AgoraSignalingModule.forRoot(all)])
    await expect(starting).rejects.toMatchObject({ code: 'ERR_CONFIG_MISSING', message: matching(/userId/) })
  })

  test('and starts where the route finds its user itself', async () => {
    const agora = AgoraSignalingModule.forRoot({
      ...optionsFor(emulator()),
      tokenRoute: { path: 'agora/token', userId: () => 'alice' },
    })
    await expect(start(() => [agora])).resolves.toBeDefined()
  })
})

describe.each(platforms)('with $platform', (each) => {
  test('a client of the application’s own and a token route start, and serve', async () => {
    const client = createSignalingClient(optionsFor(emulator()))
    const imports = [AgoraSignalingModule.forRoot({ client, userId, tokenRoute: { path: 'agora/token' } })]
    const site = await serve(each, { imports, providers: [{ provide: APP_GUARD, useClass: SessionGuard }] })
    expect(await site.fetch('/agora/token', as('alice'))).toMatchObject({
      status: 200,
      body: { userId: 'alice', appId: emulator().credentials.appId },
    })
    await client.close()
  })

  test('@InjectAgoraTenants() forgets a tenant, whose options are then loaded anew', async () => {
    const options = vi.fn<(key: string) => ReturnType<typeof optionsFor>>(() => optionsFor(emulator()))
    const imports = [
      AgoraSignalingModule.forRoot({ userId: () => 'alice', tenant: { key: () => 'theirs', options } }),
      RoomsModule,
    ]
    const site = await serve(each, { imports })
    for (let request = 0; request < 3; request++) {
      expect(await site.fetch('/rooms/lobby/messages', hello)).toMatchObject({ status: 201 })
    }
    expect(options.mock.calls).toEqual([['theirs']])
    site.app.get<AgoraTenants>(getAgoraTenantsToken()).forgetTenant('theirs')
    expect(await site.fetch('/rooms/lobby/messages', hello)).toMatchObject({ status: 201 })
    expect(options.mock.calls).toEqual([['theirs'], ['theirs']])
  })
})
