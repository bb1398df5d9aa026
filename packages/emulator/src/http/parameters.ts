import { channelNameProblem, userIdProblem } from '@agora-signaling/core/internal'
import type { EmulatorCredentials } from '../credentials.js'
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
  const found = given === appCertificate ? 'the app certificate' : named(given)
  throw new Refusal(
    'wrong-app-id',
    `The App ID in the path is ${found}, this emulator serves ${appId}: use its AGORA_APP_ID.`,
  )
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
