import { createServer } from 'node:http'
import type { Request, RequestHandler } from 'express'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { agoraErrorHandler, isAgoraError } from './index.js'
import type { AgoraSignalingOptions } from './index.js'
import { answerWithTeapot, openLobby, optionsFor, useAgora, useEmulator } from './lobby.test.support.js'
import { expressVersions, matching, route, serve } from './site.test.support.js'

type Options = AgoraSignalingOptions<Request>

const emulator = useEmulator()
const post = { method: 'POST' }
const send: RequestHandler = route(async (req, res) => {
  res.json(await req.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' }))
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Options for another upstream, which is tried once: a failure that lasts need not be waited for. */
function upstreamAt(baseUrl: string, timeoutMs = 10_000): Options {
  return { ...optionsFor(emulator()), baseUrl, timeoutMs, maxAttempts: 1, userId: 'server' }
}

/** Options that lead to a server which always gives the same answer. */
async function upstreamThatAnswers(
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Options> {
  const upstream = await serve((_req, res) => {
    res
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end('{"message":"words of Agora"}')
  })
  return upstreamAt(upstream.url)
}

function wrongSecret(): Options {
  return { ...optionsFor(emulator()), customerSecret: 'canary-secret', userId: 'server' }
}

/** Where nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

/** What Express runs for a request: `router` in Express 5, `_router` in Express 4. */
function layersOf(app: object): unknown[] {
  const router: unknown = Reflect.get(app, '_router') ?? Reflect.get(app, 'router')
  const layers: unknown = typeof router === 'function' ? Reflect.get(router, 'stack') : undefined
  if (!Array.isArray(layers)) throw new TypeError('This application has no stack.')
  return layers
}

describe.each(expressVersions)('errors of Agora calls in $version', ({ express }) => {
  describe('Agora refuses the server', () => {
    test('its 401 is our 502, never our caller’s 401', async () => {
      const { site, errors } = await openLobby(express, wrongSecret())
      const answer = await site.get('/lobby', post)
      expect(answer).toMatchObject({ status: 502, body: { code: 'ERR_UNAUTHORIZED' } })
      expect(emulator().requests()).toMatchObject([{ status: 401 }])
      expect(errors).toEqual([
        expect.objectContaining({
          upstreamStatus: 401,
          hint: 'The customer secret does not match the customer ID.',
        }),
      ])
    })

    test('the caller is told neither the reason nor a secret; the answer is in no cache', async () => {
      const { site } = await openLobby(express, wrongSecret())
      const { headers, body } = await site.get('/lobby', post)
      expect(body).toEqual({ code: 'ERR_UNAUTHORIZED', message: matching(/./) })
      expect(JSON.stringify(body)).not.toMatch(/secret|customer/i)
      expect(headers.get('cache-control')).toBe('no-store')
    })

    test('without agoraErrorHandler() the application’s own handler gets the error, wherever it stands', async () => {
      const errors: unknown[] = []
      const app = express()
      app.use(useAgora(wrongSecret()))
      app.post('/lobby', send)
      app.use(answerWithTeapot(errors))
      expect(await (await serve(app)).get('/lobby', post)).toMatchObject({ status: 418 })
      expect(errors).toHaveLength(1)
    })

    test('a sub-application leaves the errors of its routes to the handler of its parent', async () => {
      const errors: unknown[] = []
      const inner = express()
      inner.use(useAgora(wrongSecret()))
      inner.post('/lobby', send)
      const app = express()
      app.use('/api', inner)
      app.use(answerWithTeapot(errors))
      expect(await (await serve(app)).get('/api/lobby', post)).toMatchObject({ status: 418 })
      expect(errors).toHaveLength(1)
    })

    test('agoraSignaling() adds nothing to the application but itself', async () => {
      const app = express()
      app.use(useAgora(wrongSecret()))
      app.post('/lobby', send)
      const layers = (): number => layersOf(app).length
      const before = layers()
      await (await serve(app)).get('/lobby', post)
      expect(layers()).toBe(before)
    })
  })

  test.each([
    [400, 502, 'ERR_BAD_REQUEST'],
    [401, 502, 'ERR_UNAUTHORIZED'],
    [403, 502, 'ERR_FORBIDDEN'],
    [404, 502, 'ERR_NOT_FOUND'],
    [435, 422, 'ERR_REJECTED_CONTENT'],
    [500, 502, 'ERR_UPSTREAM'],
  ])('Agora’s %d is our %d, %s', async (upstreamStatus, status, code) => {
    const { site } = await openLobby(express, await upstreamThatAnswers(upstreamStatus))
    const answer = await site.get('/lobby', post)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(JSON.stringify(answer.body)).not.toContain('words of Agora')
  })

  test.each([
    ['as long as Agora says', { 'retry-after': '7' }, '7'],
    ['a second when Agora says nothing', {}, '1'],
  ])('a quota refusal is our 503, to try again after %s', async (_, upstreamHeaders, retryAfter) => {
    const { site } = await openLobby(express, await upstreamThatAnswers(429, upstreamHeaders))
    const answer = await site.get('/lobby', post)
    expect(answer).toMatchObject({ status: 503, body: { code: 'ERR_RATE_LIMITED' } })
    expect(answer.headers.get('retry-after')).toBe(retryAfter)
  })

  test('nobody there is our 502', async () => {
    const { site } = await openLobby(express, upstreamAt(await deadUrl()))
    expect(await site.get('/lobby', post)).toMatchObject({
      status: 502,
      body: { code: 'ERR_CONNECTION_REFUSED' },
    })
  })

  test('no answer in time is our 504', async () => {
    const silent = await serve(() => {})
    const { site } = await openLobby(express, upstreamAt(silent.url, 50))
    expect(await site.get('/lobby', post)).toMatchObject({ status: 504, body: { code: 'ERR_TIMEOUT' } })
  })

  test('what the caller did wrong is 400 with the reason, and no matter for onError', async () => {
    const onError = vi.fn<(error: unknown) => void>()
    const app = express()
    app.use(useAgora({ ...optionsFor(emulator()), userId: 'server' }))
    app.post(
      '/rooms/:room',
      route(async (req, res) => {
        res.json(
          await req.agora.messages.sendToChannel({ channel: String(req.params['room']), payload: 'hello' }),
        )
      }),
    )
    app.use(agoraErrorHandler({ onError }))
    const site = await serve(app)
    const answer = await site.get('/rooms/a%2Fb', post)
    expect(answer).toMatchObject({ status: 400, body: { code: 'ERR_INVALID_CHANNEL' } })
    expect(answer.body).toMatchObject({ message: matching(/^channel must not contain "\/"/) })
    expect(onError).not.toHaveBeenCalled()
  })

  test('onError is told of the error and the request when the answer is 500 or more', async () => {
    const onError = vi.fn<(error: unknown, req: Request) => void>()
    const app = express()
    app.use(useAgora(await upstreamThatAnswers(401)))
    app.post('/lobby', send)
    app.use(agoraErrorHandler({ onError }))
    await (await serve(app)).get('/lobby?from=here', post)
    const [error, req] = onError.mock.calls[0] ?? []
    expect(isAgoraError(error) && error.code).toBe('ERR_UNAUTHORIZED')
    expect(req?.originalUrl).toBe('/lobby?from=here')
    expect(onError).toHaveBeenCalledTimes(1)
  })

  test('by default the developer finds the error on the console', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const app = express()
    app.use(useAgora(await upstreamThatAnswers(401)))
    app.post('/lobby', send)
    app.use(agoraErrorHandler())
    expect(await (await serve(app)).get('/lobby', post)).toMatchObject({ status: 502 })
    expect(log.mock.calls).toEqual([[expect.objectContaining({ code: 'ERR_UNAUTHORIZED' })]])
  })

  test('other errors pass through, as they are', async () => {
    const own = Object.assign(new Error('of the application'), { status: 409 })
    const [told, passed]: [unknown[], unknown[]] = [[], []]
    const app = express()
    app.get('/', () => {
      throw own
    })
    app.use(agoraErrorHandler({ onError: (error) => told.push(error) }))
    app.use(answerWithTeapot(passed))
    expect(await (await serve(app)).get('/')).toMatchObject({ status: 418 })
    expect(passed).toEqual([own])
    expect(told).toEqual([])
  })

  test('an answer that has begun is cut off, not continued', async () => {
    const onError = vi.fn<(error: unknown) => void>()
    const app = express()
    app.use(useAgora(await upstreamThatAnswers(401)))
    app.post(
      '/lobby',
      route(async (req, res) => {
        res.status(200).write('the beginning')
        await req.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
      }),
    )
    app.use(agoraErrorHandler({ onError }))
    await expect((await serve(app)).get('/lobby', post)).rejects.toThrow('terminated')
    expect(onError).not.toHaveBeenCalled()
  })
})
