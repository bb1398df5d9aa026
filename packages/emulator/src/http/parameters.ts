import { channelNameProblem, userIdProblem } from '@agora-signaling/core'
import type { EmulatorCredentials } from '../credentials.js'
import { shortened } from '../redaction.js'
import type { PathParameters } from './endpoint.js'
import { named } from './header-text.js'
import { Refusal } from './refusal.js'

/**
 * The path parameters, complete.
 *
 * @throws {Refusal} `no-route`
 */
export function requireParameters(parameters: Partial<PathParameters>): PathParameters {
  const dots = Object.values(parameters).find((value) => value === '.' || value === '..')
  if (dots !== undefined) {
    throw new Refusal(
      'no-route',
      `The path has the segment ${dots}: URL parsers remove it, also when it is percent-encoded, so no user or channel of this name can be in a path.`,
    )
  }
  return { appId: '', userId: '', channelType: '', channel: '', ...parameters }
}

/**
 * Refuses the App ID of another project.
 *
 * @throws {Refusal} `wrong-app-id`
 */
export function requireAppId(given: string, { appId, appCertificate }: EmulatorCredentials): void {
  if (given === '' || given === appId) return
  throw new Refusal(
    'wrong-app-id',
    `The App ID in the path is ${describeAppId(given, { appId, appCertificate })}, this emulator serves ${shortened(appId)}: use its AGORA_APP_ID.`,
  )
}

/** The App ID in a path, in words that do not repeat it: with App ID and certificate swapped, it is a certificate. */
export function describeAppId(
  given: string,
  { appId, appCertificate }: Pick<EmulatorCredentials, 'appId' | 'appCertificate'>,
): string {
  if (given.toLowerCase() === appCertificate.toLowerCase()) return 'the app certificate'
  if (given.toLowerCase() === appId.toLowerCase()) return 'in another letter case'
  return named(shortened(given))
}

/**
 * A user ID by the rules of the REST pages. `where` names the place to a developer: `user_id in the path`.
 *
 * @throws {Refusal} `invalid-request`
 */
export function requireUserId(userId: string, where: string): string {
  const problem = userIdProblem(userId)
  if (problem === undefined) return userId
  throw new Refusal('invalid-request', `${where} ${problem}.`)
}

/** As {@link requireUserId}, for a channel name. */
export function requireChannelName(channel: string, where: string): string {
  const problem = channelNameProblem(channel)
  if (problem === undefined) return channel
  throw new Refusal('invalid-request', `${where} ${problem}.`)
}
