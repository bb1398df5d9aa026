import { signNotification } from '@agora-signaling/core/testing'
import fastify from 'fastify'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { expect, onTestFinished, test, vi } from 'vitest'
import { having } from './emulator.test.support.js'
import { notificationRoute } from './index.js'

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)

const secret = 'webhook-secret'
const onNotification = vi.fn<(notification: { noticeId: string }) => void>()
const onError = vi.fn<(error: unknown) => void>()
const url = '/agora/notifications'

function createApp(): FastifyInstance {
  onNotification.mockReset()
  onError.mockReset()
  const app = fastify()
  onTestFinished(() => app.close())
  return app
}

async function send(app: FastifyInstance, changes: InjectOptions = {}): Promise<LightMyRequestResponse> {
  const { rawBody, headers } = signNotification({ secret, noticeId: 'first', productId: 1, eventType: 103 })
  return app.inject({ method: 'POST', url, payload: rawBody, headers, ...changes })
}

const route = (): ReturnType<typeof notificationRoute> =>
  notificationRoute({ secret, onNotification, onError })

test('is the second argument of app.post(), and needs nothing else', async () => {
  const app = createApp()
  app.post(url, route())
  const response = await send(app)
  expect([response.statusCode, response.json()]).toEqual([200, {}])
  expect(onNotification).toHaveBeenCalledExactlyOnceWith(having({ noticeId: 'first' }))
})

test('leaves the body to the hooks of the application, parsed as always', async () => {
  const app = createApp()
  const bodies: unknown[] = []
  app.addHook('preHandler', async (request) => {
    bodies.push(request.body)
  })
  app.post(url, route())
  expect((await send(app)).statusCode).toBe(200)
  expect(bodies).toEqual([having({ noticeId: 'first' })])
})

test('works with a content-type parser of the application’s', async () => {
  const app = createApp()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post(url, route())
  expect((await send(app)).statusCode).toBe(200)
})

test('its handler alone works where a parser has left the bytes', async () => {
  const app = createApp()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  app.post(url, route().handler)
  expect((await send(app)).statusCode).toBe(200)
  expect(onNotification).toHaveBeenCalledOnce()
})

test('its handler alone says loudly that the bytes are gone where Fastify has parsed them', async () => {
  const app = createApp()
  app.post(url, route().handler)
  expect((await send(app)).statusCode).toBe(500)
  expect(onError).toHaveBeenCalledExactlyOnceWith(having({ code: 'ERR_WEBHOOK_RAW_BODY' }))
  expect(onNotification).not.toHaveBeenCalled()
})

test('a hook that has read the body before is told of loudly', async () => {
  const app = createApp()
  app.addHook('preParsing', async (_request, _reply, payload) => {
    for await (const _ of payload);
    return payload
  })
  app.post(url, route())
  const response = await send(app)
  expect([response.statusCode, response.json()]).toEqual([500, having({ code: 'ERR_WEBHOOK_RAW_BODY' })])
  expect(onError).toHaveBeenCalledExactlyOnceWith(having({ code: 'ERR_WEBHOOK_RAW_BODY' }))
  expect(onNotification).not.toHaveBeenCalled()
})

test.each([
  ['no JSON', { payload: 'hello' }, 400],
  ['nothing', { payload: '' }, 400],
  ['of a type Fastify does not know', { headers: { 'content-type': 'text/calendar' } }, 415],
  ['larger than bodyLimit', { payload: `"${'x'.repeat(2 * 1024 * 1024)}"` }, 413],
])('a body that is %s is refused by Fastify', async (_, changes, status) => {
  const app = createApp()
  app.post(url, route())
  expect((await send(app, changes)).statusCode).toBe(status)
  expect(onNotification).not.toHaveBeenCalled()
})

test('tells Fastify’s own logger: refused requests in one line, a failure with its reason', async () => {
  const lines: string[] = []
  const app = fastify({ logger: { stream: { write: (line: string) => void lines.push(line) } } })
  onTestFinished(() => app.close())
  const cause = new Error('The queue is full.')
  app.post(url, notificationRoute({ secret, onNotification: () => Promise.reject(cause) }))
  const guessed = signNotification({ secret: 'guessed', productId: 1, eventType: 103 })
  await send(app, { payload: guessed.rawBody, headers: guessed.headers })
  await send(app)
  const told = lines
    .map((line): unknown => JSON.parse(line))
    .filter((line) => /Agora/.test(JSON.stringify(line)))
  expect(told).toEqual([
    having({ level: 40, msg: matching(/^Agora notification: The signature/), reqId: 'req-1' }),
    having({
      level: 50,
      msg: matching(/onNotification failed/),
      reqId: 'req-2',
      err: having({ code: 'ERR_WEBHOOK_HANDLER', stack: matching(/The queue is full/) }),
    }),
  ])
})

test('handed over uncalled, says so', async () => {
  const app = createApp()
  Reflect.apply(app.post, app, [url, notificationRoute])
  const response = await send(app)
  expect([response.statusCode, response.json()]).toEqual([
    500,
    having({ message: matching(/notificationRoute\(\{ onNotification/) }),
  ])
})
