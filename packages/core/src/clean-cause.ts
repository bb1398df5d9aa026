/** Happy Eyeballs reports one failure per address. */
const maxErrors = 8
const maxDepth = 4

/**
 * A copy of a connection's error that holds only its class, its codes and the system call. It holds nothing of the request
 * or the answer.
 *
 * undici's errors hold sockets, and the bytes of an answer that it cannot parse. TLS messages quote the server's
 * certificate. A server can put into both what it was sent.
 */
export function cleanCause(cause: unknown): Error {
  return copyOf(cause, maxDepth)
}

function copyOf(cause: unknown, depth: number): Error {
  const code = plain(cause, 'code', /^[A-Z][A-Z0-9_]{1,60}$/)
  const syscall = plain(cause, 'syscall', /^[a-z]{1,20}$/)
  const name = plain(cause, 'name', /^[A-Za-z]{1,40}$/) ?? 'Error'
  const message = [syscall, code].filter(Boolean).join(' ') || 'The connection failed.'
  const nested = cause instanceof Error && cause.cause !== undefined && depth > 0
  const options = nested ? { cause: copyOf(cause.cause, depth - 1) } : undefined
  const copy =
    cause instanceof AggregateError && depth > 0
      ? new AggregateError(
          cause.errors.slice(0, maxErrors).map((error) => copyOf(error, depth - 1)),
          message,
          options,
        )
      : new Error(message, options)
  Object.defineProperty(copy, 'name', { value: name, configurable: true, writable: true })
  return Object.assign(copy, code === undefined ? {} : { code }, syscall === undefined ? {} : { syscall })
}

/** A property, if it is text in the form that systems and libraries use. */
function plain(cause: unknown, name: 'code' | 'syscall' | 'name', form: RegExp): string | undefined {
  if (!(cause instanceof Error)) return undefined
  const value: unknown = Reflect.get(cause, name)
  return typeof value === 'string' && form.test(value) ? value : undefined
}
