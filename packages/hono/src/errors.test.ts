import { inspect } from 'node:util'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { expect, onTestFinished, test, vi } from 'vitest'
import { having, optionsFor, useEmulator } from './emulator.test.support.js'
import { agoraErrorHandler, agoraSignaling, getAgora, isAgoraError } from './index.js'

// What is the same in every framework is checked by packages/conformance.

const emulator = useEmulator()

/** An application whose one route is refused by Agora. */
function createRefused(): Hono {
  const agora = agoraSignaling({
    ...optionsFor(emulator()),
    customerSecret: 'canary-secret',
    userId: 'server',
    logLevel: 'silent',
  })
  onTestFinished(() => agora.close())
  const app = new Hono()
  app.use(cors())
  app.use(agora)
  app.post('/lobby', async (c) =>
    c.json(await getAgora(c).messages.sendToChannel({ channel: 'lobby', payload: 'hello' })),
  )
  return app
}

/** Keeps the console quiet, and gives what it would have printed. */
function silenceConsole(): () => unknown[][] {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  onTestFinished(() => log.mockRestore())
  return () => log.mock.calls
}

const post = { method: 'POST' }

test('Agora refusing the server is our 502, with the headers of other middleware', async () => {
  const app = createRefused().onError(agoraErrorHandler({ onError: () => {} }))
  const response = await app.request('/lobby', post)
  expect([response.status, await response.json()]).toEqual([502, having({ code: 'ERR_UNAUTHORIZED' })])
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
})

test('by default the developer finds it on the console, without a secret', async () => {
  const printed = silenceConsole()
  await createRefused().onError(agoraErrorHandler()).request('/lobby', post)
  expect(printed()).toEqual([[having({ code: 'ERR_UNAUTHORIZED' })]])
  expect(inspect(printed(), { depth: 9 })).not.toContain('canary-secret')
})

test('onError is told of it, with the context', async () => {
  const told: unknown[] = []
  const app = createRefused().onError(
    agoraErrorHandler({ onError: (error, c) => told.push(isAgoraError(error) && error.code, c.req.path) }),
  )
  await app.request('/lobby', post)
  expect(told).toEqual(['ERR_UNAUTHORIZED', '/lobby'])
})

test('what callers do wrong is no matter for onError', async () => {
  const onError = vi.fn<(error: unknown) => void>()
  const app = createRefused().onError(agoraErrorHandler({ onError }))
  app.get('/', async (c) =>
    c.json(await getAgora(c).messages.sendToChannel({ channel: 'a/b', payload: 'hello' })),
  )
  expect((await app.request('/')).status).toBe(400)
  expect(onError).not.toHaveBeenCalled()
})

test('without it Hono answers 500, and never Agora’s 401', async () => {
  silenceConsole()
  expect((await createRefused().request('/lobby', post)).status).toBe(500)
})

test('an HTTPException is answered as it says', async () => {
  const app = new Hono().onError(agoraErrorHandler()).get('/', () => {
    throw new HTTPException(409, { message: 'Not for everybody.' })
  })
  const response = await app.request('/')
  expect([response.status, await response.text()]).toEqual([409, 'Not for everybody.'])
})

test('any other error is answered 500 and printed, as Hono does', async () => {
  const printed = silenceConsole()
  const own = new Error('Of the application.')
  const throwing = (): never => {
    throw own
  }
  const withHandler = await new Hono().onError(agoraErrorHandler()).get('/', throwing).request('/')
  const without = await new Hono().get('/', throwing).request('/')
  expect([withHandler.status, await withHandler.text()]).toEqual([without.status, await without.text()])
  expect(printed()).toEqual([[own], [own]])
})

test('an error handler of the application’s calls it for errors of Agora calls', async () => {
  const answerAgoraError = agoraErrorHandler({ onError: () => {} })
  const app = createRefused().onError((error, c) =>
    isAgoraError(error) ? answerAgoraError(error, c) : c.text('I am a teapot', 418),
  )
  app.get('/', () => {
    throw new Error('Something else.')
  })
  expect((await app.request('/lobby', post)).status).toBe(502)
  expect((await app.request('/')).status).toBe(418)
})

test('serves applications within an application', async () => {
  const outer = new Hono().onError(agoraErrorHandler({ onError: () => {} }))
  outer.route('/api', createRefused())
  expect((await outer.request('/api/lobby', post)).status).toBe(502)
})
