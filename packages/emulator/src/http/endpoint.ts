import type { Signaling } from '../state/signaling.js'
import type { EmulatorVariants } from '../options.js'
import type { EmulatorCredentials } from '../credentials.js'
import type { Answer, BodyFamily } from './answers.js'
import type { Limit } from './limits.js'
import type { Query } from './query.js'

/** The parameters an endpoint's path can have, decoded. Those it does not have are empty. */
export interface PathParameters {
  readonly appId: string
  readonly userId: string
  readonly channelType: string
  readonly channel: string
}

/** What a handler gets, after the caller was verified. */
export interface Call {
  readonly path: PathParameters
  readonly query: Query
  /** For `request_id` or `requestId`. */
  readonly requestId: string
  readonly project: Signaling
  readonly credentials: EmulatorCredentials
  readonly variants: EmulatorVariants
  /** When the project was made, Unix time in seconds. */
  readonly createdSeconds: number
  /** Unix time in milliseconds. */
  readonly now: () => number
  /** Reads the body to its end, once. */
  readBody(): Promise<Uint8Array>
  /** Tells the request log how large the message is, and the developer when it reads like a mistake. */
  notePayload(payload: string): void
  /** Tells the developer when an ID reads like a mistake. `what` is the subject of the sentence. */
  warnOfMistake(what: string, text: string): void
  /** Waits, unless the emulator closes meanwhile. */
  pause(ms: number): Promise<void>
}

/** One endpoint of the REST API: how to recognise it, what it requires of the caller, what it does. */
export interface Endpoint {
  readonly method: 'GET' | 'POST'
  /** In the router's notation; every segment but the parameters must match letter by letter. */
  readonly route: string
  readonly family: BodyFamily
  /** The `operation` of a failure body of the family `rtm-v2`. */
  readonly operation: string
  /** Console calls take a customer ID and secret only. */
  readonly basicOnly: boolean
  readonly queryNames: readonly string[]
  limit(path: PathParameters): Limit
  handle(call: Call): Promise<Answer> | Answer
}
