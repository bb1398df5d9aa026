import type { IncomingHttpHeaders } from 'node:http'
import type { EmulatorCredentials } from '../credentials.js'
import type { AuthenticationForm } from '../state/request-log.js'
import { checkBasic } from './basic.js'
import { Refusal } from './refusal.js'
import { checkToken } from './token.js'

/** What the headers of a request say about who is calling, before any of it is believed. */
export type Presented =
  | { readonly form: 'basic'; readonly encoded: string }
  | PresentedToken
  | { readonly form: AuthenticationForm; readonly problem: string }

export interface PresentedToken {
  readonly form: 'token' | 'x-agora' | 'token and x-agora'
  readonly token: string
  /** The header `x-agora-uid`. */
  readonly uid?: string
}

const basicRecipe = 'Basic <Base64 of customerId:customerSecret>'
const tokenRecipe = 'agora token=<AccessToken2>'

/** Sorts the headers into one of the documented forms, or says what is wrong with them. */
export function readAuthentication(headers: IncomingHttpHeaders): Presented {
  const { authorization } = headers
  const xToken = single(headers['x-agora-token'])
  const uid = single(headers['x-agora-uid'])
  const inHeader = authorization === undefined ? undefined : readAuthorization(authorization)
  if (inHeader !== undefined && 'problem' in inHeader) return inHeader
  if (inHeader !== undefined && 'encoded' in inHeader) {
    if (xToken === undefined && uid === undefined) return inHeader
    return {
      form: 'basic',
      problem: 'The request has a Basic header and x-agora-* headers: send one kind of credentials.',
    }
  }
  if (xToken === undefined && uid === undefined) {
    if (inHeader !== undefined) return inHeader
    return { form: 'none', problem: `No Authorization header: send ${basicRecipe}, or ${tokenRecipe}.` }
  }
  const form = inHeader === undefined ? 'x-agora' : 'token and x-agora'
  if (xToken === undefined)
    return { form, problem: 'The header x-agora-uid came without x-agora-token: send both.' }
  if (uid === undefined) {
    return {
      form,
      problem: 'The header x-agora-token came without x-agora-uid: send the user ID the token was made for.',
    }
  }
  if (inHeader !== undefined && inHeader.token !== xToken) {
    return {
      form,
      problem: 'The tokens in Authorization and in x-agora-token differ: send the same one, or only one.',
    }
  }
  return { form, token: xToken, uid }
}

export interface AuthenticationRules {
  readonly credentials: EmulatorCredentials
  readonly nowSeconds: number
  /** The console calls know no tokens. */
  readonly basicOnly: boolean
  /** The user in the path, when there is one: a token acts for its own user alone. */
  readonly pathUserId: string | undefined
  /** The App ID in the path, when there is one. */
  readonly pathAppId: string | undefined
}

/**
 * Believes the caller or refuses.
 *
 * @returns The user of the token; nothing for Basic, which may act for anybody.
 * @throws {Refusal} `unauthorized` or `invalid-token`
 */
export function authenticate(presented: Presented, rules: AuthenticationRules): string | undefined {
  if ('problem' in presented) throw new Refusal('unauthorized', presented.problem)
  if (presented.form === 'basic') {
    checkBasic(presented.encoded, rules.credentials)
    return undefined
  }
  if (rules.basicOnly) {
    throw new Refusal('unauthorized', `The console calls take no token: send ${basicRecipe}.`)
  }
  return checkToken(presented, rules)
}

function readAuthorization(value: string): Presented {
  const [, scheme = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(value) ?? []
  switch (scheme.toLowerCase()) {
    case 'basic':
      return rest === ''
        ? { form: 'basic', problem: `Nothing follows Basic: send ${basicRecipe}.` }
        : { form: 'basic', encoded: rest }
    case 'agora': {
      const token = /^token=(?:"([^"]*)"|([^"\s]*))$/i.exec(rest)
      const text = token?.[1] ?? token?.[2] ?? ''
      return text === ''
        ? { form: 'token', problem: `The Authorization header is not in the form ${tokenRecipe}.` }
        : { form: 'token', token: text }
    }
    default:
      return { form: 'none', problem: explainScheme(scheme, rest) }
  }
}

function explainScheme(scheme: string, rest: string): string {
  if (rest !== '')
    return `The Authorization scheme is not known here: send ${basicRecipe}, or ${tokenRecipe}.`
  if (scheme.startsWith('007'))
    return `The Authorization header holds a bare token: write "agora token=" before it.`
  return `The Authorization header has no scheme: send ${basicRecipe}, or ${tokenRecipe}.`
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
