import { Hono } from 'hono'
import type { Context } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'
import { optionsFor, useEmulator } from './emulator.test.support.js'
import { agoraErrorHandler, agoraSignaling, tokenRoute } from './index.js'

const emulator = useEmulator()

describe('a mistake in the options stops the start', () => {
  test.each<[string, (options: object) => unknown, object, string]>([
    ['agoraSignaling', agoraSignaling, { userID: () => 'alice' }, 'Did you mean userId?'],
    ['agoraSignaling', agoraSignaling, { userId: {} }, 'userId of agoraSignaling() must be'],
    ['agoraSignaling', agoraSignaling, { tenant: 'x' }, 'tenant of agoraSignaling() must be'],
    ['tokenRoute', tokenRoute, { userID: () => 'alice' }, 'Did you mean userId?'],
    ['tokenRoute', tokenRoute, { userId: 'alice' }, 'userId of tokenRoute() must be'],
    ['agoraErrorHandler', agoraErrorHandler, { onerror: () => {} }, 'Did you mean onError?'],
    ['agoraErrorHandler', agoraErrorHandler, { onError: true }, 'onError of agoraErrorHandler() must be'],
  ])('%s(%o)', (_name, make, options, message) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
    expect(() => make(options)).toThrow(message)
  })
})

describe('a function that is mounted and not called says so:', () => {
  test.each<[string, object, string]>([
    ['agoraSignaling', agoraSignaling, 'app.use(agoraSignaling())'],
    ['tokenRoute', tokenRoute, "app.get('/agora/token', tokenRoute())"],
  ])('%s', async (_name, uncalled, fix) => {
    const errors: unknown[] = []
    const app = new Hono()
    Reflect.apply(app.use, undefined, ['/', uncalled])
    app.onError((error, c) => {
      errors.push(error)
      return c.body(null, 500)
    })
    expect((await app.request('/')).status).toBe(500)
    expect(errors).toEqual([expect.objectContaining({ code: 'ERR_CONFIG_INVALID' })])
    expect(String(errors[0])).toContain(fix)
  })

  test('agoraErrorHandler', async () => {
    const app = new Hono()
    Reflect.apply(app.onError, undefined, [agoraErrorHandler])
    app.get('/', () => {
      throw new Error('Of the application.')
    })
    await expect((async () => app.request('/'))()).rejects.toThrow('app.onError(agoraErrorHandler())')
  })
})

test('headers that a middleware has set before an answer of ours are kept', async () => {
  const agora = agoraSignaling({
    ...optionsFor(emulator()),
    userId: (c: Context) => c.req.header('x-session'),
  })
  onTestFinished(() => agora.close())
  const app = new Hono()
  app.onError(agoraErrorHandler())
  app.use(async (c, next) => {
    c.header('x-frame-options', 'DENY')
    c.header('set-cookie', 'first=1', { append: true })
    c.header('set-cookie', 'second=2', { append: true })
    await next()
  })
  app.use(agora)
  app.all('/token', tokenRoute())
  for (const init of [{}, { headers: { 'x-session': 'alice' } }, { method: 'PUT' }]) {
    const { headers } = await app.request('/token', init)
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.getSetCookie()).toEqual(['first=1', 'second=2'])
    expect(headers.get('cache-control')).toBe('no-store')
  }
})
