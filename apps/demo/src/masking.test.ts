import { buildSignalingToken } from '@agora-signaling/core'
import { expect, test } from 'vitest'
import { createMasker, mask } from './masking.js'

const hex = '0123456789abcdef0123456789abcdef'

test('a masked value shows its first four characters', () => {
  expect(mask('secret')).toBe('secr…')
})

test('values are masked wherever they stand in a text, also one inside another', () => {
  const conceal = createMasker(['canary-secret', 'canary'])
  expect(conceal('canary-secret, (canary-secret) and canary')).toBe('cana…, (cana…) and cana…')
})

test('any token is masked, whoever made it', () => {
  const token = buildSignalingToken({ appId: hex, appCertificate: hex, userId: 'alice', ttlSeconds: 60 })
  expect(createMasker([])(`authorization: agora token=${token}, x-agora-uid: alice`)).toBe(
    'authorization: agora token=007e…, x-agora-uid: alice',
  )
})

test('what is no secret stays as it is, and a value that is not set masks nothing', () => {
  expect(createMasker(['', hex])('GET /dev/v1/projects → 007 messages')).toBe(
    'GET /dev/v1/projects → 007 messages',
  )
})
