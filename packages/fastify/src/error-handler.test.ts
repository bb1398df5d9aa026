import { Writable } from 'node:stream'
import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { having, optionsFor, useEmulator } from './emulator.test.support.js'
import { agoraErrorHandler, agoraSignaling, isAgoraError } from './index.js'

const emulator = useEmulator()

interface LogLine {
  readonly level: number
}

function isLogLine(value: unknown): value is LogLine {
  return typeof value === 'object' && value !== null && 'level' in value && typeof value.level === 'number'
}

/** An application whose one route is refused by Agora, and what it writes to its log. */
async function createRefused(): Promise<{ app: FastifyInstance; log: () => LogLine[] }> {
  const lines: LogLine[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      const line: unknown = JSON.parse(String(chunk))
      if (isLogLine(line)) lines.push(line)
      done()
    },
  })
  const app = fastify({ logger: { level: 'info', stream } })
  onTestFinished(() => app.close())
  const options = { ...optionsFor(emulator()), customerSecret: 'canary-secret', userId: 'server' }
  await app.register(agoraSignaling, options)
  app.post('/lobby', (request) =>
    request.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' }),
  )
  return { app, log: () => lines }
}

const post = { method: 'POST', url: '/lobby' } as const

test('Agora refusing the server is our 502; the log of the request has the reason, and no secret', async () => {
  const { app, log } = await createRefused()
  app.setErrorHandler(agoraErrorHandler())
  const response = await app.inject(post)
  expect([response.statusCode, response.json()]).toEqual([502, having({ code: 'ERR_UNAUTHORIZED' })])
  const errors = log().filter(({ level }) => level >= 50)
  expect(errors).toEqual([having({ reqId: 'req-1', err: having({ code: 'ERR_UNAUTHORIZED' }) })])
  expect(JSON.stringify(log())).not.toContain('canary-secret')
})

test('without it Fastify answers 500, and never Agora’s 401', async () => {
  const { app } = await createRefused()
  expect((await app.inject(post)).statusCode).toBe(500)
})

test('what callers do wrong is no error of the log', async () => {
  const { app, log } = await createRefused()
  app.setErrorHandler(agoraErrorHandler())
  app.get('/', (request) => request.agora.messages.sendToChannel({ channel: 'a/b', payload: 'hello' }))
  expect((await app.inject('/')).statusCode).toBe(400)
  expect(log().filter(({ level }) => level >= 50)).toEqual([])
})

test('an error of others goes on to the scope around, in the end to Fastify', async () => {
  const { app } = await createRefused()
  const own = Object.assign(new Error('Not for everybody.'), { statusCode: 409 })
  app.setErrorHandler(agoraErrorHandler())
  app.get('/', async () => Promise.reject(own))
  const response = await app.inject('/')
  expect([response.statusCode, response.json()]).toEqual([409, having({ message: 'Not for everybody.' })])
})

test('an error handler of the application’s calls it for errors of Agora calls', async () => {
  const { app } = await createRefused()
  const answerAgoraError = agoraErrorHandler()
  app.setErrorHandler((error, request, reply) => {
    if (isAgoraError(error)) return answerAgoraError(error, request, reply)
    return reply.code(418).send()
  })
  app.get('/', async () => Promise.reject(new Error('Something else.')))
  expect((await app.inject(post)).statusCode).toBe(502)
  expect((await app.inject('/')).statusCode).toBe(418)
})

test('keeps the headers that hooks have set: CORS, for instance', async () => {
  const { app } = await createRefused()
  app.setErrorHandler(agoraErrorHandler())
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('access-control-allow-origin', 'https://chat.example')
  })
  app.post('/cors', (request) => request.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' }))
  const { statusCode, headers } = await app.inject({ method: 'POST', url: '/cors' })
  expect([statusCode, headers['access-control-allow-origin']]).toEqual([502, 'https://chat.example'])
})

test('an answer that has begun is cut off by Fastify, not continued', async () => {
  const { app } = await createRefused()
  app.setErrorHandler(agoraErrorHandler())
  app.get('/', async (request, reply) => {
    reply.raw.writeHead(200).write('the beginning')
    await request.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
  })
  const response = await fetch(await app.listen({ port: 0, host: '127.0.0.1' }))
  await expect(response.text()).rejects.toThrow('terminated')
})
