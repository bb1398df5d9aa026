import type { Authorization } from '../auth/strategy.js'

type Headers = Readonly<Record<string, string>>

/** The headers of requests with a body, and of those without. */
interface RequestHeaders {
  readonly withBody: Headers
  readonly withoutBody: Headers
}

const common = { accept: 'application/json', 'user-agent': 'agora-signaling-node' } as const

/** Put together once for each authorization, and not for each call. */
const known = new WeakMap<Authorization, RequestHeaders>()

/** The headers of a request that goes out with this authorization. */
export function requestHeaders(authorization: Authorization, hasBody: boolean): Headers {
  let headers = known.get(authorization)
  if (headers === undefined) {
    const withoutBody = { ...common, ...authorization.headers }
    headers = { withoutBody, withBody: { ...withoutBody, 'content-type': 'application/json' } }
    known.set(authorization, headers)
  }
  return hasBody ? headers.withBody : headers.withoutBody
}
