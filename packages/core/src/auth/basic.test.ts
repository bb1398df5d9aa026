import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { basicHeader, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { basicAuth } from './basic.js'

useCleanEnvironment()

test.each(['alice', 'bob', undefined])('a call that acts for %s carries the pair', async (userId) => {
  const { headers } = await basicAuth({ customerId, customerSecret }).authorize(userId)
  expect(headers).toEqual({ authorization: basicHeader })
})

test('any user may be the sender, and none is one by default', () => {
  const strategy = basicAuth({ customerId, customerSecret })
  expect(strategy.userId).toBeUndefined()
  expect(strategy.canActFor('anyone')).toBe(true)
})

test('a malformed pair is refused when the strategy is made', () => {
  expect(thrownBy(() => basicAuth({ customerId, customerSecret: '' })).code).toBe('ERR_CONFIG_MISSING')
  expect(thrownBy(() => basicAuth({ customerId: 'a:b', customerSecret })).code).toBe('ERR_INVALID_CREDENTIAL')
})

test('a 401 is not tried again: there is nothing new to send', async () => {
  const agora = mockAgora()
  agora.answers({ status: 401, body: { message: 'Unauthorized' } })
  const error = await rejectionOf(agora.basicClient().projects.list())
  expect(error).toMatchObject({ code: 'ERR_UNAUTHORIZED' })
  expect(agora.requests).toHaveLength(1)
})

test('a 401 tells where to check the pair', async () => {
  const agora = mockAgora()
  agora.answers({ status: 401, body: { message: 'Unauthorized' } })
  const error = await rejectionOf(agora.basicClient().projects.list())
  expect(error.message).toContain('Developer Toolkit → RESTful API')
  expect(error.message).toContain('not the App ID and app certificate')
})

test('the strategy does not print its secret', () => {
  const shown = inspect(basicAuth({ customerId, customerSecret }), { depth: 10, showHidden: true })
  expect(shown).not.toContain(customerSecret)
  expect(shown).not.toContain(basicHeader.slice('Basic '.length))
})
