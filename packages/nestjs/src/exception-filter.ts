import { AgoraError, isAgoraError } from '@agora-signaling/core'
import type { AnyAgoraError } from '@agora-signaling/core'
import { toHttpError } from '@agora-signaling/core/adapter'
import { Catch, Inject, Logger } from '@nestjs/common'
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { throwError } from 'rxjs'
import { writeAnswer } from './http.js'
import type { HostResponse } from './http.js'

/** Nest compares with `instanceof`, which does not know the errors of another copy of core. */
abstract class AgoraErrorOfAnyCopy extends AgoraError {
  static override [Symbol.hasInstance](error: unknown): boolean {
    return isAgoraError(error)
  }
}

/**
 * Answers errors of Agora calls with JSON, `{ code, message }`, and leaves other errors alone. The module registers it
 * for all routes; a filter of yours at a controller, a method or in `app.useGlobalFilters()` comes before it.
 *
 * When Agora refuses the server's credentials, the caller gets 502 and never 401. When a quota is used up, the caller gets 503
 * with `Retry-After`.
 * What is answered with 500 or more is logged.
 */
@Catch(AgoraErrorOfAnyCopy)
export class AgoraExceptionFilter implements ExceptionFilter<AnyAgoraError> {
  readonly #adapterHost: HttpAdapterHost
  readonly #logger = new Logger('AgoraSignaling')

  constructor(@Inject(HttpAdapterHost) adapterHost: HttpAdapterHost) {
    this.#adapterHost = adapterHost
  }

  catch(error: AnyAgoraError, host: ArgumentsHost): unknown {
    const answer = toHttpError(error)
    if (answer === undefined) throw error
    if (answer.isFault) this.#logger.error(error)
    const type = host.getType<string>()
    // Microservices take a stream, GraphQL the error itself.
    if (type !== 'http') return type === 'rpc' ? throwError(() => answer.body) : error
    writeAnswer(this.#adapterHost.httpAdapter, host.switchToHttp().getResponse<HostResponse>(), answer)
    return undefined
  }
}
