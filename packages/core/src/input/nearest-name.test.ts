import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.js'

const known = [
  'appId',
  'appCertificate',
  'userId',
  'timeoutMs',
  'ttlSeconds',
  'from',
  'to',
  'payload',
  'dispatcher',
]

test.each([
  ['userID', 'userId'],
  ['userid', 'userId'],
  ['user_id', 'userId'],
  ['useId', 'userId'],
  ['form', 'from'],
  ['ot', 'to'],
  ['timeout', 'timeoutMs'],
  ['timeoutMS', 'timeoutMs'],
  ['ttl', 'ttlSeconds'],
  ['certificate', 'appCertificate'],
  ['appCertifcate', 'appCertificate'],
  ['paylaod', 'payload'],
  ['dispacther', 'dispatcher'],
])('%s was meant to be %s', (name, meant) => {
  expect(nearestName(name, known)).toBe(meant)
})

test.each(['', 'x', 'colour', 'channel', 'a'.repeat(1_000_000)])('nothing is near %j', (name) => {
  expect(nearestName(name, known)).toBeUndefined()
})
