import { afterEach, describe, expect, test, vi } from 'vitest'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { thrownBy } from '../test-support/failures.js'
import { createSignalingClient } from './client.js'

useCleanEnvironment()

const make = () => createSignalingClient({ appId, customerId, customerSecret })

describe('a client is refused where visitors could read its secrets', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test.each([
    ['a browser window', ['window', 'document']],
    ['a browser worker', ['importScripts']],
  ])('in %s', (_, globals) => {
    for (const name of globals) vi.stubGlobal(name, {})
    const error = thrownBy(make)
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_SECRET_EXPOSED' })
    expect(error.message).toMatch(/browser.*on your server.*tokenRoute/)
  })

  test.each([
    [
      'Electron with Node inside',
      'Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0 Electron/39.0.0 Safari/537.36',
    ],
    ['a DOM that does not say what it is', undefined],
  ])('in %s', (_, userAgent) => {
    vi.stubGlobal('document', {})
    vi.stubGlobal('window', { navigator: { userAgent } })
    expect(thrownBy(make).code).toBe('ERR_SECRET_EXPOSED')
  })

  test('in a browser whose bundler brought a process, whatever the browser calls itself', () => {
    vi.stubGlobal('document', {})
    vi.stubGlobal('window', { navigator: { userAgent: 'Mozilla/5.0 jsdom/26.1.0' } })
    vi.stubGlobal('process', { env: {}, versions: { node: '22.0.0' } })
    expect(thrownBy(make).code).toBe('ERR_SECRET_EXPOSED')
  })

  test.each([
    ['jsdom', 'Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/26.1.0'],
    ['happy-dom', 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) HappyDOM/20.0.2'],
  ])('but not in tests with %s', (_, userAgent) => {
    vi.stubGlobal('document', {})
    vi.stubGlobal('window', { navigator: { userAgent } })
    expect(make().appId).toBe(appId)
  })

  test('but not where only a part of a browser is imitated', () => {
    vi.stubGlobal('window', {})
    expect(make().appId).toBe(appId)
  })
})
