import type { Context } from 'koa'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { getAgora, isAgoraError, tokenRoute } from './index.js'
import { koaVersions, optionsFor, sendToLobby, serve, useAgora, useEmulator } from './site.test.support.js'

const emulator = useEmulator()
const wrongSecret = (): ReturnType<typeof optionsFor> => ({
  ...optionsFor(emulator()),
  customerSecret: 'canary-secret',
})

// What is the same in every framework is checked by packages/conformance.
describe.each(koaVersions)('errors in $version', ({ Koa }) => {
  test('of Agora calls need no more than agoraSignaling(): Agora’s 401 is our 502', async () => {
    const app = new Koa()
    app.silent = true
    app.use(useAgora({ ...wrongSecret(), userId: 'server' })).use(sendToLobby)
    const get = await serve(app)
    const { status, body } = await get('/')
    expect(status).toBe(502)
    expect(JSON.parse(body)).toMatchObject({ code: 'ERR_UNAUTHORIZED' })
  })

  test('that are faults of the server are emitted on the application, with the context', async () => {
    const onError = vi.fn<(error: unknown, ctx: { path: string }) => void>()
    const app = new Koa()
    app.on('error', onError)
    app.use(useAgora({ ...wrongSecret(), userId: 'server' })).use(sendToLobby)
    await (
      await serve(app)
    )('/lobby')
    expect(onError).toHaveBeenCalledTimes(1)
    const [error, ctx] = onError.mock.calls[0] ?? []
    expect(isAgoraError(error) && error.code).toBe('ERR_UNAUTHORIZED')
    expect(ctx?.path).toBe('/lobby')
  })

  test('by default the developer finds them on the console', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    onTestFinished(() => log.mockRestore())
    const app = new Koa()
    app.use(useAgora({ ...wrongSecret(), userId: 'server' })).use(sendToLobby)
    await (
      await serve(app)
    )('/')
    const printed = log.mock.calls.flat().join('\n')
    expect(printed).toContain('Agora does not accept this customer ID and customer secret')
    expect(printed).not.toContain('canary-secret')
  })

  test('that the caller is at fault for are told to nobody else', async () => {
    const onError = vi.fn<(error: unknown) => void>()
    const app = new Koa()
    app.on('error', onError)
    app.use(useAgora({ ...optionsFor(emulator()), userId: () => undefined })).use(sendToLobby)
    expect(await (await serve(app))('/')).toMatchObject({ status: 401 })
    expect(onError).not.toHaveBeenCalled()
  })

  test('can be answered otherwise by a middleware after agoraSignaling()', async () => {
    const app = new Koa()
    app.use(useAgora({ ...wrongSecret(), userId: 'server' }))
    app.use(async (ctx, next) => {
      try {
        await next()
      } catch (error) {
        if (!isAgoraError(error)) throw error
        ctx.status = 418
        ctx.body = error.code
      }
    })
    app.use(sendToLobby)
    expect(await (await serve(app))('/')).toMatchObject({ status: 418, body: 'ERR_UNAUTHORIZED' })
  })

  test('keep what a middleware before has said of the answer: CORS, for instance', async () => {
    const app = new Koa()
    app.use(async (ctx, next) => {
      ctx.set('access-control-allow-origin', 'https://chat.example')
      await next()
    })
    app.use(useAgora({ ...optionsFor(emulator()), userId: () => undefined })).use(sendToLobby)
    const { status, headers } = await (await serve(app))('/')
    expect([status, headers.get('access-control-allow-origin')]).toEqual([401, 'https://chat.example'])
  })

  test('of a route that throws nothing do not leave the caller waiting', async () => {
    const app = new Koa().on('error', () => {})
    app.use(useAgora(optionsFor(emulator()))).use(() => {
      throw undefined
    })
    expect(await (await serve(app))('/')).toMatchObject({ status: 500 })
  })

  test('of others are Koa’s', async () => {
    const onError = vi.fn<(error: unknown) => void>()
    const own = Object.assign(new Error('Not for everybody.'), { status: 409, expose: true })
    const app = new Koa()
    app.on('error', onError)
    app.use(useAgora(optionsFor(emulator())))
    app.use(() => {
      throw own
    })
    expect(await (await serve(app))('/')).toMatchObject({ status: 409, body: 'Not for everybody.' })
    expect(onError).toHaveBeenCalledExactlyOnceWith(own, expect.anything())
  })

  test('of a callback that rejects with nothing do not leave the caller waiting', async () => {
    const app = new Koa()
    app.silent = true
    app.use(useAgora({ ...optionsFor(emulator()), userId: async () => Promise.reject() })).use(sendToLobby)
    expect(await (await serve(app))('/')).toMatchObject({ status: 500 })
  })

  test('in an answer that has begun are told, and the answer is left as it is', async () => {
    const onError = vi.fn<(error: unknown) => void>()
    const app = new Koa()
    app.on('error', (error: unknown, ctx: Context) => {
      onError(error)
      ctx.res.end()
    })
    app.use(useAgora({ ...wrongSecret(), userId: 'server' }))
    app.use(async (ctx) => {
      ctx.res.writeHead(200).write('the beginning')
      await getAgora(ctx).messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
    })
    expect(await (await serve(app))('/')).toMatchObject({ status: 200, body: 'the beginning' })
    expect(onError).toHaveBeenCalledExactlyOnceWith(having({ code: 'ERR_UNAUTHORIZED' }))
  })

  test('of a route that answers around Koa are left to Koa', async () => {
    const app = new Koa()
    app.silent = true
    app.use(useAgora({ ...wrongSecret(), userId: 'server' }))
    app.use(async (ctx) => {
      ctx.respond = false
      await getAgora(ctx).messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
    })
    expect(await (await serve(app))('/')).toMatchObject({ status: 500 })
  })
})

/** As `expect.objectContaining`, without its type `any`. */
function having(properties: object): unknown {
  return expect.objectContaining(properties)
}

describe.each(koaVersions)('getAgora(ctx) in $version', ({ Koa }) => {
  test('takes nothing for a client that another library has put there', async () => {
    const errors: unknown[] = []
    const app = new Koa()
    app.on('error', (error: unknown) => errors.push(error))
    app.use(async (ctx, next) => {
      Object.assign(ctx, { agora: { messages: {}, appId: 'of another library' } })
      await next()
    })
    app.use(tokenRoute())
    expect(await (await serve(app))('/')).toMatchObject({ status: 500 })
    expect(errors).toEqual([having({ code: 'ERR_NOT_REGISTERED' })])
  })
})
