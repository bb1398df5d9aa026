import { expect, test } from 'vitest'
import * as koa from './index.js'

test('the public names change on purpose only', () => {
  expect(Object.keys(koa).toSorted()).toEqual([
    'AgoraAbortError',
    'AgoraApiError',
    'AgoraCallError',
    'AgoraConfigError',
    'AgoraConnectionError',
    'AgoraError',
    'AgoraQuotaError',
    'AgoraTimeoutError',
    'AgoraTokenError',
    'AgoraValidationError',
    'AgoraWebhookError',
    'agoraSignaling',
    'createSignalingClient',
    'getAgora',
    'isAgoraError',
    'notificationRoute',
    'tokenRoute',
  ])
})
