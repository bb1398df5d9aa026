import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { mistakenTextWarning } from '../mistaken-text.js'
import type { RequestRecord } from '../state/request-log.js'
import type { Surroundings } from '../surroundings.js'
import { callListener } from '../warnings.js'
import { isSynthetic, refusalAnswer } from './answers.js'
import type { Answer, BodyFamily } from './answers.js'
import { authenticate, readAuthentication } from './authentication.js'
import type { Presented } from './presented.js'
import { dateHeader } from './date.js'
import type { Endpoint, PathParameters } from './endpoint.js'
import { headerText, visibleAscii, warningHeader } from './header-text.js'
import { readBody } from './message-body.js'
import { requireAppId, requireParameters } from './parameters.js'
import { gluedQuery, Query } from './query.js'
import { Refusal } from './refusal.js'
import { encodingAdvice, isEncoded, splitTarget } from './target.js'

/** One request on its way to an answer, with what is known of it so far. */
interface OpenRequest {
  readonly incoming: IncomingMessage
  readonly path: string
  readonly query: string
  readonly presented: Presented
  readonly family: BodyFamily
  readonly operation: string
  readonly requestId: string
  readonly warnings: string[]
  userId?: string
  payloadBytes?: number
}

/** The two ends of a request, as Node gives them. */
export interface Connection {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

/** Takes each request through the same steps, and turns the outcome into an answer and a record. */
export class Exchange {
  readonly #surroundings: Surroundings
  // Agora's request IDs are larger than a JavaScript number holds exactly, and so are these.
  #lastId = 10_116_762_670_167_749_259n

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  /** Serves a request that the router found an endpoint for. */
  async serve(
    { incoming, outgoing }: Connection,
    endpoint: Endpoint,
    parameters: Partial<PathParameters>,
  ): Promise<void> {
    const request = this.#open(incoming, endpoint.family, endpoint.operation)
    let outcome: Answer | Refusal
    try {
      outcome = await this.#answer(request, endpoint, parameters)
    } catch (error) {
      outcome =
        error instanceof Refusal ? error : new Refusal('internal', `The emulator failed: ${String(error)}`)
    }
    this.#respond(outgoing, request, outcome)
  }

  /** Refuses a request that no endpoint answers to. */
  refuse({ incoming, outgoing }: Connection, refusal: Refusal): void {
    this.#respond(outgoing, this.#open(incoming, 'gateway', ''), refusal)
  }

  async #answer(
    request: OpenRequest,
    endpoint: Endpoint,
    parameters: Partial<PathParameters>,
  ): Promise<Answer> {
    const { options, project, limitCounter, createdSeconds, closing } = this.#surroundings
    const { credentials, variants, now } = options
    // The router serves HEAD by the handler of GET, which would read events away.
    if (request.incoming.method !== endpoint.method) {
      throw new Refusal('wrong-method', `This path takes ${endpoint.method}, not ${request.incoming.method}.`)
    }
    if (!isEncoded(request.path)) throw new Refusal('invalid-request', encodingAdvice)
    const path = requireParameters(parameters)
    const glued = gluedQuery(request.path, endpoint.queryNames)
    if (glued !== undefined) throw new Refusal('invalid-request', glued)
    if (path.userId !== '') request.userId = path.userId
    warnOfMistake(request, 'The user ID in the path', path.userId)
    warnOfMistake(request, 'The channel in the path', path.channel)

    const tokenUserId = authenticate(request.presented, {
      credentials,
      nowSeconds: Math.floor(now() / 1_000),
      basicOnly: endpoint.basicOnly,
      pathUserId: path.userId === '' ? undefined : path.userId,
      pathAppId: path.appId === '' ? undefined : path.appId,
    })
    if (tokenUserId !== undefined) {
      request.userId ??= tokenUserId
      warnOfMistake(request, 'The user ID in the token', tokenUserId)
    }
    requireAppId(path.appId, credentials)
    limitCounter?.count(endpoint.limit(path))

    return endpoint.handle({
      path,
      query: Query.parse(request.query, endpoint.queryNames),
      requestId: request.requestId,
      project,
      credentials,
      variants,
      createdSeconds,
      now,
      readBody: () => readBody(request.incoming),
      notePayload: (payload) => {
        request.payloadBytes = Buffer.byteLength(payload)
        warnOfMistake(request, 'The payload', payload)
      },
      warnOfMistake: (what, text) => warnOfMistake(request, what, text),
      pause: (ms) => pause(ms, closing),
    })
  }

  #open(incoming: IncomingMessage, family: BodyFamily, operation: string): OpenRequest {
    const [path, query] = splitTarget(incoming)
    this.#lastId += 1n
    return {
      incoming,
      path,
      query,
      presented: readAuthentication(incoming),
      family,
      operation,
      // The two families number their requests in two ways.
      requestId: family === 'rtm-v2' ? `1121_${this.#lastId}` : String(this.#lastId),
      warnings: [],
    }
  }

  #respond(outgoing: ServerResponse, request: OpenRequest, outcome: Answer | Refusal): void {
    const { options, redactor } = this.#surroundings
    const warning = warningHeader(request.warnings)
    const ownHeaders = { ...dateHeader(options.now), 'x-request-id': request.requestId, ...warning }
    if (!(outcome instanceof Refusal)) {
      write(outgoing, outcome.status, ownHeaders, JSON.stringify(outcome.body))
      this.#record(request, outcome.status)
      return
    }
    const reason = headerText(redactor.sentence(outcome.message))
    const { status, body } = refusalAnswer(outcome.kind, reason, request)
    const sentStatus = options.variants.rtmV2FailuresAs200 && 'errorCode' in body ? 200 : status
    const headers = {
      ...ownHeaders,
      ...outcome.headers,
      'x-emulator-reason': reason,
      ...(isSynthetic(outcome.kind) ? { 'x-emulator-synthetic': 'true' } : {}),
    }
    write(outgoing, sentStatus, headers, JSON.stringify(body))
    this.#record(request, sentStatus, reason)
  }

  #record(request: OpenRequest, status: number, reason?: string): void {
    const { options, redactor, requests, drops } = this.#surroundings
    const { userId, payloadBytes, warnings } = request
    const record: RequestRecord = Object.freeze({
      at: new Date(options.now()),
      method: request.incoming.method ?? '',
      path: visibleAscii(redactor.target(request.path)),
      query: request.query === '' ? '' : visibleAscii(redactor.target(request.query)),
      status,
      authentication: request.presented.form,
      ...(userId === undefined ? {} : { userId: visibleAscii(redactor.sentence(userId)) }),
      requestId: request.requestId,
      ...(reason === undefined ? {} : { reason }),
      ...(warnings.length === 0 ? {} : { warning: headerText(warnings.join(' ')) }),
      ...(payloadBytes === undefined ? {} : { payloadBytes }),
    })
    if (requests.push(record) !== undefined) drops.note('requests')
    callListener('onRequest', () => options.onRequest(record))
  }
}

function warnOfMistake({ warnings }: OpenRequest, what: string, text: string): void {
  const warning = mistakenTextWarning(what, text)
  if (warning !== undefined) warnings.push(warning)
}

/** Written straight to the socket: response objects on top of it would take half of the time of a request. */
function write(
  outgoing: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  })
  outgoing.end(body)
}

async function pause(ms: number, closing: AbortSignal): Promise<void> {
  if (ms === 0) return
  try {
    await wait(ms, undefined, { signal: closing })
  } catch {
    throw new Refusal('internal', 'The emulator was closed before this answer was due.')
  }
}
