import { describe, expect, test } from 'vitest'
import { thrownBy } from '../test-support/failures.js'
import { requireOrigin } from './base-url.js'

describe('a base URL is an origin', () => {
  test.each([
    ['https://api-eu-west-1.agora.io', 'https://api-eu-west-1.agora.io'],
    ['https://api.agora.io/', 'https://api.agora.io'],
    ['https://API.agora.io:443', 'https://api.agora.io'],
    ['https://proxy.example:8443', 'https://proxy.example:8443'],
    ['http://localhost:4010', 'http://localhost:4010'],
    ['http://127.0.0.1:4010/', 'http://127.0.0.1:4010'],
    ['http://127.1.2.3:1', 'http://127.1.2.3:1'],
    ['http://[::1]:4010', 'http://[::1]:4010'],
  ])('%s', (baseUrl, origin) => {
    expect(requireOrigin(baseUrl)).toBe(origin)
  })
})

describe('refuses, naming the option and the variable,', () => {
  test.each([
    ['what is no URL', 'api.agora.io', 'absolute URL'],
    ['an empty text', '', 'absolute URL'],
    ['another scheme', 'ftp://api.agora.io', 'absolute URL'],
    ['a path', 'https://api.agora.io/dev', 'origin'],
    ['a query', 'https://api.agora.io?a=canary', 'origin'],
    ['a fragment', 'https://api.agora.io#canary', 'origin'],
    ['credentials', 'https://user:canary@api.agora.io', 'origin'],
    ['plain http to another machine', 'http://api.agora.io', 'plain http only for this machine'],
    [
      'a name that only begins like this machine',
      'http://127.0.0.1.example.com',
      'plain http only for this machine',
    ],
    ['a name that only ends like this machine', 'http://not-localhost', 'plain http only for this machine'],
  ])('%s', (_, baseUrl, words) => {
    const error = thrownBy(() => requireOrigin(baseUrl))
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toMatch(/baseUrl, AGORA_REST_BASE_URL/)
    expect(error.message).toContain(words)
    expect(error.message).not.toContain('canary')
  })
})
