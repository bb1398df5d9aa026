import { signNotification } from '@agora-signaling/core/testing'
import type { RequestHandler } from 'express'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { notificationRoute } from './index.js'
import { expressVersions, serve } from './site.test.support.js'
import type { Answer } from './site.test.support.js'

// What is the same in every framework is checked by packages/conformance.

const secret = 'webhook-secret'
const onNotification = vi.fn<(notification: { noticeId: string }) => void>()
const onError = vi.fn<(error: unknown) => void>()

afterEach(() => {
  vi.resetAllMocks()
})

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
})
