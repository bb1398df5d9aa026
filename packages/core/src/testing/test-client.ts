import { SignalingClient } from '../client/client.js'
import type { IssuedToken } from '../client/client.js'
import type { ClientParts } from '../client/client-parts.js'
import type { Events } from '../client/events.js'
import type { History } from '../client/history.js'
import type { Identity } from '../client/identity.js'
import { Messages } from '../client/messages.js'
import { resolveClient } from '../client/resolve-client.js'
import type { Projects } from '../client/projects.js'
import type { Experimental } from '../client/publish.js'
import type { RequestOptions, RequestResult } from '../client/request.js'
import { sendMany } from '../client/send-many.js'
import type { SendOne } from '../client/send-many.js'
import type { OutgoingMessage, SendManyOptions } from '../client/send-many-options.js'
import type { SendManyReport } from '../client/send-many-report.js'
import { AgoraConfigError } from '../errors.js'
import { requireKnownMethods } from './answered-methods.js'
import { batchOf, isIssuedToken, isRequestResult, ListingForTests, listOf, unfit } from './told-answers.js'
import type { ClientPart, TestAnswers } from './test-answers.js'

/** A call that a test client took. */
export interface RecordedCall {
  /** `messages.sendToUser`, `request`, `issueToken`, `close`. */
  readonly method: string
  readonly arguments: readonly unknown[]
  /** The user that the client acted for; `undefined` for the back end itself. */
  readonly userId: string | undefined
}

/** A client for tests: it sends nothing, answers as it is told, and records the calls. */
export interface TestClient extends SignalingClient {
  /** The calls that the client and its views would have made, the oldest first. Calls that were refused are not among them. */
  readonly calls: readonly RecordedCall[]
}

/** Options of {@link createTestClient}. */
export interface TestClientOptions {
  /** Sender of messages that name none. Default none. */
  readonly userId?: string | undefined
  /** Default 32 zeros. */
  readonly appId?: string | undefined
}

/** The token that a test client issues: it is good for nothing. */
export const testToken = 'test-token-of-createTestClient'

const noAppId = '0'.repeat(32)
const noAppCertificate = 'f'.repeat(32)

/** Ends a call when all is checked and it would go out. */
const wouldGoOut = new Error('a test client sends nothing')

/**
 * Makes a double of the client for tests of your own code. It checks arguments and users as the client does, sends
 * nothing, and goes wherever a client goes: into the `client` option of every adapter, and into Nest's `overrideProvider`.
 *
 * @param answers A result, an error or a function for each method that your code calls.
 *
 * @example
 * const client = createTestClient({ 'messages.sendToUser': { status: 'offline', requestId: undefined } })
 * await client.as('alice').messages.sendToUser({ to: 'bob', payload: 'hello' }) // { status: 'offline', … }
 * client.calls[0]?.method // 'messages.sendToUser'
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an answer to a method that does not exist.
 */
export function createTestClient(answers: TestAnswers = {}, options: TestClientOptions = {}): TestClient {
  requireKnownMethods(answers)
  const { parts, identity } = resolveClient(
    {
      appId: options.appId ?? noAppId,
      appCertificate: noAppCertificate,
      customerId: 'test-customer-id',
      customerSecret: 'test-customer-secret',
      userId: options.userId,
    },
    {},
  )
  const transport = { call: () => Promise.reject(wouldGoOut) }
  return new DoubleOfClient({ ...parts, transport }, identity, {
    answers: new Map(Object.entries(answers)),
    calls: [],
  })
}

/** What a test client and its views share. */
interface Script {
  readonly answers: ReadonlyMap<string, unknown>
  readonly calls: RecordedCall[]
}

class DoubleOfClient extends SignalingClient {
  readonly #connection: ClientParts
  readonly #identity: Identity
  readonly #script: Script
  readonly #messages: Messages
  readonly #events: Events
  readonly #history: History
  readonly #projects: Projects
  readonly #experimental: Experimental

  constructor(connection: ClientParts, identity: Identity, script: Script, isView = false) {
    super(connection, identity, !isView)
    this.#connection = connection
    this.#identity = identity
    this.#script = script
    const sendOne: SendOne = (message) =>
      message.channel === undefined
        ? this.#messages.sendToUser(message)
        : this.#messages.sendToChannel(message)
    this.#messages = this.#answering('messages', new MessagesToOneByOne(connection, identity, sendOne))
    this.#events = this.#answering('events', super.events)
    this.#history = this.#answering('history', super.history)
    this.#projects = this.#answering('projects', super.projects)
    this.#experimental = this.#answering('experimental', super.experimental)
  }

  get calls(): readonly RecordedCall[] {
    return this.#script.calls
  }

  override get messages(): Messages {
    return this.#messages
  }

  override get events(): Events {
    return this.#events
  }

  override get history(): History {
    return this.#history
  }

  override get projects(): Projects {
    return this.#projects
  }

  override get experimental(): Experimental {
    return this.#experimental
  }

  override async request(options: RequestOptions): Promise<RequestResult> {
    const answer = await this.#answerChecked('request', [options], () => super.request(options))
    if (isRequestResult(answer)) return answer
    throw unfit('request', '{ status: 200, body: …, requestId: undefined }')
  }

  override as(userId: string): SignalingClient {
    super.as(userId)
    return this.#viewFor({ kind: 'user', userId })
  }

  override forRequest(userId: string): SignalingClient {
    return userId === '' ? this.#viewFor({ kind: 'anonymous', userId: undefined }) : this.as(userId)
  }

  override during(): SignalingClient {
    return this.#viewFor(this.#identity)
  }

  override issueTokenFor(user: unknown, ttlSeconds?: number): IssuedToken {
    const issued = { ...super.issueTokenFor(user, ttlSeconds), token: testToken }
    const given = [{ userId: issued.userId, ...(ttlSeconds === undefined ? undefined : { ttlSeconds }) }]
    this.#record('issueToken', given)
    if (!this.#script.answers.has('issueToken')) return issued
    const answer = this.#answerTo('issueToken', given)
    if (isIssuedToken(answer)) return answer
    throw unfit('issueToken', '{ token, userId, appId, expiresAt }')
  }

  override async close(): Promise<void> {
    await super.close()
    this.#record('close', [])
  }

  #viewFor(identity: Identity): SignalingClient {
    return new DoubleOfClient(this.#connection, identity, this.#script, true)
  }

  #record(method: string, given: readonly unknown[]): void {
    this.#script.calls.push({ method, arguments: given, userId: this.userId })
  }

  /** The same part of a client, whose methods answer as the test says once their arguments are checked. */
  #answering<Part extends object>(name: ClientPart, part: Part): Part {
    return new Proxy(part, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key)
        // What a test has put there in place of a method is its own.
        if (typeof member !== 'function' || typeof key !== 'string' || Object.hasOwn(target, key))
          return member
        const method = `${name}.${key}`
        if (method === 'messages.sendMany' && !this.#script.answers.has(method)) {
          return (...given: unknown[]): unknown => Reflect.apply(member, target, given)
        }
        return (...given: unknown[]): unknown =>
          this.#answerToPart(method, given, () => Reflect.apply(member, target, given))
      },
    })
  }

  #answerToPart(method: string, given: readonly unknown[], check: () => unknown): unknown {
    switch (method) {
      case 'history.list':
        // Nothing is read yet: what is wrong with the arguments is thrown at once.
        check()
        return new ListingForTests(async () =>
          listOf(method, await this.#answerChecked(method, given, () => undefined)),
        )
      case 'events.pullUserEvents':
      case 'events.pullChannelEvents':
        return this.#answerChecked(method, given, check).then((events) => batchOf(method, events))
      case 'messages.sendMany':
        // A check would use up the source.
        return this.#answerChecked(method, given, () => undefined)
      default:
        return this.#answerChecked(method, given, check)
    }
  }

  async #answerChecked(method: string, given: readonly unknown[], check: () => unknown): Promise<unknown> {
    try {
      await check()
    } catch (error) {
      if (error !== wouldGoOut) throw error
    }
    this.#record(method, given)
    return this.#answerTo(method, given)
  }

  #answerTo(method: string, given: readonly unknown[]): unknown {
    const answer = this.#script.answers.get(method)
    if (answer === undefined) {
      throw new AgoraConfigError(
        'ERR_CONFIG_MISSING',
        `This test client has no answer to ${method}(). Give it one: createTestClient({ '${method}': … }), with a result, an error or a function.`,
      )
    }
    if (answer instanceof Error) throw answer
    return typeof answer === 'function' ? Reflect.apply(answer, undefined, given) : answer
  }
}

/** `sendMany` sends each message as a call of its own, which the test sees and answers. */
class MessagesToOneByOne extends Messages {
  readonly #sendOne: SendOne

  constructor(connection: ClientParts, identity: Identity, sendOne: SendOne) {
    super(connection, identity)
    this.#sendOne = sendOne
  }

  override async sendMany(
    source: Iterable<OutgoingMessage> | AsyncIterable<OutgoingMessage>,
    options: SendManyOptions = {},
  ): Promise<SendManyReport> {
    return sendMany(this.#sendOne, source, options)
  }
}
