import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { isRecord } from '../input/describe.js'
import { buildAccessToken2, buildSignalingToken } from './build.js'
import { appCertificate, appId } from './known-answers.test.data.js'
import { ServiceType } from './services/service-type.js'
import type { AccessToken2ServiceInput } from './services/service-type.js'
import { apaasService } from './services/apaas.js'
import { chatService } from './services/chat.js'
import { convoAiService } from './services/convo-ai.js'
import { fcdnService } from './services/fcdn.js'
import { fpaService } from './services/fpa.js'
import { rtcService } from './services/rtc.js'
import { rtm2Service } from './services/rtm2.js'
import { rtmService } from './services/rtm.js'
import { streamingService } from './services/streaming.js'
import { sttService } from './services/stt.js'
import { verifyAccessToken2 } from './verify.js'

/*
 * Agora's own npm package reads and verifies the tokens built here, and the other way round. It is CommonJS without
 * types, so what is used of it is described here.
 */

interface PeerToken {
  from_string(token: string): boolean
  verifySignature(appCertificate: string): boolean
  readonly appId: Buffer
  readonly expire: number
  readonly services: readonly { service_type(): number }[]
}

interface Peer {
  readonly AccessToken2: new () => PeerToken
}

interface PeerBuilder {
  readonly RtmTokenBuilder: {
    buildToken(appId: string, appCertificate: string, userId: string, expire: number): string
  }
}

const require = createRequire(import.meta.url)

function loadPeer(): Peer {
  const module: unknown = require('agora-token/src/AccessToken2.js')
  if (isPeer(module)) return module
  throw new TypeError('agora-token must export AccessToken2')
}

function isPeer(module: unknown): module is Peer {
  return isRecord(module) && typeof module['AccessToken2'] === 'function'
}

function loadPeerBuilder(): PeerBuilder {
  const module: unknown = require('agora-token')
  if (isPeerBuilder(module)) return module
  throw new TypeError('agora-token must export RtmTokenBuilder')
}

function isPeerBuilder(module: unknown): module is PeerBuilder {
  return isRecord(module) && typeof module['RtmTokenBuilder'] === 'function'
}

const { AccessToken2 } = loadPeer()
const { RtmTokenBuilder } = loadPeerBuilder()

function readByPeer(token: string): PeerToken {
  const peer = new AccessToken2()
  expect(peer.from_string(token)).toBe(true)
  return peer
}

const channel = { channelName: 'stage', account: 42 }
const services: readonly AccessToken2ServiceInput[] = [
  rtcService({ ...channel, publishAudioTtlSeconds: 60 }),
  rtmService({ userId: 'alice' }),
  streamingService({ ...channel, publishMixedStreamTtlSeconds: 60 }),
  fpaService(),
  chatService({ userId: 'alice' }),
  fcdnService({ ...channel, playTtlSeconds: 60 }),
  apaasService({ roomUuid: 'room', userUuid: 'alice', role: 1, roomUserTtlSeconds: 60 }),
  rtm2Service({
    userId: 'alice',
    permissions: [{ resourceType: 0, permissionType: 0, resources: ['room', '房间'] }],
  }),
  convoAiService(),
  sttService(),
]

describe('the official reader', () => {
  it.each(services)('accepts a stored token with service $type', (service) => {
    const peer = readByPeer(buildAccessToken2({ appId, appCertificate, ttlSeconds: 60, services: [service] }))
    expect(peer.services.map((read) => read.service_type())).toEqual([service.type])
    expect(peer.appId.toString()).toBe(appId)
    expect(peer.expire).toBe(60)
    expect(peer.verifySignature(appCertificate)).toBe(true)
    expect(peer.verifySignature(appCertificate.toLowerCase())).toBe(false)
  })

  it.each(['stored', 'deflate'] as const)('accepts a %s token with all ten services', (compression) => {
    const peer = readByPeer(
      buildAccessToken2({ appId, appCertificate, ttlSeconds: 60, services, compression }),
    )
    expect(peer.services.map((read) => read.service_type())).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(peer.verifySignature(appCertificate)).toBe(true)
  })

  it('does not accept a stored token of which one byte is changed', () => {
    const token = buildSignalingToken({ appId, appCertificate, userId: 'alice', ttlSeconds: 60 })
    const stream = Buffer.from(token.slice(3), 'base64')
    stream.writeUInt8(stream.readUInt8(50) ^ 1, 50)
    expect(new AccessToken2().from_string(`007${stream.toString('base64')}`)).toBe(false)
  })
})

describe('verifyAccessToken2', () => {
  it('accepts what the official builder makes', () => {
    const token = RtmTokenBuilder.buildToken(appId, appCertificate, 'alice', 3600)
    const { service, expiresAtSeconds, issuedAtSeconds } = verifyAccessToken2(token, {
      appId,
      appCertificate,
      require: { type: ServiceType.Rtm, privilege: 1, userId: 'alice' },
    })
    expect(service).toEqual(rtmService({ userId: 'alice', loginTtlSeconds: 3600 }))
    expect(expiresAtSeconds - issuedAtSeconds).toBe(3600)
  })
})
