import { Agent } from 'undici'
import { expect, test, vi } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { CommonClientOptions } from '../client/options.js'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'

useCleanEnvironment()

const proxy = 'http://canary:secret@proxy.example:3128'

function linesOf(
  env: Readonly<Record<string, string>>,
  options: CommonClientOptions = {},
  clients = 1,
): string[] {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const warn = vi.fn<(message: string, details?: object) => void>()
  const logger = { ...console, warn }
  for (let index = 0; index < clients; index++) {
    createSignalingClient({ appId, customerId, customerSecret, logger, ...options })
  }
  return warn.mock.calls.map(([message]) => message)
}

test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])(
  '%s that is set and not used is told once, with what to do, and without its value',
  (variable) => {
    const lines = linesOf({ [variable]: proxy }, {}, 3)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      new RegExp(`^${variable} is set.*dispatcher: new EnvHttpProxyAgent\\(\\) from undici.*NO_PROXY`),
    )
    expect(lines[0]).not.toMatch(/canary|proxy\.example/)
  },
)

test.each<[string, Readonly<Record<string, string>>, CommonClientOptions]>([
  ['no proxy is set', {}, {}],
  ['it is empty', { HTTPS_PROXY: ' ' }, {}],
  ['it is for plain http', { HTTP_PROXY: proxy }, {}],
  ['a dispatcher is given', { HTTPS_PROXY: proxy }, { dispatcher: new Agent() }],
  ['calls go to this machine', { HTTPS_PROXY: proxy }, { baseUrl: 'http://127.0.0.1:4010' }],
  ['NO_PROXY names everything', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, {}],
  ['NO_PROXY names both domains', { HTTPS_PROXY: proxy, NO_PROXY: 'localhost,.agora.io, sd-rtn.com' }, {}],
  ['NO_PROXY names the hosts', { HTTPS_PROXY: proxy, no_proxy: 'api.agora.io api.sd-rtn.com:443' }, {}],
  ['NO_PROXY names a pattern', { HTTPS_PROXY: proxy, NO_PROXY: '*.agora.io,*.SD-RTN.com' }, {}],
])('nothing is told when %s', (_, env, options) => {
  expect(linesOf(env, options)).toEqual([])
})

test.each(['api.agora.io', 'gora.io,sd-rtn.com', 'agora.io:8443,sd-rtn.com', '', ',', '.'])(
  'NO_PROXY=%s leaves a host for the proxy',
  (noProxy) => {
    expect(linesOf({ HTTPS_PROXY: proxy, NO_PROXY: noProxy })).toHaveLength(1)
  },
)
