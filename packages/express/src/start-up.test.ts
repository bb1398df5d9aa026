import express5 from 'express'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { agoraErrorHandler, agoraSignaling, tokenRoute } from './index.js'
import { answerWithTeapot, stubEnvironment, useAgora } from './lobby.test.support.js'
import { expressVersions, matching, serve } from './site.test.support.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

const hex = '0123456789abcdef0123456789abcdef'
const pair = { AGORA_CUSTOMER_ID: 'customer', AGORA_CUSTOMER_SECRET: 'canary-secret' }

/** The code and message of what `agoraSignaling()` throws in an environment. */
function failureIn(environment: Readonly<Record<string, string>>): unknown {
  stubEnvironment(environment)
  try {
    agoraSignaling()
  } catch (error) {
    return error
  }
  return undefined
}

describe('what is missing in the environment stops the start, with the variable and the console page', () => {
  test.each([
    ['the App ID', pair, 'AGORA_APP_ID', 'Project Management'],
    ['every credential', { AGORA_APP_ID: hex }, 'AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET', 'RESTful API'],
    [
      'half of the customer pair',
      { AGORA_APP_ID: hex, AGORA_CUSTOMER_ID: 'customer' },
      'AGORA_CUSTOMER_SECRET',
      'RESTful API',
    ],
    [
      'the user of a certificate',
      { AGORA_APP_ID: hex, AGORA_APP_CERTIFICATE: hex },
      'AGORA_USER_ID',
      'for instance "server"',
    ],
  ])('%s', (_, environment, variable, place) => {
    expect(failureIn(environment)).toMatchObject({
      name: 'AgoraConfigError',
      code: 'ERR_CONFIG_MISSING',
      message: matching(new RegExp(`${variable}.*${place}`, 's')),
    })
  })

  test('a malformed App ID is refused without being shown', () => {
    const error = failureIn({ ...pair, AGORA_APP_ID: 'not-an-app-id' })
    expect(error).toMatchObject({
      code: 'ERR_INVALID_APP_ID',
      message: matching(/AGORA_APP_ID/),
    })
    expect(String(error)).not.toMatch(/not-an-app-id|canary-secret/)
  })

  test('a complete environment starts', async () => {
    stubEnvironment({ ...pair, AGORA_APP_ID: hex })
    await expect(agoraSignaling().close()).resolves.toBeUndefined()
  })
})

test('two ways to authenticate at once are refused, also when TypeScript did not look', () => {
  stubEnvironment({})
  const options: object = {
    appId: hex,
    customerId: 'customer',
    customerSecret: 'canary-secret',
    token: '007',
    userId: 'a',
  }
  expect(() => agoraSignaling(options)).toThrow(/customerId.*token|token.*customerId/)
})

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
    stubEnvironment({ ...pair, AGORA_APP_ID: hex })
    expect(() => make(options)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
    expect(() => make(options)).toThrow(message)
  })
})

describe.each(expressVersions)(
  'a function that is mounted and not called says so in $version:',
  ({ express }) => {
    test.each<[string, object, string]>([
      ['agoraSignaling', agoraSignaling, 'app.use(agoraSignaling())'],
      ['tokenRoute', tokenRoute, "app.get('/agora/token', tokenRoute())"],
      ['agoraErrorHandler', agoraErrorHandler, 'app.use(agoraErrorHandler())'],
    ])('%s', async (_name, uncalled, fix) => {
      stubEnvironment({ ...pair, AGORA_APP_ID: hex })
      const errors: unknown[] = []
      const app = express()
      Reflect.apply(app.use.bind(app), undefined, ['/agora', uncalled])
      app.use(answerWithTeapot(errors))
      expect(await (await serve(app)).get('/agora')).toMatchObject({ status: 418 })
      expect(errors).toEqual([expect.objectContaining({ code: 'ERR_CONFIG_INVALID' })])
      expect(String(errors[0])).toContain(fix)
    })
  },
)

// Express 4 is another copy of Express here, and the property belongs to the requests of the copy that the adapter finds.
test('req.agora before the middleware names the line to add', async () => {
  stubEnvironment({ ...pair, AGORA_APP_ID: hex })
  const errors: unknown[] = []
  const app = express5()
  app.get('/', (req, res) => {
    res.json(req.agora.appId)
  })
  app.use(useAgora())
  app.get('/later', (req, res) => {
    res.json(req.agora.appId)
  })
  app.use(answerWithTeapot(errors))
  const site = await serve(app)
  expect(await site.get('/')).toMatchObject({ status: 418 })
  expect(errors).toEqual([expect.objectContaining({ code: 'ERR_NOT_REGISTERED' })])
  expect(String(errors[0])).toContain('\n  app.use(agoraSignaling())\n')
  expect(await site.get('/later')).toMatchObject({ body: hex })
})

test('another library may still have something of its own at req.agora', async () => {
  stubEnvironment({ ...pair, AGORA_APP_ID: hex })
  useAgora()
  const app = express5()
  app.use((req, _res, next) => {
    Object.assign(req, { agora: 'of another library' })
    next()
  })
  app.get('/', (req, res) => {
    res.json({ agora: req.agora, isOwn: Object.keys(req).includes('agora') })
  })
  expect(await (await serve(app)).get('/')).toMatchObject({
    body: { agora: 'of another library', isOwn: true },
  })
})
