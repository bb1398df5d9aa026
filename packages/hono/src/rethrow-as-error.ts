/** For callbacks that are rejected with something else. Hono hands nothing else to an error handler. */
export function rethrowAsError(reason: unknown): never {
  if (reason instanceof Error) throw reason
  throw new Error('A callback was rejected without an error.', { cause: reason })
}
