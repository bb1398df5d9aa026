import { signNotification } from '@agora-signaling/core/testing'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { agoraSignaling, notificationRoute } from './index.js'
import { expressVersions, serve } from './site.test.support.js'
import type { Answer } from './site.test.support.js'

// What is the same in every framework is checked by packages/conformance.

const secret = 'webhook-secret'
const onNotification = vi.fn<(notification: { noticeId: string }) => void>()
const onError = vi.fn<(error: unknown) => void>()

afterEach(() => {
  vi.resetAllMocks()
})

const answer500: ErrorRequestHandler = (_error, _req, res, _next) => {
  res.status(500).end()
}

describe.each(expressVersions)('notificationRoute() in $version', ({ express }) => {
  async function sendBehind(parser: RequestHandler): Promise<Answer> {
    const app = express()
    app.use(parser)
    app.post('/', notificationRoute({ secret, onNotification, onError }))
    const draft = { secret, noticeId: 'first', productId: 1, eventType: 103, payload: { text: 'é😀' } }
    const { rawBody, headers } = signNotification(draft)
    return (await serve(app)).get('/', { method: 'POST', body: rawBody, headers })
  }

  test.each<[string, RequestHandler]>([
    ['express.raw()', express.raw({ type: '*/*' })],
    ['express.text()', express.text({ type: '*/*' })],
    [
      'express.json() whose verify option keeps them',
      express.json({
        verify: (req, _res, bytes) => {
          Object.assign(req, { rawBody: bytes })
        },
      }),
    ],
  ])('finds the bytes that %s has left', async (_, parser) => {
    expect(await sendBehind(parser)).toMatchObject({ status: 200, body: {} })
    expect(onNotification).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ noticeId: 'first' }))
    expect(onError).not.toHaveBeenCalled()
  })

  test('says what to do behind express.json(), which has lost them', async () => {
    expect(await sendBehind(express.json())).toMatchObject({ status: 500 })
    const [error] = onError.mock.calls[0] ?? []
    expect(String(error)).toMatch(/before the body parser.*req\.rawBody/)
    expect(onNotification).not.toHaveBeenCalled()
  })

  test('is not fooled by a rawBody that is none', async () => {
    const answer = await sendBehind((req, _res, next) => {
      Object.assign(req, { rawBody: { parsed: true } })
      next()
    })
    expect(answer).toMatchObject({ status: 200 })
  })

  test('handed over uncalled, says so', async () => {
    const app = express()
    app.use(notificationRoute)
    const failures: unknown[] = []
    const handler: ErrorRequestHandler = (error, _req, res, _next) => {
      failures.push(error)
      res.sendStatus(500)
    }
    app.use(handler)
    expect(await (await serve(app)).get('/', { method: 'POST' })).toMatchObject({ status: 500 })
    expect(failures).toEqual([expect.objectContaining({ code: 'ERR_CONFIG_INVALID' })])
    expect(String(failures)).toMatch(/notificationRoute\(\{ onNotification/)
  })

  test.each<[string, unknown]>([
    ['an error', new Error('gone')],
    ['undefined', undefined],
  ])('an answer that cannot be written, because of %s, is no leave to go on', async (_, thrown) => {
    const app = express()
    const later = vi.fn<() => void>()
    app.use((_req, res, next) => {
      res.json = () => {
        throw thrown
      }
      next()
    })
    app.post('/', notificationRoute({ secret, onNotification, onError }))
    app.use((_req, res) => {
      later()
      res.sendStatus(204)
    })
    app.use(answer500)
    const { rawBody, headers } = signNotification({ secret, productId: 1, eventType: 103 })
    const answer = await (await serve(app)).get('/', { method: 'POST', body: rawBody, headers })
    expect(answer).toMatchObject({ status: 500 })
    expect(later).not.toHaveBeenCalled()
  })

  test('tells the logger of the client that the application attached', async () => {
    const warn = vi.fn<(message: string) => void>()
    const logger = { debug: warn, info: warn, warn, error: warn }
    const account = { appId: 'a'.repeat(32), customerId: 'key', customerSecret: 'secret' }
    const app = express()
    app.use(agoraSignaling({ ...account, logger }))
    app.post('/', notificationRoute({ secret, onNotification }))
    const { rawBody, headers } = signNotification({ secret: 'guessed', productId: 1, eventType: 103 })
    expect(await (await serve(app)).get('/', { method: 'POST', body: rawBody, headers })).toMatchObject({
      status: 401,
    })
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^Agora notification: The signature/), undefined],
    ])
  })
})
