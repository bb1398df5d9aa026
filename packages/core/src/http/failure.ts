import type { AgoraConnectionErrorCode } from '../errors.js'

const codesByCause: Readonly<Record<string, AgoraConnectionErrorCode>> = {
  ENOTFOUND: 'ERR_DNS',
  EAI_AGAIN: 'ERR_DNS',
  EAI_FAIL: 'ERR_DNS',
  EAI_NODATA: 'ERR_DNS',
  EAI_NONAME: 'ERR_DNS',
  ECONNREFUSED: 'ERR_CONNECTION_REFUSED',
  EHOSTUNREACH: 'ERR_CONNECTION_REFUSED',
  ENETUNREACH: 'ERR_CONNECTION_REFUSED',
  EADDRNOTAVAIL: 'ERR_CONNECTION_REFUSED',
  EACCES: 'ERR_CONNECTION_REFUSED',
  UND_ERR_CONNECT_TIMEOUT: 'ERR_CONNECTION_REFUSED',
}

const tlsCause = /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH$)/

/** Sorts what a socket reported into the classes that decide whether a request may have been processed. */
export function connectionErrorCode(cause: unknown): AgoraConnectionErrorCode {
  for (const code of causeCodes(cause)) {
    const known = codesByCause[code]
    if (known !== undefined) return known
    if (tlsCause.test(code)) return 'ERR_TLS'
  }
  return 'ERR_CONNECTION_RESET'
}

/** The system error codes behind an error, outermost first. Happy Eyeballs reports one error per address. */
function causeCodes(cause: unknown): string[] {
  if (!(cause instanceof Error)) return []
  const own = 'code' in cause && typeof cause.code === 'string' ? [cause.code] : []
  const nested: unknown[] = cause instanceof AggregateError ? cause.errors : []
  return [...own, ...nested.flatMap(causeCodes), ...causeCodes(cause.cause)]
}

/** The first system error code, for a message: `ECONNREFUSED`. */
export function systemErrorCode(cause: unknown): string | undefined {
  return causeCodes(cause)[0]
}
