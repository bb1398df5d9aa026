import { MockAgent } from 'undici'
import type { Dispatcher } from 'undici'
import { onTestFinished } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { CommonClientOptions } from '../client/options.js'
import { appCertificate, appId, customerId, customerSecret } from './account.js'

/** A request as it would have been written to the socket. */
export interface SentRequest {
  readonly origin: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** What Agora answers to one request. */
export interface MockAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown
}

const projectOrigin = 'https://api.agora.io'
const historyOrigin = 'https://api.sd-rtn.com'

/** Agora without a network, asked once for each call: answers what the test says, in that order, and remembers what it was asked. */
export class MockAgora {
  readonly #agent = new MockAgent()
  readonly requests: SentRequest[] = []

  constructor() {
    this.#agent.disableNetConnect()
  }

  get dispatcher(): Dispatcher {
    return this.#agent
  }

  /** The answer to the next request to `api.agora.io`. */
  answers(answer: MockAnswer): void {
    this.#answer(projectOrigin, answer)
  }

  /** The answer to the next request to `api.sd-rtn.com`. */
  answersHistory(answer: MockAnswer): void {
    this.#answer(historyOrigin, answer)
  }

  #answer(origin: string, { status = 200, headers = {}, body = {} }: MockAnswer): void {
    this.#agent
      .get(origin)
      .intercept({ path: () => true, method: () => true })
      .reply((request) => {
        this.requests.push({
          origin,
          method: request.method,
          path: request.path,
          headers: Object.fromEntries(new Headers(request.headers)),
          body: typeof request.body === 'string' ? request.body : undefined,
        })
        return {
          statusCode: status,
          data: typeof body === 'string' ? body : JSON.stringify(body),
          responseOptions: { headers },
        }
      })
  }

  /** A client with HTTP Basic, and with the certificate for `issueToken`. */
  basicClient(options: CommonClientOptions & { readonly userId?: string } = {}): SignalingClient {
    const { dispatcher } = this
    return createSignalingClient({
      appId,
      customerId,
      customerSecret,
      appCertificate,
      dispatcher,
      maxAttempts: 1,
      ...options,
    })
  }

  /** A client that mints its tokens. */
  tokenClient(options: CommonClientOptions & { readonly userId?: string } = {}): SignalingClient {
    const { dispatcher } = this
    return createSignalingClient({
      appId,
      appCertificate,
      userId: 'server',
      dispatcher,
      maxAttempts: 1,
      ...options,
    })
  }

  /** Takes back the answers that nobody asked for yet. */
  forget(): void {
    for (const origin of [projectOrigin, historyOrigin]) this.#agent.get(origin).cleanMocks()
  }

  /** Fails when an answer was prepared that nobody asked for. */
  async verify(): Promise<void> {
    this.#agent.assertNoPendingInterceptors()
    await this.#agent.close()
  }
}

/** Makes a mock for the running test and verifies it at the end. */
export function mockAgora(): MockAgora {
  const agora = new MockAgora()
  onTestFinished(() => agora.verify())
  return agora
}
