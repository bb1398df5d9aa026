import { AgoraValidationError } from '@agora-signaling/core'
import { resolveCredentials } from './credentials.js'
import type { EmulatorCredentials, GivenCredentials } from './credentials.js'
import type { RequestRecord } from './state/request-log.js'

/** Ways of answering where Agora's documentation is silent, contradicts itself or has changed. */
export interface EmulatorVariants {
  /** Also answer `message_offline` when `wait_for_ack` is not set. Default `false`. */
  readonly offlineWithoutAck: boolean
  /**
   * The body for an offline receiver: `documented` has no `result` and the code `message_offline`; `legacy`, in older
   * pages, has `"result":"success"` and the code `peer_offline`. Default `documented`.
   */
  readonly offlineBody: 'documented' | 'legacy'
  /** The code for an offline receiver when the message is stored. Default `message_offline`. */
  readonly storedCode: 'message_offline' | 'message_sent'
  /** Milliseconds until the receiver acknowledges a peer message. Default 0. */
  readonly ackDelayMs: number
  /** The success status of `GET /dev/v1/projects`; one documentation page says both. Default 200. */
  readonly projectsStatus: 200 | 201
  /** Failures of `/rtm/v2` come as HTTP 200 with the status in `errorCode`. Default `false`. */
  readonly rtmV2FailuresAs200: boolean
}

/** Options of {@link createEmulator}. Everything has a default. */
export interface EmulatorOptions {
  /** TCP port; 0 takes a free one. Default 0. */
  readonly port?: number
  /** Address to listen on. Default `127.0.0.1`: reachable from this machine only. */
  readonly host?: string
  /** The credentials to accept; what is not given is made up at random. */
  readonly credentials?: GivenCredentials
  /** The clock: Unix time in milliseconds. Default `Date.now`. */
  readonly now?: () => number
  readonly features?: {
    /** Whether the project has message history; without it the history call answers 403. Default `true`. */
    readonly history?: boolean
  }
  /**
   * `documented` answers 429 over Agora's documented limits. Default `off`: how many requests a test makes in a
   * second depends on the machine, and a test that fails on a fast one helps nobody.
   */
  readonly limits?: 'documented' | 'off'
  /** How many requests, messages and history messages are kept, each; the oldest go first. Default 10,000. */
  readonly recordLimit?: number
  readonly variants?: Partial<EmulatorVariants>
  /** Called after every answer, for logs. */
  readonly onRequest?: (request: RequestRecord) => void
}

export interface ResolvedOptions {
  readonly port: number
  readonly host: string
  readonly credentials: EmulatorCredentials
  readonly now: () => number
  readonly history: boolean
  readonly limits: 'documented' | 'off'
  readonly recordLimit: number
  readonly variants: EmulatorVariants
  readonly onRequest: (request: RequestRecord) => void
}

/** @throws {AgoraConfigError} for credentials, {AgoraValidationError} `ERR_INVALID_ARGUMENT` for the rest. */
export function resolveOptions(options: EmulatorOptions): ResolvedOptions {
  const { port = 0, host = '127.0.0.1', recordLimit = 10_000 } = options
  if (!isIntegerWithin(port, 0, 65_535)) throw invalid('port', 'a whole number from 0 to 65535')
  if (typeof host !== 'string' || host === '') {
    throw invalid('host', 'an address or host name, for instance 127.0.0.1')
  }
  if (!isIntegerWithin(recordLimit, 1, 10_000_000)) {
    throw invalid('recordLimit', 'a whole number from 1 to 10000000')
  }
  return {
    port,
    host,
    credentials: resolveCredentials(options.credentials),
    now: options.now ?? Date.now,
    history: choose('features.history', options.features?.history, [true, false]),
    limits: choose('limits', options.limits, ['off', 'documented']),
    recordLimit,
    variants: resolveVariants(options.variants),
    onRequest: options.onRequest ?? (() => {}),
  }
}

function resolveVariants(given: Partial<EmulatorVariants> = {}): EmulatorVariants {
  const { ackDelayMs = 0 } = given
  if (!isIntegerWithin(ackDelayMs, 0, 3_600_000)) {
    throw invalid('variants.ackDelayMs', 'a whole number of milliseconds from 0 to 3600000')
  }
  return {
    offlineWithoutAck: choose('variants.offlineWithoutAck', given.offlineWithoutAck, [false, true]),
    offlineBody: choose('variants.offlineBody', given.offlineBody, ['documented', 'legacy']),
    storedCode: choose('variants.storedCode', given.storedCode, ['message_offline', 'message_sent']),
    ackDelayMs,
    projectsStatus: choose('variants.projectsStatus', given.projectsStatus, [200, 201]),
    rtmV2FailuresAs200: choose('variants.rtmV2FailuresAs200', given.rtmV2FailuresAs200, [false, true]),
  }
}

/** The value given, when it is one of the possible ones; the first of those when none is given. */
function choose<Value>(
  option: string,
  given: Value | undefined,
  possible: readonly [fallback: Value, ...others: Value[]],
): Value {
  if (given === undefined) return possible[0]
  if (possible.includes(given)) return given
  throw invalid(option, possible.map((value) => JSON.stringify(value)).join(' or '))
}

function isIntegerWithin(value: number, minimum: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= minimum && value <= maximum
}

function invalid(option: string, expected: string): AgoraValidationError {
  return new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    option,
    `The emulator's option ${option} must be ${expected}.`,
  )
}
