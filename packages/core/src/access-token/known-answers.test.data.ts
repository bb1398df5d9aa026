import { readFileSync } from 'node:fs'
import { isRecord } from '../input/describe.js'
import { isServiceType } from './services/service-type.js'
import type { AccessToken2ServiceInput } from './services/service-type.js'

/*
 * The known answers in fixtures/, typed. `access-token2.json` holds tokens of the official repositories and of the
 * npm package; `malformed-tokens.json` tokens that must be refused, or must not be.
 */

/** The App ID and app certificate of Agora's own public tests. */
export const appId = '970CA35de60c44645bbae8a215061b33'
export const appCertificate = '5CFd2fd1755d40ecb72977518be15d3b'

type Json = Readonly<Record<string, unknown>>

export interface KnownAnswer {
  readonly id: string
  readonly appId: string
  /** Absent for the one token whose certificate is not published. */
  readonly appCertificate: string | undefined
  readonly issuedAtSeconds: number
  readonly ttlSeconds: number
  readonly salt: number
  /** In the order in which they were added, which is not always that of the token. */
  readonly services: readonly AccessToken2ServiceInput[]
  readonly payloadHex: string
  readonly tokens: readonly string[]
  readonly intermediate: Json
}

const knownAnswers = load('access-token2.json')

/** Tests of the official repositories. */
export const official: readonly KnownAnswer[] = list(knownAnswers['official']).map((vector) => {
  const tokens = list(vector['expectedTokens']).map((token) => text(token, 'token'))
  const rebuilt = record(vector['npmAgoraToken206'])['tokenItBuilds']
  return answer(vector, 'services', typeof rebuilt === 'string' ? [...tokens, rebuilt] : tokens)
})

/** Tokens of older commits: no build targets, but they must be readable. */
export const historical: readonly KnownAnswer[] = list(record(knownAnswers['historical'])['vectors']).map(
  (vector) => answer(vector, 'services', [text(vector, 'token')]),
)

/** What the npm package builds with a fixed time and salt. */
export const generated: readonly KnownAnswer[] = list(
  record(knownAnswers['generatedWithNpm206'])['vectors'],
).map((vector) => answer(vector, 'servicesInAddOrder', [text(vector, 'tokenFromNode20')]))

/** Tokens that official tests expect to fail. */
export const officialMalformed: readonly string[] = list(knownAnswers['officialMalformed']).map((vector) =>
  text(vector, 'token'),
)

export interface JudgedToken {
  readonly id: string
  readonly reason: string
  readonly stage: string
  readonly token: string
  readonly nowSeconds: number
  readonly type: number
  readonly privilege: number
  readonly userId: string
  readonly channelName: string | undefined
  readonly maxTokenCharacters: number
}

const judged = load('malformed-tokens.json')

export const refused: readonly JudgedToken[] = list(judged['reject']).map(judgedToken)
export const accepted: readonly JudgedToken[] = list(judged['accept']).map(judgedToken)

function answer(vector: Json, servicesKey: string, tokens: readonly string[]): KnownAnswer {
  const certificate = vector['appCertificate']
  return {
    id: text(vector, 'id'),
    appId: text(vector, 'appId'),
    appCertificate: typeof certificate === 'string' ? certificate : undefined,
    issuedAtSeconds: number(vector, 'issueTs'),
    ttlSeconds: number(vector, 'expire'),
    salt: number(vector, 'salt'),
    services: list(vector[servicesKey]).map(service),
    payloadHex: text(vector, 'payloadHex'),
    tokens,
    intermediate: vector['intermediate'] === undefined ? {} : record(vector['intermediate']),
  }
}

/** The fixtures name each service for the reader; in the data of this package the number alone does. */
function service({ name: _name, ...fields }: Json): AccessToken2ServiceInput {
  if (isServiceInput(fields)) return fields
  throw new TypeError('the fixture must list services')
}

function isServiceInput(value: Json): value is Json & AccessToken2ServiceInput {
  return isServiceType(value['type']) && isRecord(value['privileges'])
}

function judgedToken(entry: Json): JudgedToken {
  const context = record(entry['context'])
  const channel = context['expectedChannel']
  return {
    id: text(entry, 'id'),
    reason: text(entry, 'reason'),
    stage: typeof entry['stage'] === 'string' ? entry['stage'] : 'none',
    token: text(entry, 'token'),
    nowSeconds: number(context, 'nowTs'),
    type: number(context, 'requiredService'),
    privilege: number(context, 'requiredPrivilege'),
    userId: text(context, 'expectedUserId'),
    channelName: typeof channel === 'string' ? channel : undefined,
    maxTokenCharacters: number(context, 'maxTokenChars'),
  }
}

function load(name: string): Json {
  const url = new URL(`../../fixtures/${name}`, import.meta.url)
  return record(JSON.parse(readFileSync(url, 'utf8')))
}

function record(value: unknown): Json {
  if (isRecord(value)) return value
  throw new TypeError('the fixture must hold an object here')
}

function list(value: unknown): Json[] {
  if (Array.isArray(value)) return value.map(record)
  throw new TypeError('the fixture must hold a list here')
}

function text(from: Json, key: string): string {
  const value = from[key]
  if (typeof value === 'string') return value
  throw new TypeError(`the fixture must hold a text as ${key}`)
}

function number(from: Json, key: string): number {
  const value = from[key]
  if (typeof value === 'number') return value
  throw new TypeError(`the fixture must hold a number as ${key}`)
}
