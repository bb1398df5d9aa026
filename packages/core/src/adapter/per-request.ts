import { types } from 'node:util'

/** An option that is one value for all requests, or a function that finds it for each. */
export type PerRequest<HostRequest, Value> = Value | ((request: HostRequest) => Value | Promise<Value>)

/** A callback of the host application, with the name of its option. */
export interface Callback<HostRequest, Value> {
  readonly option: string
  readonly find: (request: HostRequest) => Value | Promise<Value>
}

/**
 * Asks a callback about a request.
 *
 * When a callback fails with something that is no error, this makes an error of it. Frameworks take a thrown `undefined` for
 * success, send a thrown text as the answer, or pass only errors to an error handler.
 */
export function ask<HostRequest, Value>(
  { option, find }: Callback<HostRequest, Value>,
  request: HostRequest,
): Value | Promise<Value> {
  try {
    const value = find(request)
    return isThenable(value) ? Promise.resolve(value).catch((reason) => throwAsError(reason, option)) : value
  } catch (reason) {
    return throwAsError(reason, option)
  }
}

/** Calls `next` with a value: now, or when its promise resolves. Without promises a request waits for nothing. */
export function whenReady<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** Anything with a `then` counts as a promise. The queries of some database libraries have one and are no `Promise`. */
function isThenable<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function throwAsError(reason: unknown, option: string): never {
  if (reason instanceof Error || types.isNativeError(reason)) throw reason
  const what = reason === null ? 'null' : typeof reason
  throw new Error(
    `The ${option} callback failed with a value that is no Error (${what}): it is the cause of this error.`,
    {
      cause: reason,
    },
  )
}
