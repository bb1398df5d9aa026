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

  test('but not where only a part of a browser is imitated', () => {
    vi.stubGlobal('window', {})
    expect(make().appId).toBe(appId)
  })
})
