import { buildSignalingToken } from '../access-token/build.js'
import { consolePlaces } from '../credentials/credentials.js'
import { AgoraConfigError, AgoraValidationError } from '../errors.js'
import { WithinLifetime } from '../call/within-lifetime.js'
import type { Connections } from '../wire/connections.js'
import { checkArguments } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { checkedByItsOwner } from '../input/rule.js'
import type { Log } from '../logger.js'
import { clientBrand, hasClientBrand } from '../client-brand.js'
import type { ClientParts } from './client-parts.js'
import { Events } from './events.js'
import { History } from './history.js'
import { requireUserId, requireUserIdInPath } from '../input/identifiers.js'
import { userOfToken } from './identity.js'
import type { Identity } from './identity.js'
import { Messages } from './messages.js'
import type { SignalingClientOptions, UncheckedClientOptions } from './options.js'
import { Projects } from './projects.js'
import { Experimental } from './publish.js'
import { sendRequest } from './request.js'
import { resolveClient } from './resolve-client.js'
import type { RequestOptions, RequestResult } from './request.js'
import { refuseBrowser } from './server-only.js'

/** A token for a front end to log in to Signaling with, and what goes with it. */
export interface IssuedToken {
  readonly token: string
  /** The user the token is for: the front end has to log in with exactly this ID. */
  readonly userId: string
  readonly appId: string
  readonly expiresAt: Date
}

/** Options of {@link SignalingClient.issueToken}. */
export interface IssueTokenOptions {
  /**
   * The user who will log in with the token. Take it from your own session, never from the request. A client that acts
   * for one user issues tokens only for that user. There you may leave it out.
   */
  readonly userId?: string | undefined
  /** Lifetime in seconds, 1 to 86,400. Default 3,600. */
  readonly ttlSeconds?: number | undefined
}

const issueTokenRules: OptionRules<IssueTokenOptions> = {
  userId: checkedByItsOwner,
  ttlSeconds: checkedByItsOwner,
}

const nobody: Identity = { kind: 'anonymous', userId: undefined }

/**
 * A client for the Signaling REST API. Make one with `createSignalingClient`, keep it for the life of the process,
 * and act for a user with {@link SignalingClient.as}.
 */
export class SignalingClient {
  readonly #parts: ClientParts
  readonly #identity: Identity
  /** Views share the connections of the client they were made from, and so may clients. */
  readonly #ownsConnections: boolean
  readonly #lifetime: (() => AbortSignal) | undefined
  #callingParts: ClientParts | undefined
  #messages: Messages | undefined
  #events: Events | undefined
  #history: History | undefined
  #projects: Projects | undefined
  #experimental: Experimental | undefined

  static {
    Object.defineProperty(this.prototype, clientBrand, { value: true })
  }

  /**
   * @param lifetime Ends the calls early when the signal it gives is aborted.
   * @internal
   */
  constructor(
    parts: ClientParts,
    identity: Identity,
    ownsConnections: boolean,
    lifetime?: () => AbortSignal,
  ) {
    this.#parts = parts
    this.#identity = identity
    this.#ownsConnections = ownsConnections
    this.#lifetime = lifetime
  }

  /** The parts with a transport that ends calls with the request. Made for the first call: many requests make none. */
  #partsForCalls(): ClientParts {
    return (this.#callingParts ??=
      this.#lifetime === undefined
        ? this.#parts
        : {
            ...this.#parts,
            transport: new WithinLifetime(this.#parts.transport, this.#lifetime),
          })
  }

  get appId(): string {
    return this.#parts.appId
  }

  /** The user the client acts for; `undefined` when every call has to name one. */
  get userId(): string | undefined {
    return this.#identity.userId
  }

  get messages(): Messages {
    return (this.#messages ??= new Messages(this.#partsForCalls(), this.#identity))
  }

  get events(): Events {
    return (this.#events ??= new Events(this.#partsForCalls()))
  }

  get history(): History {
    return (this.#history ??= new History(this.#partsForCalls(), this.#identity))
  }

  get projects(): Projects {
    return (this.#projects ??= new Projects(this.#partsForCalls()))
  }

  /** Endpoints that may change under you. */
  get experimental(): Experimental {
    return (this.#experimental ??= new Experimental(this.#partsForCalls(), this.#identity))
  }

  /**
   * Calls an endpoint that has no method here, authenticated like every other call.
   *
   * @example
   * const { body } = await client.request({ method: 'GET', path: '/dev/v1/projects' })
   *
   * @throws {AgoraValidationError} `ERR_INVALID_PATH`, `ERR_INVALID_ARGUMENT`.
   * @throws {AgoraApiError | AgoraConnectionError | AgoraTimeoutError | AgoraAbortError}
   */
  async request(options: RequestOptions): Promise<RequestResult> {
    return sendRequest(this.#partsForCalls(), this.#identity, options)
  }

  /**
   * The same client, acting for one user. It shares connections, quotas and tokens. It refuses to send as anyone else, or
   * to issue a token for anyone else. It has nothing to close. It costs little: make one for each request.
   *
   * @example
   * await client.as('alice').messages.sendToUser({ to: 'bob', payload: 'hello' })
   *
   * @throws {AgoraValidationError} `ERR_INVALID_USER_ID`; `ERR_SENDER_MISMATCH` when the client holds a token of
   * another user and nothing to mint one with.
   */
  as(userId: string): SignalingClient {
    return this.#actingFor(userId, this.#lifetime)
  }

  #actingFor(userId: string, lifetime: (() => AbortSignal) | undefined): SignalingClient {
    requireUserIdInPath(userId, 'userId')
    if (!this.#parts.auth.canActFor(userId)) {
      throw new AgoraValidationError(
        'ERR_SENDER_MISMATCH',
        'userId',
        `This client holds a token for user "${this.#parts.auth.userId}" and cannot act for "${userId}". Give it a customer ID and secret or the app certificate.`,
      )
    }
    return new SignalingClient(this.#parts, { kind: 'user', userId }, false, lifetime)
  }

  /**
   * The user of the request this client was made for; `undefined` for the back end itself and for a request without
   * a user.
   *
   * @internal
   */
  get requestUserId(): string | undefined {
    return this.#identity.kind === 'user' ? this.#identity.userId : undefined
  }

  /**
   * Whether no callback named a user: the client acts for the back end itself, also when it is attached to a request.
   *
   * @internal
   */
  get isOfBackEnd(): boolean {
    return this.#identity.kind === 'service'
  }

  /**
   * For the middleware, which closes the connections of all its clients.
   *
   * @internal
   */
  get connections(): Connections {
    return this.#parts.connections
  }

  /**
   * The log for the developer.
   *
   * @internal
   */
  get log(): Log {
    return this.#parts.log
  }

  /**
   * The same client for a request and its user. Without a user, every call that acts for a user is refused with
   * `ERR_IDENTITY_MISSING`.
   *
   * @param userId Empty for a request whose user is not known.
   * @param lifetime As for {@link during}.
   * @internal
   */
  forRequest(userId: string, lifetime?: () => AbortSignal): SignalingClient {
    return userId === ''
      ? new SignalingClient(this.#parts, nobody, false, lifetime)
      : this.#actingFor(userId, lifetime)
  }

  /**
   * The same client for as long as a request lasts: its calls end early when the signal is aborted.
   *
   * @param lifetime Asked at the first call.
   * @internal
   */
  during(lifetime: () => AbortSignal): SignalingClient {
    return new SignalingClient(this.#parts, this.#identity, false, lifetime)
  }

  /**
   * Mints a token for a front end to log in with. Nothing is sent.
   *
   * The back end's own client issues tokens for any user. A client that acts for one user, from {@link as} or of a request,
   * issues them only for that user. The client of a request without a user issues none.
   *
   * @example
   * const { token, expiresAt } = client.issueToken({ userId: session.userId })
   * const own = client.as(session.userId).issueToken()
   *
   * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without an app certificate; `ERR_CONFIG_INVALID` for an option that
   * does not exist.
   * @throws {AgoraValidationError} `ERR_INVALID_USER_ID`, `ERR_INVALID_TTL`, `ERR_SENDER_MISMATCH`,
   * `ERR_IDENTITY_MISSING`.
   * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
   */
  issueToken(options: IssueTokenOptions = {}): IssuedToken {
    checkArguments('issueToken()', options, issueTokenRules)
    return this.issueTokenFor(userOfToken(this.#identity, options.userId), options.ttlSeconds)
  }

  /**
   * Makes a token for the user whom the host application names, whatever user this client acts for.
   *
   * @internal
   */
  issueTokenFor(user: unknown, ttlSeconds: number = 3600): IssuedToken {
    const { appId, appCertificate, clock } = this.#parts
    if (appCertificate === undefined) {
      throw new AgoraConfigError(
        'ERR_CONFIG_MISSING',
        `The app certificate is missing, and tokens are made with it. Pass appCertificate, or set AGORA_APP_CERTIFICATE: ${consolePlaces.appCertificate}.`,
      )
    }
    const userId = requireUserId(user, 'userId')
    const issuedAtSeconds = Math.floor(clock.nowMs() / 1000)
    const token = buildSignalingToken({ appId, appCertificate, userId, ttlSeconds, issuedAtSeconds })
    return { token, userId, appId, expiresAt: new Date((issuedAtSeconds + ttlSeconds) * 1000) }
  }

  /**
   * Waits for the pending calls, then closes the connections of this client and of all its views. Later calls
   * are refused with `ERR_CLIENT_CLOSED`. Safe to call twice.
   *
   * A view refuses it: it has nothing of its own to close, and would end the calls of everybody else.
   *
   * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` on a view: from {@link as}, or the client of a request.
   */
  async close(): Promise<void> {
    if (!this.#ownsConnections) {
      throw new AgoraConfigError(
        'ERR_CONFIG_INVALID',
        'This client shares the connections of another and has nothing to close: it comes from client.as(userId), or belongs to ' +
          'a request. Leave out this close(), and close the client or the middleware it comes from when the process ends.',
      )
    }
    await this.#parts.connections.close()
  }
}

/**
 * Makes a client. It sends nothing. It throws for mistakes in the options or the environment.
 *
 * Without options everything comes from the environment: `AGORA_APP_ID` with `AGORA_CUSTOMER_ID` and
 * `AGORA_CUSTOMER_SECRET` (HTTP Basic), or with `AGORA_APP_CERTIFICATE` and `AGORA_USER_ID` (tokens).
 *
 * @example
 * const client = createSignalingClient()
 * await client.messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hello' })
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING`, `ERR_CONFIG_INVALID`, `ERR_CONFIG_CONFLICT`, `ERR_SECRET_EXPOSED`.
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID`, `ERR_INVALID_CREDENTIAL`, `ERR_INVALID_TOKEN`.
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
export function createSignalingClient(options: SignalingClientOptions = {}): SignalingClient {
  return createClientOn(options)
}

/** As {@link createSignalingClient}; clients that share connections must not be closed one by one. */
export function createClientOn(
  options: UncheckedClientOptions,
  sharedConnections?: Connections,
): SignalingClient {
  refuseBrowser()
  const { parts, identity } = resolveClient(options, process.env, sharedConnections)
  return new SignalingClient(parts, identity, sharedConnections === undefined)
}

/** Whether a value is a client, also one of another copy of this package. */
export function isSignalingClient(value: unknown): value is SignalingClient {
  return hasClientBrand(value)
}
