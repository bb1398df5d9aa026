import type { IncomingMessage } from 'node:http'
import { isMistakenText } from '../mistaken-text.js'
import { checkBasic } from './basic.js'
import type { AuthenticationRules, Presented } from './presented.js'
import { Refusal } from './refusal.js'
import { checkToken } from './token.js'

const basicRecipe = 'Basic <Base64 of customerId:customerSecret>'
const tokenRecipe = 'agora token=<AccessToken2>'

/** Sorts the headers into one of the documented forms, or says what is wrong with them. */
export function readAuthentication({ headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>): Presented {
  const authorizations = headersDistinct['authorization'] ?? []
  const xTokens = headersDistinct['x-agora-token'] ?? []
  const uids = headersDistinct['x-agora-uid'] ?? []
  const [authorization] = authorizations
  const [xToken] = xTokens
  const [uid] = uids
  const inHeader = authorization === undefined ? undefined : readAuthorization(authorization)
  const repeated = [
    ['Authorization', authorizations] as const,
    ['x-agora-token', xTokens] as const,
    ['x-agora-uid', uids] as const,
  ].find(([, values]) => values.length > 1)
  if (repeated !== undefined) {
    const [name, values] = repeated
    const form = inHeader?.form ?? 'x-agora'
    return { form, problem: `The request has ${values.length} headers ${name}: send one.` }
  }
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
  const problem = emptyTokenProblem(xToken, 'x-agora-token:')
  if (problem !== undefined) return { form, problem }
  if (inHeader !== undefined && inHeader.token !== xToken) {
    return {
      form,
      problem: 'The tokens in Authorization and in x-agora-token differ: send the same one, or only one.',
    }
  }
  return { form, token: xToken, uid }
}

/**
 * Verifies the caller, or refuses.
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
    case 'agora':
      return readToken(rest)
    default:
      return { form: 'none', problem: explainScheme(scheme, rest) }
  }
}

function readToken(parameter: string): Presented {
  const [, value] = /^token=\s*(.*)$/is.exec(parameter) ?? []
  const token = value === undefined ? undefined : (/^"(.*)"$/s.exec(value)?.[1] ?? value)
  const problem = token === undefined ? undefined : emptyTokenProblem(token, 'agora token=')
  if (problem !== undefined) return { form: 'token', problem }
  if (token === undefined || /[\s"]/.test(token)) {
    return { form: 'token', problem: `The Authorization header is not in the form ${tokenRecipe}.` }
  }
  return { form: 'token', token }
}

/** What is wrong with a text that is not a token, because a variable was not set. */
function emptyTokenProblem(token: string, where: string): string | undefined {
  if (token === '')
    return `Nothing follows ${where}, so the token is empty. Is the variable set that holds it?`
  if (!isMistakenText(token)) return undefined
  const advice = token === '[object Promise]' ? 'await it' : 'was a variable never set?'
  return `After ${where} stands "${token}" and not a token: ${advice}`
}

function explainScheme(scheme: string, rest: string): string {
  if (rest !== '')
    return `The Authorization scheme is not known here: send ${basicRecipe}, or ${tokenRecipe}.`
  if (scheme.startsWith('007'))
    return `The Authorization header holds a bare token: write "agora token=" before it.`
  return `The Authorization header has no scheme: send ${basicRecipe}, or ${tokenRecipe}.`
}
