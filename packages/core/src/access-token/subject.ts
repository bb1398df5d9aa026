import { ServiceType } from './service-types.js'
import type { AccessToken2Service } from './service-types.js'

/** Whom a service is for, and where. */
export interface ServiceSubject {
  readonly userId?: string
  readonly channelName?: string
}

/** The subject under one pair of names, which the services call differently. */
export function subjectOf(service: AccessToken2Service): ServiceSubject {
  switch (service.type) {
    case ServiceType.Rtc:
    case ServiceType.Streaming:
    case ServiceType.Fcdn:
      return { userId: service.account, channelName: service.channelName }
    case ServiceType.Rtm:
    case ServiceType.Rtm2:
    case ServiceType.Chat:
      return { userId: service.userId }
    case ServiceType.Apaas:
      return { userId: service.userUuid, channelName: service.roomUuid }
    case ServiceType.Fpa:
    case ServiceType.ConvoAi:
    case ServiceType.Stt:
      break
  }
  return {}
}

/** Whether several services are all for the same user and place. */
export function haveOneSubject(services: readonly AccessToken2Service[]): boolean {
  if (services.length < 2) return true
  const [first, ...others] = services.map(subjectOf)
  return others.every(
    ({ userId, channelName }) => userId === first?.userId && channelName === first?.channelName,
  )
}

/**
 * A user ID or channel name for a message: quoted, escaped, and cut where it is long. Arguments get mixed up, and
 * neither a token nor one of the secrets named must reach a log that way.
 */
export function quote(text: string, secrets: readonly string[] = []): string {
  if (text.length > 64 && text.startsWith('007')) return '(what looks like a token)'
  if (secrets.some((secret) => text.includes(secret))) return '(the app certificate)'
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text)
}

/**
 * How the ID a token holds differs from the one expected, when the eye would miss it: a clause to put behind
 * the two IDs, or an empty text.
 */
export function explainDifference(expected: string, held: string): string {
  if (held === '') return ': an empty user ID stands for nobody'
  if (held.toLowerCase() === expected.toLowerCase()) return ', which differs only in case'
  if (held.trim() === expected.trim()) return ', which differs only in surrounding white space'
  if (held.normalize('NFC') === expected.normalize('NFC')) {
    return ', which looks the same but is another Unicode form (NFC, NFD)'
  }
  if (visible(held) === visible(expected)) return ', which differs only in invisible characters'
  if (/^\d+$/.test(held)) return ', which is a number: was an RTC uid taken for a user ID?'
  return ''
}

function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
}
