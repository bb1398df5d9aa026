import { Events } from '../client/events.js'
import { History } from '../client/history.js'
import { Messages } from '../client/messages.js'
import { Projects } from '../client/projects.js'
import { Experimental } from '../client/publish.js'
import { AgoraConfigError } from '../errors.js'
import { nearestName } from '../input/nearest-name.js'
import type { ClientPart } from './test-answers.js'

/** The methods that take an answer, as the client has them. */
export function answeredMethods(): readonly string[] {
  const parts: Readonly<Record<ClientPart, object>> = {
    messages: Messages.prototype,
    events: Events.prototype,
    history: History.prototype,
    projects: Projects.prototype,
    experimental: Experimental.prototype,
  }
  const ofParts = Object.entries(parts).flatMap(([part, prototype]) =>
    Object.getOwnPropertyNames(prototype)
      .filter((member) => member !== 'constructor')
      .map((member) => `${part}.${member}`),
  )
  return [...ofParts, 'request', 'issueToken']
}

/** @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an answer to a method that does not exist. */
export function requireKnownMethods(answers: object): void {
  const known = answeredMethods()
  for (const name of Object.keys(answers)) {
    if (known.includes(name)) continue
    const nearest = nearestName(name, known)
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      `The client has no method ${name}() that takes an answer${nearest === undefined ? '' : `. Did you mean ${nearest}?`} createTestClient() knows: ${known.join(', ')}.`,
    )
  }
}
