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

describe('plain http may go to one other machine, which has to be named exactly:', () => {
  test.each([
    ['http://emulator:4010', 'emulator', 'http://emulator:4010'],
    ['http://Emulator:4010', 'EMULATOR', 'http://emulator:4010'],
    ['http://agora-emulator.test.svc:80', 'agora-emulator.test.svc', 'http://agora-emulator.test.svc'],
    ['http://10.0.0.7:4010', '10.0.0.7', 'http://10.0.0.7:4010'],
    ['http://[fd00::7]:4010', '[fd00::7]', 'http://[fd00::7]:4010'],
    // What is safe stays allowed.
    ['http://127.0.0.1:4010', 'emulator', 'http://127.0.0.1:4010'],
    ['https://api.agora.io', 'emulator', 'https://api.agora.io'],
  ])('%s with %s', (baseUrl, insecureHost, origin) => {
    expect(requireOrigin(baseUrl, insecureHost)).toBe(origin)
  })

  test.each([
    ['another host', 'http://emulator2:4010', 'emulator'],
    ['a host in its domain', 'http://a.emulator:4010', 'emulator'],
    ['a host that ends like it', 'http://the-emulator:4010', 'emulator'],
    ['Agora itself', 'http://api.agora.io', 'emulator'],
  ])('%s is refused, and told how it could be allowed', (_, baseUrl, insecureHost) => {
    const error = thrownBy(() => requireOrigin(baseUrl, insecureHost))
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toMatch(/plain http only for this machine.*insecureHost, AGORA_ALLOW_INSECURE_HOST/)
  })

  test.each([
    '',
    '*',
    'true',
    '1',
    'emulator:4010',
    'http://emulator',
    'emulator/',
    'emulator,other',
    '*.test',
    'user@emulator',
    'api.agora.io',
    'agora.io',
    'API.SD-RTN.com',
    'api.agora.io.',
    'x y',
  ])('the host %j allows nothing', (insecureHost) => {
    const baseUrl = URL.canParse(`http://${insecureHost}`)
      ? new URL(`http://${insecureHost}`).origin
      : 'http://x'
    const error = thrownBy(() =>
      requireOrigin(insecureHost === 'true' ? 'http://emulator' : baseUrl, insecureHost),
    )
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
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
