import { expect, test } from 'vitest'
import { thrownBy } from '../test-support/failures.js'
import { refuseUncalled } from './signaling-options.js'

test.each<[string, object]>([
  ['the request of Express or Fastify', { method: 'POST', headers: {}, url: '/agora' }],
  ['the context of Koa', { req: {}, request: {}, state: {} }],
  ['the context of Hono', { req: {}, env: {} }],
  ['a web request', new Request('http://127.0.0.1/agora')],
  ['an error, as for an error handler', new Error('gone')],
])('%s in place of options means that a function was mounted uncalled', (_, first) => {
  const error = thrownBy(() => refuseUncalled('app.use(agoraSignaling())', first))
  expect(error.code).toBe('ERR_CONFIG_INVALID')
  expect(error.message).toContain('\n\n  app.use(agoraSignaling())\n')
})

test.each([undefined, {}, { userId: () => 'alice' }, { onNotification: () => {} }, 'text'])(
  'options are left alone: %o',
  (first) => {
    expect(() => refuseUncalled('app.use(agoraSignaling())', first)).not.toThrow()
  },
)
