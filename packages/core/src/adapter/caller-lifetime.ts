import type { ServerResponse } from 'node:http'

/**
 * Gives a signal that is aborted when the caller closes the connection before the answer is complete. Calls to Agora that
 * were made for this caller then end with `ERR_ABORTED`.
 *
 * The signal is made when it is first asked for. The end of a connection after the answer does not abort it.
 *
 * @example
 * context.clientFor(req, callerLifetime(res))
 */
export function callerLifetime(response: ServerResponse): () => AbortSignal {
  let controller: AbortController | undefined
  return () => {
    if (controller === undefined) {
      const made = new AbortController()
      const abortUnlessAnswered = (): void => {
        if (!response.writableFinished)
          made.abort(new Error('The caller closed the connection before it was answered.'))
      }
      if (response.closed) abortUnlessAnswered()
      else response.once('close', abortUnlessAnswered)
      controller = made
    }
    return controller.signal
  }
}
