import { describe, expect, expectTypeOf, it } from 'vitest'
import { buildAccessToken2 } from '../build.js'
import { fromJavaScript, refusalOf } from '../calls.test.data.js'
import { appCertificate, appId } from '../known-answers.test.data.js'
import { parseAccessToken2 } from '../parse.js'
import { ServiceType } from './service-type.js'
import type { AccessToken2Service, AccessToken2ServiceInput } from './service-type.js'
import type { RtmService } from './rtm.js'
import { apaasService } from './apaas.js'
import { chatService } from './chat.js'
import { convoAiService } from './convo-ai.js'
import { fcdnService } from './fcdn.js'
import { fpaService } from './fpa.js'
import { rtcService } from './rtc.js'
import { rtm2Service } from './rtm2.js'
import { rtmService } from './rtm.js'
import { streamingService } from './streaming.js'
import { sttService } from './stt.js'

const permissions = [{ resourceType: 0, permissionType: 1, resources: ['room'] }]

const examples: readonly (readonly [AccessToken2Service, unknown])[] = [
  [
    rtcService({ channelName: 'stage', account: 'alice' }),
    { type: 1, privileges: { 1: 0 }, channelName: 'stage', account: 'alice' },
  ],
  [
    rtcService({
      channelName: 'stage',
      account: 42,
      joinTtlSeconds: 3600,
      publishAudioTtlSeconds: 60,
      publishVideoTtlSeconds: 0,
      publishDataTtlSeconds: 120,
    }),
    { type: 1, privileges: { 1: 3600, 2: 60, 3: 0, 4: 120 }, channelName: 'stage', account: '42' },
  ],
  [
    rtcService({ channelName: 'stage', account: 0 }),
    { type: 1, privileges: { 1: 0 }, channelName: 'stage', account: '' },
  ],
  [rtmService({ userId: 'alice' }), { type: 2, privileges: { 1: 0 }, userId: 'alice' }],
  [
    rtmService({ userId: 'alice', loginTtlSeconds: 3600 }),
    { type: 2, privileges: { 1: 3600 }, userId: 'alice' },
  ],
  [
    streamingService({ channelName: 'stage', account: 7, publishRawStreamTtlSeconds: 60 }),
    { type: 3, privileges: { 2: 60 }, channelName: 'stage', account: '7' },
  ],
  [
    streamingService({ channelName: 'stage', account: 'a', publishMixedStreamTtlSeconds: 60 }),
    { type: 3, privileges: { 1: 60 }, channelName: 'stage', account: 'a' },
  ],
  [fpaService(), { type: 4, privileges: { 1: 0 } }],
  [fpaService({ loginTtlSeconds: 60 }), { type: 4, privileges: { 1: 60 } }],
  [chatService({ userId: 'alice' }), { type: 5, privileges: { 1: 0 }, userId: 'alice' }],
  [chatService({ appTtlSeconds: 3600 }), { type: 5, privileges: { 2: 3600 }, userId: '' }],
  [
    chatService({ userId: 'alice', userTtlSeconds: 60, appTtlSeconds: 3600 }),
    { type: 5, privileges: { 1: 60, 2: 3600 }, userId: 'alice' },
  ],
  [
    fcdnService({ channelName: 'stage', account: 'alice', publishTtlSeconds: 60, playTtlSeconds: 0 }),
    { type: 6, privileges: { 1: 60, 2: 0 }, channelName: 'stage', account: 'alice' },
  ],
  [
    apaasService({ roomUuid: 'room', userUuid: 'alice', role: 1, roomUserTtlSeconds: 60 }),
    { type: 7, privileges: { 1: 60 }, roomUuid: 'room', userUuid: 'alice', role: 1 },
  ],
  [
    apaasService({ userUuid: 'alice', userTtlSeconds: 60 }),
    { type: 7, privileges: { 2: 60 }, roomUuid: '', userUuid: 'alice', role: -1 },
  ],
  [
    apaasService({ appTtlSeconds: 60 }),
    { type: 7, privileges: { 3: 60 }, roomUuid: '', userUuid: '', role: -1 },
  ],
  [rtm2Service({ userId: 'alice' }), { type: 8, privileges: { 1: 0 }, userId: 'alice', permissions: [] }],
  [
    rtm2Service({ userId: 'alice', loginTtlSeconds: 60, permissions }),
    { type: 8, privileges: { 1: 60 }, userId: 'alice', permissions },
  ],
  [convoAiService(), { type: 9, privileges: {} }],
  [sttService(), { type: 10, privileges: {} }],
]

describe('the constructors of services', () => {
  it('return plain data, of which a token is built and read back', () => {
    for (const [service, expected] of examples) {
      expect(service).toEqual(expected)
      const token = buildAccessToken2({ appId, appCertificate, ttlSeconds: 3600, services: [service] })
      expect(parseAccessToken2(token).services).toEqual([expected])
    }
  })

  it('cover all ten services', () => {
    expect(new Set(examples.map(([{ type }]) => type))).toEqual(new Set(Object.values(ServiceType)))
  })

  it('refuse an account that is no uid, where the caller wrote it', () => {
    for (const account of [-1, 1.5, Number.NaN, 2 ** 32, undefined, null]) {
      expect(refusalOf(() => fromJavaScript(rtcService, { channelName: 'stage', account }))).toMatchObject({
        code: 'ERR_INVALID_USER_ID',
        argument: 'account',
      })
    }
  })
})

describe('the types of services', () => {
  it('are told apart by their number', () => {
    expectTypeOf<Extract<AccessToken2Service, { type: 2 }>>().toEqualTypeOf<RtmService>()
  })

  it('have text accounts when read, and take numbers when built', () => {
    expectTypeOf<Extract<AccessToken2Service, { type: 1 }>['account']>().toEqualTypeOf<string>()
    expectTypeOf<Extract<AccessToken2ServiceInput, { type: 1 }>['account']>().toEqualTypeOf<string | number>()
    expectTypeOf<AccessToken2Service>().toExtend<AccessToken2ServiceInput>()
  })
})
