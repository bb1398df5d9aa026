import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { agoraSignaling, tokenRoute } from './index.js'
import { koaVersions, optionsFor, serve, useAgora, useEmulator } from './site.test.support.js'

const emulator = useEmulator()

describe('a mistake in the options stops the start', () => {
  test.each<[string, (options: object) => unknown, object, string]>([
    ['agoraSignaling', agoraSignaling, { userID: () => 'alice' }, 'Did you mean userId?'],
    ['agoraSignaling', agoraSignaling, { userId: {} }, 'userId of agoraSignaling() must be'],
    ['agoraSignaling', agoraSignaling, { tenant: 'x' }, 'tenant of agoraSignaling() must be'],
    ['tokenRoute', tokenRoute, { userID: () => 'alice' }, 'Did you mean userId?'],
    ['tokenRoute', tokenRoute, { userId: 'alice' }, 'userId of tokenRoute() must be'],
  ])('%s(%o)', (_name, make, options, message) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
    expect(() => make(options)).toThrow(message)
  })
})

/** What a site tells of its errors. */
async function errorsOf(app: Koa): Promise<unknown[]> {
  const errors: unknown[] = []
  app.on('error', (error: unknown) => errors.push(error))
  const ask = await serve(app)
  expect(await ask('/')).toMatchObject({ status: 500 })
  return errors
}

describe.each(koaVersions)(
  'a function that is mounted and not called says so in $version:',
  ({ Koa: Version }) => {
    test.each<[string, object, string]>([
      ['agoraSignaling', agoraSignaling, 'app.use(agoraSignaling())'],
      ['tokenRoute', tokenRoute, "router.get('/agora/token', tokenRoute())"],
    ])('%s', async (_name, uncalled, fix) => {
      const app = new Version()
      Reflect.apply(app.use.bind(app), undefined, [uncalled])
      const errors = await errorsOf(app)
      expect(errors).toEqual([expect.objectContaining({ code: 'ERR_CONFIG_INVALID' })])
      expect(String(errors[0])).toContain(fix)
    })
  },
)

// Koa 2 is another copy of Koa here, and the property belongs to the contexts of the copy that the adapter finds.
test('ctx.agora before the middleware names the line to add', async () => {
  const app = new Koa()
  app.use(async (ctx, next) => {
    if (ctx.path === '/') ctx.body = ctx.agora.appId
    await next()
  })
  app.use(useAgora(optionsFor(emulator())))
  app.use((ctx) => {
    ctx.body = ctx.agora.appId
  })
  const errors = await errorsOf(app)
  expect(errors).toEqual([expect.objectContaining({ code: 'ERR_NOT_REGISTERED' })])
  expect(String(errors[0])).toContain('\n  app.use(agoraSignaling())\n')
  const ask = await serve(app)
  expect(await ask('/later')).toMatchObject({ body: emulator().credentials.appId })
})
