import { describe, expect, it } from 'vitest'
import { AgoraTokenError } from '../errors.js'
import { buildAccessToken2 } from './build.js'
import { appCertificate, appId, generated } from './known-answers.test.data.js'
import type { TokenRequirement } from './requirement.js'
import { ServiceType } from './services/service-type.js'
import type { AccessToken2ServiceInput } from './services/service-type.js'
import { apaasService } from './services/apaas.js'
import { chatService } from './services/chat.js'
import { fpaService } from './services/fpa.js'
import { rtcService } from './services/rtc.js'
import { rtm2Service } from './services/rtm2.js'
import { rtmService } from './services/rtm.js'
import { streamingService } from './services/streaming.js'
import { verifyAccessToken2 } from './verify.js'
import type { VerifiedAccessToken2 } from './verify.js'

const issuedAtSeconds = 1_700_000_000
const nowSeconds = issuedAtSeconds + 60

function tokenFor(...services: AccessToken2ServiceInput[]): string {
  return buildAccessToken2({ appId, appCertificate, ttlSeconds: 3600, issuedAtSeconds, services })
}

function verify(token: string, require: TokenRequirement | undefined): VerifiedAccessToken2 {
  return verifyAccessToken2(token, { appId, appCertificate, nowSeconds, require })
}

/** The code and message of the AgoraTokenError that a token is refused with. */
function refusedWith(token: string, require: TokenRequirement): { code: string; message: string } {
  try {
    verify(token, require)
  } catch (error) {
    if (!(error instanceof AgoraTokenError)) throw error
    return { code: error.code, message: error.message }
  }
  throw new Error('the token must be refused')
}

describe('what is required of a token', () => {
  const login = { type: ServiceType.Rtm, privilege: 1 } as const

  it('comes back with the service that met it and the end of its privilege', () => {
    const service = rtmService({ userId: 'alice', loginTtlSeconds: 600 })
    expect(verify(tokenFor(service), { ...login, userId: 'alice' })).toMatchObject({
      service,
      expiresAtSeconds: issuedAtSeconds + 3600,
      privilegeExpiresAtSeconds: issuedAtSeconds + 600,
    })
  })

  it('is nothing when nothing is required', () => {
    const verified = verify(tokenFor(fpaService()), undefined)
    expect(verified).not.toHaveProperty('service')
    expect(verified).not.toHaveProperty('privilegeExpiresAtSeconds')
    expect(verify(tokenFor(fpaService()), { type: ServiceType.Fpa })).not.toHaveProperty(
      'privilegeExpiresAtSeconds',
    )
  })

  it('ends with the token where the privilege has no limit of its own or a later one', () => {
    for (const loginTtlSeconds of [0, 7200]) {
      const token = tokenFor(rtmService({ userId: 'alice', loginTtlSeconds }))
      expect(verify(token, login).privilegeExpiresAtSeconds).toBe(issuedAtSeconds + 3600)
    }
  })

  it('names the services that a token holds instead', () => {
    const token = tokenFor(rtcService({ channelName: 'stage', account: 'alice' }), fpaService())
    expect(refusedWith(token, login)).toEqual({
      code: 'ERR_TOKEN_SERVICE',
      message: 'The token holds no RTM service; it holds RTC, FPA.',
    })
  })

  it.each([
    ['Alice', 'differs only in case'],
    ['alice ', 'surrounding white space'],
    ['alice\u0000', 'invisible characters'],
    ['2882341273', 'is a number'],
    ['', 'stands for nobody'],
  ])('prints the user of the token next to the one who presents it: %s', (held, words) => {
    // The builder makes no token for nobody, but others do.
    const nobody = generated.find(({ id }) => id === 'NPM-07')?.tokens[0] ?? ''
    const { code, message } = refusedWith(held === '' ? nobody : tokenFor(rtmService({ userId: held })), {
      ...login,
      userId: 'alice',
    })
    expect(code).toBe('ERR_TOKEN_SUBJECT')
    expect(message).toContain('"alice"')
    expect(message).toContain(words)
  })

  it('is never met by an empty user, not even for an empty user', () => {
    const nobody = generated.find(({ id }) => id === 'NPM-07')?.tokens[0] ?? ''
    expect(refusedWith(nobody, { ...login, userId: '' }).code).toBe('ERR_TOKEN_SUBJECT')
    expect(refusedWith(nobody, { ...login, userId: 'alice' }).code).toBe('ERR_TOKEN_SUBJECT')
  })

  it('takes the account of an RTC service as its user, and an empty one as anyone', () => {
    const require = { type: ServiceType.Rtc, privilege: 1, channelName: 'stage' } as const
    const alice = tokenFor(rtcService({ channelName: 'stage', account: 'alice' }))
    expect(verify(alice, { ...require, userId: 'alice' }).service).toMatchObject({ account: 'alice' })
    expect(refusedWith(alice, { ...require, userId: 'bob' }).code).toBe('ERR_TOKEN_SUBJECT')
    const anyone = tokenFor(rtcService({ channelName: 'stage', account: 0 }))
    expect(verify(anyone, { ...require, userId: 'bob' }).service).toMatchObject({ account: '' })
  })

  it('knows no other wildcard: no empty channel, and no empty account of another service', () => {
    const noChannel = tokenFor(rtcService({ channelName: '', account: 'alice' }))
    expect(refusedWith(noChannel, { type: ServiceType.Rtc, channelName: 'stage' }).code).toBe(
      'ERR_TOKEN_SUBJECT',
    )
    const noAccount = tokenFor(
      streamingService({ channelName: 'stage', account: 0, publishRawStreamTtlSeconds: 0 }),
    )
    expect(refusedWith(noAccount, { type: ServiceType.Streaming, userId: 'alice' }).code).toBe(
      'ERR_TOKEN_SUBJECT',
    )
    const app = tokenFor(chatService({ appTtlSeconds: 0 }))
    expect(refusedWith(app, { type: ServiceType.Chat, userId: 'alice' }).code).toBe('ERR_TOKEN_SUBJECT')
  })

  it('compares the user UUID and room UUID of APaaS', () => {
    const token = tokenFor(
      apaasService({ roomUuid: 'room', userUuid: 'alice', role: 1, roomUserTtlSeconds: 0 }),
    )
    const require = { type: ServiceType.Apaas, privilege: 1 } as const
    expect(verify(token, { ...require, userId: 'alice', channelName: 'room' }).service).toMatchObject({
      role: 1,
    })
    expect(refusedWith(token, { ...require, userId: 'bob' }).code).toBe('ERR_TOKEN_SUBJECT')
    expect(refusedWith(token, { ...require, channelName: 'other' }).code).toBe('ERR_TOKEN_SUBJECT')
  })

  it('cannot be a user of a service that has none', () => {
    expect(refusedWith(tokenFor(fpaService()), { type: ServiceType.Fpa, userId: 'alice' })).toEqual({
      code: 'ERR_TOKEN_SUBJECT',
      message: 'The FPA service of the token names no user.',
    })
  })

  it('is not met by two services for different users, also when the user is one of them', () => {
    const token = tokenFor(rtmService({ userId: 'alice' }), rtmService({ userId: 'mallory' }))
    for (const require of [login, { ...login, userId: 'alice' }, { ...login, userId: 'mallory' }]) {
      expect(refusedWith(token, require)).toMatchObject({ code: 'ERR_TOKEN_SUBJECT' })
    }
  })

  it('may pick one of several channels by name, and must', () => {
    const [stage, backstage, forBob] = [
      rtcService({ channelName: 'stage', account: 'alice' }),
      rtcService({ channelName: 'backstage', account: 'alice' }),
      rtcService({ channelName: 'cellar', account: 'bob' }),
    ]
    const token = tokenFor(stage, backstage, forBob)
    const require = { type: ServiceType.Rtc, privilege: 1 } as const
    expect(verify(token, { ...require, channelName: 'backstage', userId: 'alice' }).service).toEqual(
      backstage,
    )
    expect(verify(token, { ...require, channelName: 'cellar', userId: 'bob' }).service).toEqual(forBob)
    expect(refusedWith(token, { ...require, channelName: 'cellar', userId: 'alice' }).code).toBe(
      'ERR_TOKEN_SUBJECT',
    )
    expect(refusedWith(tokenFor(stage, backstage), { ...require, userId: 'alice' }).code).toBe(
      'ERR_TOKEN_SUBJECT',
    )
  })

  it('is met by the one of two services for the same user whose privilege still lives', () => {
    const [over, living] = [30, 600].map((loginTtlSeconds) =>
      rtmService({ userId: 'alice', loginTtlSeconds }),
    )
    if (over === undefined || living === undefined) throw new Error('there must be two')
    expect(verify(tokenFor(over, living), { ...login, userId: 'alice' }).service).toEqual(living)
    expect(refusedWith(tokenFor(over), login)).toEqual({
      code: 'ERR_TOKEN_EXPIRED',
      message:
        'The token is still good, but its privilege 1 (login) expired 30 seconds ago (2023-11-14T22:13:50Z). Issue a new one.',
    })
  })

  it('does not take RTM2 for RTM', () => {
    expect(refusedWith(tokenFor(rtm2Service({ userId: 'alice' })), login).code).toBe('ERR_TOKEN_SERVICE')
  })
})

describe('a requirement that is not there', () => {
  it('is not checked: privilege and channel may also be undefined, the user may only be left out', () => {
    const token = tokenFor(rtmService({ userId: 'alice' }))
    const require = { type: ServiceType.Rtm, privilege: undefined, channelName: undefined }
    expect(verify(token, require).service).toMatchObject({ userId: 'alice' })
  })
})
