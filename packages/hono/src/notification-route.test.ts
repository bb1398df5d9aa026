import { signNotification } from '@agora-signaling/core/testing'
import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { afterEach, expect, test, vi } from 'vitest'
import { having } from './emulator.test.support.js'
import { notificationRoute } from './index.js'

const secret = 'webhook-secret'
const onNotification = vi.fn<(notification: { noticeId: string }) => void>()
const onError = vi.fn<(error: unknown) => void>()

afterEach(() => {
  vi.resetAllMocks()
})

async function send(before?: MiddlewareHandler, payload: unknown = {}): Promise<Response> {
  const app = new Hono()
  if (before !== undefined) app.use(before)
  app.post('/', notificationRoute({ secret, onNotification, onError }))
  const { rawBody, headers } = signNotification({
    secret,
    noticeId: 'first',
    productId: 1,
    eventType: 103,
    payload,
  })
  return app.request('/', { method: 'POST', body: rawBody, headers: { ...headers } })
}

test('handles a notification without a server, as in tests of an application', async () => {
  const response = await send()
  expect([response.status, await response.json()]).toEqual([200, {}])
  expect(onNotification).toHaveBeenCalledExactlyOnceWith(having({ noticeId: 'first' }))
})

test.each(['json', 'text', 'arrayBuffer'] as const)(
  'works behind a middleware that has read the body with c.req.%s()',
  async (read) => {
    const response = await send(async (c, next) => {
      await c.req[read]()
      await next()
    })
    expect(response.status).toBe(200)
    expect(onNotification).toHaveBeenCalledOnce()
  },
)

test('behind a middleware that has read the body past Hono says loudly that the bytes are gone', async () => {
  const response = await send(async (c, next) => {
    await c.req.raw.json()
    await next()
  })
  expect(response.status).toBe(500)
  expect(onError).toHaveBeenCalledExactlyOnceWith(having({ code: 'ERR_WEBHOOK_RAW_BODY' }))
  expect(onNotification).not.toHaveBeenCalled()
})

test('a body that is too large is refused', async () => {
  const response = await send(undefined, { text: 'x'.repeat(1024 * 1024) })
  expect([response.status, await response.json()]).toEqual([400, having({ code: 'ERR_WEBHOOK_PAYLOAD' })])
  expect(onError).toHaveBeenCalledExactlyOnceWith(having({ code: 'ERR_WEBHOOK_PAYLOAD' }))
})

test('no body at all is refused', async () => {
  const app = new Hono().post('/', notificationRoute({ secret, onNotification, onError }))
  expect((await app.request('/', { method: 'POST' })).status).toBe(401)
})
