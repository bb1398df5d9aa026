import { setMaxListeners } from 'node:events'

/** How long something may take, and who may end it earlier. */
export interface TimeLimits {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** Ended by our own clock. */
export class TimeLimitReached extends Error {}

/** Ended by the caller's signal; the cause is the reason given to it. */
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
export async function withinLimits<T>(work: Promise<T>, limits: TimeLimits): Promise<T> {
  const { signal } = limits
  let stopWatching: (() => void) | undefined
  const end = new Promise<never>((_, reject) => {
    if (signal?.aborted === true) reject(new AbortedByCaller(signal))
    else stopWatching = watchLimits(limits, reject)
  })
  try {
    // The race also handles a failure of the work that comes when nobody waits any more.
    return await Promise.race([end, work])
  } finally {
    stopWatching?.()
  }
}

/**
 * Calls `onEnd` once, when a limit is reached, unless the returned function is called before. Expects a signal that
 * is not aborted yet.
 */
export function watchLimits(
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
 * `AbortSignal.any` makes one, too, but in Node 20 and 22 a little of each stays with its sources for as long as they live:
 * of every call, where one of them stands for the shutdown of the process.
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

/** Many calls may share one signal, and Node takes the eleventh listener for a leak. */
function allowManyListeners(signal: AbortSignal): void {
  try {
    setMaxListeners(0, signal)
  } catch {
    // Not Node's own signal: it does not count its listeners.
  }
}
