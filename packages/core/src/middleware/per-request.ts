/** An option that is the same for every request, or found out anew for each. */
export type PerRequest<HostRequest, Value> = Value | ((request: HostRequest) => Value | Promise<Value>)

/**
 * Calls `next` with a value now or once it is there: a request whose options are not promises waits for nothing.
 *
 * A promise is whatever has a `then`: the queries of database libraries do, and are no `Promise`.
 */
export function whenReady<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value)
}

function isThenable<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
