import type { ServerResponse } from 'node:http'

/**
 * A signal that is aborted when our caller goes away before it was answered, made when it is first asked for.
 *
 * Work that goes on after the answer is not cut short by the connection's end.
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
