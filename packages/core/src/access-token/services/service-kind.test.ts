import { describe, expect, it } from 'vitest'
import { codeOf } from '../calls.test.data.js'
import { PayloadReader, PayloadWriter } from '../format/payload.js'
import { account, channelName, field, textCodec, textOf } from './field.js'
import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/*
 * A service that Agora does not have. All of what a service can do comes from one descriptor.
 */

interface KaraokeService extends ServiceOf<4711> {
  readonly channelName: string
  readonly account: string
  readonly song: string
}

interface KaraokeOptions {
  readonly channelName: string
  readonly account: string | number
  readonly song?: string | undefined
  readonly singTtlSeconds?: number | undefined
  readonly applaudTtlSeconds?: number | undefined
}

const karaoke = new ServiceKind<KaraokeService, KaraokeOptions>({
  type: 4711,
  name: 'Karaoke',
  factory: 'karaokeService()',
  privileges: {
    1: { name: 'sing', option: 'singTtlSeconds', isGrantedWithout: () => true },
    2: { name: 'applaud', option: 'applaudTtlSeconds' },
  },
  fields: {
    channelName,
    account,
    song: field(
      textCodec,
      'a song',
      textOf({ code: 'ERR_INVALID_SERVICE', minBytes: 0, maxBytes: 9 }),
      'any',
    ),
  },
  subject: { userId: 'account', channelName: 'channelName' },
})

function written(service: object): Buffer {
  const writer = new PayloadWriter()
  karaoke.write(writer, { ...service }, 'services[0]')
  return writer.written
}

describe('a service that is one descriptor', () => {
  const stage = { channelName: 'stage', account: 7 }

  it('is made from options, with the defaults of its fields and privileges', () => {
    expect(karaoke.create({ ...stage, applaudTtlSeconds: 60 })).toEqual({
      type: 4711,
      privileges: { 1: 0, 2: 60 },
      channelName: 'stage',
      account: '7',
      song: 'any',
    })
  })

  it('is written in the order of its fields, and reads back as it was', () => {
    const service = karaoke.create({ ...stage, song: 'Yesterday' })
    const reader = new PayloadReader(written(service))
    expect(reader.u16('a service type')).toBe(4711)
    expect(karaoke.read(reader)).toEqual(service)
    expect(reader.remaining).toBe(0)
    expect(written(service).toString('latin1')).toMatch(/stage.*7.*Yesterday/s)
  })

  it('knows whom it is for, and what its privileges are called', () => {
    expect(karaoke.subjectOf(karaoke.create(stage))).toEqual({ userId: '7', channelName: 'stage' })
    expect([1, 3].map((privilege) => karaoke.privilegeName(privilege))).toEqual([
      'privilege 1 (sing)',
      'privilege 3',
    ])
  })

  it('refuses, by the rules of its fields, what is malformed', () => {
    expect(codeOf(() => karaoke.create({ ...stage, song: 'Bohemian Rhapsody' }))).toBe('ERR_INVALID_SERVICE')
    expect(codeOf(() => karaoke.create({ ...stage, singTtlSeconds: -1 }))).toBe('ERR_INVALID_TTL')
    expect(codeOf(() => written({ ...karaoke.create(stage), song: undefined }))).toBe('ERR_INVALID_SERVICE')
    const misspelt = { ...stage, singTTLSeconds: 60 }
    expect(() => karaoke.create(misspelt)).toThrow(
      'karaokeService() has no option "singTTLSeconds". Did you mean singTtlSeconds?',
    )
  })
})
