import {
  aFunction,
  checkedByItsOwner,
  checkOptions,
  listOf,
  oneOf,
  yesOrNo,
} from '@agora-signaling/core/adapter'
import type { OptionRules } from '@agora-signaling/core/adapter'
import { createClock } from './clock.js'
import { resolveCredentials } from './credentials.js'
import type { EmulatorCredentials, GivenCredentials } from './credentials.js'
import { address, delayMs, hostName, projectsStatus, recordCount, tcpPort } from './rules.js'
import type { RequestRecord } from './state/request-log.js'
import { createWarn, warnProcess } from './warnings.js'
import type { Warn } from './warnings.js'

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
  /**
   * Further names of this emulator, such as `emulator` in a network of containers. Without this option, the control paths
   * `/_emulator/…` answer only calls to 127.0.0.1, localhost, [::1] or `host`. Otherwise they would serve a web page
   * whose domain name was made to point here. Give only names, without scheme and port.
   */
  readonly allowedHosts?: readonly string[]
  /** The credentials to accept; what is not given is made up at random. */
  readonly credentials?: GivenCredentials
  /** The clock of everything, of the header `Date` too: Unix time in milliseconds. Default `Date.now`. */
  readonly now?: () => number
  readonly features?: {
    /** Whether the project has message history; without it the history call answers 403. Default `true`. */
    readonly history?: boolean
  }
  /**
   * `documented` answers 429 over Agora's documented limits. Default `off`: the number of requests that a
   * test makes in a second depends on the machine, and a test must not fail on a fast one.
   */
  readonly limits?: 'documented' | 'off'
  /**
   * How many requests, messages, history messages and messages for offline users the emulator keeps, each. It drops the
   * oldest first, and `dropped()` counts them. Default 10,000.
   */
  readonly recordLimit?: number
  readonly variants?: Partial<EmulatorVariants>
  /** Called after every answer, for logs. */
  readonly onRequest?: (request: RequestRecord) => void
  /**
   * Called with a warning that no answer contains: the first time that something of a kind is dropped, and when a control
   * is called with an ID that looks like a mistake. Each sentence comes once. Default: a warning of the process.
   */
  readonly onWarning?: (warning: string) => void
}

export interface ResolvedOptions {
  readonly port: number
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly credentials: EmulatorCredentials
  readonly now: () => number
  readonly history: boolean
  readonly limits: 'documented' | 'off'
  readonly recordLimit: number
  readonly variants: EmulatorVariants
  readonly onRequest: (request: RequestRecord) => void
  readonly warn: Warn
}

const owner = 'createEmulator()'

const optionRules: OptionRules<EmulatorOptions> = {
  port: tcpPort,
  host: address,
  allowedHosts: listOf('a list of host names, each without scheme and port', hostName),
  credentials: checkedByItsOwner,
  now: aFunction('a function that gives Unix time in milliseconds'),
  features: checkedByItsOwner,
  limits: oneOf(['off', 'documented']),
  recordLimit: recordCount,
  variants: checkedByItsOwner,
  onRequest: aFunction(),
  onWarning: aFunction(),
}

const featureRules: OptionRules<NonNullable<EmulatorOptions['features']>> = { history: yesOrNo }

const variantRules: OptionRules<EmulatorVariants> = {
  offlineWithoutAck: yesOrNo,
  offlineBody: oneOf(['documented', 'legacy']),
  storedCode: oneOf(['message_offline', 'message_sent']),
  ackDelayMs: delayMs,
  projectsStatus,
  rtmV2FailuresAs200: yesOrNo,
}

/** @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for a name that does not exist or a value that cannot be. */
export function resolveOptions(options: EmulatorOptions): ResolvedOptions {
  checkOptions(owner, options, optionRules)
  const { features = {}, variants = {}, now = Date.now } = options
  checkOptions(`features of ${owner}`, features, featureRules)
  checkOptions(`variants of ${owner}`, variants, variantRules)
  const warn = createWarn(options.onWarning ?? warnProcess)
  return {
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    allowedHosts: [...(options.allowedHosts ?? [])],
    credentials: resolveCredentials(options.credentials),
    now: createClock(now, warn),
    history: features.history ?? true,
    limits: options.limits ?? 'off',
    recordLimit: options.recordLimit ?? 10_000,
    variants: {
      offlineWithoutAck: variants.offlineWithoutAck ?? false,
      offlineBody: variants.offlineBody ?? 'documented',
      storedCode: variants.storedCode ?? 'message_offline',
      ackDelayMs: variants.ackDelayMs ?? 0,
      projectsStatus: variants.projectsStatus ?? 200,
      rtmV2FailuresAs200: variants.rtmV2FailuresAs200 ?? false,
    },
    onRequest: options.onRequest ?? (() => {}),
    warn,
  }
}
