import { expect, test } from 'vitest'
import * as health from './health.js'
import * as nestjs from './index.js'

test('the public names change on purpose only', () => {
  expect(Object.keys(nestjs).toSorted()).toEqual([
    'Agora',
    'AgoraAbortError',
    'AgoraApiError',
    'AgoraCallError',
    'AgoraConfigError',
    'AgoraConnectionError',
    'AgoraError',
    'AgoraExceptionFilter',
    'AgoraQuotaError',
    'AgoraSignalingModule',
    'AgoraTimeoutError',
    'AgoraTokenError',
    'AgoraValidationError',
    'AgoraWebhookError',
    'InjectAgora',
    'InjectAgoraTenants',
    'createSignalingClient',
    'getAgoraTenantsToken',
    'getAgoraToken',
    'isAgoraError',
  ])
  expect(Object.keys(health)).toEqual(['AgoraHealthIndicator'])
})
