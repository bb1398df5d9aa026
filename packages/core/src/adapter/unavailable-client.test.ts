import { expect, test } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { UnavailableClient } from './unavailable-client.js'

const reason = new Error('AGORA_APP_ID is missing.')
const client = createSignalingClient({ appId, customerId, customerSecret })
const members = Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter(
  (name) => name !== 'constructor',
)

test('a client has the members that the documentation names', () => {
  expect(members).toEqual(expect.arrayContaining(['appId', 'messages', 'issueToken', 'close']))
})

test.each(members)('%s of a client that could not be made throws the reason', (member) => {
  const use = (): unknown => Reflect.get(new UnavailableClient(reason), member)
  expect(use).toThrow(reason)
})

test('what frameworks look for is not there, and is no error', () => {
  const unavailable = new UnavailableClient(reason)
  for (const name of ['then', 'onModuleInit', 'onApplicationShutdown', 'toJSON']) {
    expect(Reflect.get(unavailable, name)).toBeUndefined()
  }
  expect(unavailable.reason).toBe(reason)
})
