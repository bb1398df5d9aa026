import { toHttpError } from '@agora-signaling/core/internal'
import type { ErrorRequestHandler, Request } from 'express'
import { writeAnswer } from './write-answer.js'

/** Options of {@link agoraErrorHandler}. */
export interface AgoraErrorHandlerOptions {
  /** Told of every error that is answered with 500 or more. Default: `console.error`. */
  readonly onError?: ((error: unknown, req: Request) => void) | undefined
}

/**
 * Answers errors of Agora calls with JSON: `{ code, message }`; other errors pass through. `agoraSignaling()` brings it
 * along for errors that nobody else answers. Mount it yourself, after the routes, to be told of them or to come before a
 * handler of your own.
 *
 * Agora refusing the server's credentials becomes 502 and never 401; a quota refusal becomes 503 with `Retry-After`.
 *
 * @example
 * app.use(agoraErrorHandler())
 */
export function agoraErrorHandler(options: AgoraErrorHandlerOptions = {}): ErrorRequestHandler {
  // oxlint-disable-next-line no-console -- the caller is told nothing of the reason, so the developer has to be
  const { onError = (error) => console.error(error) } = options
  return (error: unknown, req, res, next) => {
    const answer = toHttpError(error)
    // An answer that has begun cannot be replaced; Express then cuts the connection.
    if (answer === undefined || res.headersSent) {
      next(error)
      return
    }
    if (answer.isFault) onError(error, req)
    writeAnswer(res, answer)
  }
}
