/** For callbacks that are rejected with something else. Fastify would send a text that is thrown, and with 200. */
export function rethrowAsError(reason: unknown): never {
  if (reason instanceof Error) throw reason
  throw new Error('A callback was rejected without an error.', { cause: reason })
}
