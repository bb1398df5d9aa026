/** The answer to a request, in a form that every framework can write. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Write it as JSON, with the content type `application/json`. */
  readonly body: Readonly<Record<string, unknown>>
}

export function methodNotAllowed(allowed: readonly string[]): HttpAnswer {
  return {
    status: 405,
    headers: { allow: allowed.join(', '), 'cache-control': 'no-store' },
    body: { code: 'ERR_METHOD_NOT_ALLOWED', message: `Use ${allowed.join(' or ')}.` },
  }
}
