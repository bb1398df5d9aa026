import { setMaxListeners } from 'node:events'

/** How long something may take, and the signal that may end it earlier. */
export interface TimeLimits {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** The time was over. */
export class TimeLimitReached extends Error {}

/** The caller's signal was aborted. The cause is the reason of the signal. */
export class AbortedByCaller extends Error {
  constructor(signal: AbortSignal) {
    super('Aborted by the caller.', { cause: signal.reason })
  }
}

/**
 * Waits for a promise, but no longer than the limits allow. The work behind it goes on: only the wait ends.
 *
 * @throws {TimeLimitReached | AbortedByCaller}
 */
export async function withinTimeLimits<T>(work: Promise<T>, limits: TimeLimits): Promise<T> {
  const { signal } = limits
  let stopWatching: (() => void) | undefined
  const end = new Promise<never>((_, reject) => {
    if (signal?.aborted === true) reject(new AbortedByCaller(signal))
    else stopWatching = watchTimeLimits(limits, reject)
  })
  try {
    // The race also handles a failure of the work that comes after the wait has ended.
    return await Promise.race([end, work])
  } finally {
    stopWatching?.()
  }
}

/**
 * Calls `onEnd` once, when a limit is reached, unless the returned function is called before. Expects a signal that
 * is not aborted yet.
 */
export function watchTimeLimits(
  limits: TimeLimits,
  onEnd: (reason: TimeLimitReached | AbortedByCaller) => void,
): () => void {
  const { signal, timeoutMs } = limits
  const timer = setTimeout(() => onEnd(new TimeLimitReached()), timeoutMs)
  if (signal === undefined) return () => clearTimeout(timer)
  const onAbort = (): void => onEnd(new AbortedByCaller(signal))
  allowManyListeners(signal)
  signal.addEventListener('abort', onAbort, { once: true })
  return () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/**
 * Does something with a signal that is aborted with the first of several.
 *
 * `AbortSignal.any` does the same, but in Node 20 and 22 each result leaves memory behind in its sources. A signal for the
 * shutdown of the process would collect some for every call.
 */
export async function untilFirstAborted<Value>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController()
  const listeners = signals.map((source) => {
    const abort = (): void => controller.abort(source.reason)
    if (source.aborted) abort()
    allowManyListeners(source)
    source.addEventListener('abort', abort, { once: true })
    return { source, abort }
  })
  try {
    return await work(controller.signal)
  } finally {
    for (const { source, abort } of listeners) source.removeEventListener('abort', abort)
  }
}

/** Many calls may share one signal. Node would warn of a leak at the eleventh listener. */
function allowManyListeners(signal: AbortSignal): void {
  try {
    setMaxListeners(0, signal)
  } catch {
    // Not Node's own signal: it does not count its listeners.
  }
}
