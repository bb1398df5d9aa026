import { inspectToken, isAgoraError, verifyAccessToken2 } from '@agora-signaling/core'
import { shortened } from '../redaction.js'
import { named } from './header-text.js'
import { describeAppId } from './parameters.js'
import type { AuthenticationRules, PresentedToken } from './presented.js'
import { Refusal } from './refusal.js'

const rtm = 2
const login = 1

/**
 * Verifies a token as Agora does: signature, App ID, time, RTM service, login privilege, and whose it is. Its time of
 * issue may be up to 300 s ahead of the emulator's clock: two machines are seldom on the same second.
 *
 * @returns The user the token was made for.
 * @throws {Refusal} `invalid-token`
 */
export function checkToken({ token, uid }: PresentedToken, rules: AuthenticationRules): string {
  const { pathAppId, pathUserId, credentials } = rules
  const userId = verify(token, rules)
  if (pathAppId !== undefined && pathAppId !== credentials.appId) {
    throw invalidToken(
      `The token is for App ID ${shortened(credentials.appId)}, the App ID in the path is ${describeAppId(pathAppId, credentials)}.`,
    )
  }
  if (uid !== undefined && uid !== userId) {
    throw invalidToken(`The token is for user ${named(userId)}, the header x-agora-uid says ${named(uid)}.`)
  }
  if (pathUserId !== undefined && pathUserId !== userId) {
    throw invalidToken(`The token is for user ${named(userId)}, the path says ${named(pathUserId)}.`)
  }
  return userId
}

function verify(token: string, { credentials, nowSeconds }: AuthenticationRules): string {
  const { appId, appCertificate } = credentials
  try {
    const { service } = verifyAccessToken2(token, {
      appId,
      appCertificate,
      nowSeconds,
      require: { type: rtm, privilege: login },
    })
    return service?.type === rtm ? service.userId : ''
  } catch (error) {
    if (!isAgoraError(error)) throw error
    const { findings } = inspectToken(token, { appId, appCertificate, nowSeconds })
    const problems = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)
    throw invalidToken(problems.length === 0 ? error.message : problems.join(' '))
  }
}

function invalidToken(reason: string): Refusal {
  return new Refusal('invalid-token', reason)
}
