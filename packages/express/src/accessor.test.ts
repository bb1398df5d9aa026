import { describe, expect, test } from 'vitest'
import { getAgora } from './index.js'
import { answerWithTeapot, optionsFor, useAgora, useEmulator } from './lobby.test.support.js'
import { expressVersions, matching, serve } from './site.test.support.js'

const emulator = useEmulator()

const notRegistered = {
  name: 'AgoraConfigError',
  code: 'ERR_NOT_REGISTERED',
  message: matching(/\n\n {2}app\.use\(agoraSignaling\(\)\)\n/),
}

describe.each(expressVersions)('getAgora(req) in $version', ({ express }) => {
  test('is req.agora', async () => {
    const app = express()
    app.use(useAgora(optionsFor(emulator())))
    app.get('/', (req, res) => {
      res.json(getAgora(req) === req.agora && getAgora(req).appId === emulator().credentials.appId)
    })
    expect(await (await serve(app)).get('/')).toMatchObject({ body: true })
  })

  test.each([
    ['the middleware is not mounted', undefined],
    [
      'another library has put something of its own at req.agora',
      { messages: {}, appId: 'of another library' },
    ],
  ])('says what to add when %s', async (_, attached) => {
    const errors: unknown[] = []
    const app = express()
    app.use((req, _res, next) => {
      if (attached !== undefined) Object.assign(req, { agora: attached })
      next()
    })
    app.get('/', (req, res) => {
      res.json(getAgora(req).appId)
    })
    app.use(answerWithTeapot(errors))
    expect(await (await serve(app)).get('/')).toMatchObject({ status: 418 })
    expect(errors).toEqual([expect.objectContaining(notRegistered)])
  })

  test('says what to add when the middleware is mounted after the route', async () => {
    const errors: unknown[] = []
    const app = express()
    app.get('/', (req, res) => {
      res.json(getAgora(req).appId)
    })
    app.use(useAgora(optionsFor(emulator())))
    app.use(answerWithTeapot(errors))
    await (await serve(app)).get('/')
    expect(errors).toEqual([expect.objectContaining(notRegistered)])
  })
})
