import { expect, test } from 'vitest'
import * as fastify from './index.js'

test('the public names change on purpose only', () => {
  expect(Object.keys(fastify).toSorted()).toEqual([
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
    'agoraErrorHandler',
    'agoraSignaling',
    'createSignalingClient',
    'getAgora',
    'isAgoraError',
    'notificationRoute',
    'tokenRoute',
  ])
})
