import type { IncomingMessage } from 'node:http'
import { named } from './header-text.js'
import { hostNameAlone, hostNameOf, isLoopback } from './host-name.js'

/** Which callers of the control paths are trusted, beside those that call this machine by a name of its own. */
export interface TrustedHosts {
  /** The address the emulator listens on. */
  readonly host: string
  readonly allowedHosts: readonly string[]
}

/**
 * Why a request may not use the control paths; `undefined` when it may.
 *
 * The control paths take no credentials, so that a test in any language can use them. A web page that is open in the
 * developer's browser must not use them: it could read messages. Headers show such requests. A page whose domain name
 * was changed to point at this machine sends that name as `Host`. Any other page sends its own `Origin`, or the browser
 * says that the site is another one.
 */
export function controlCallerProblem(
  { headersDistinct }: IncomingMessage,
  trusted: TrustedHosts,
): string | undefined {
  const [host, ...more] = headersDistinct['host'] ?? []
  if (host === undefined || more.length > 0) return 'The control paths need exactly one Host header.'
  const hostName = hostNameOf(host)
  if (hostName === undefined || !isTrusted(hostName, trusted)) {
    return `The control paths are for callers of this machine: the Host header says ${named(host)}, which is neither 127.0.0.1 nor localhost. Where the emulator has another name on purpose, such as in a container, list it: --allowed-hosts, or allowedHosts of createEmulator().`
  }
  const origins = headersDistinct['origin'] ?? []
  if (origins.some((origin) => !isOriginOf(origin, host))) {
    return 'The control paths are not for web pages of another origin, and the Origin header names one.'
  }
  const sites = headersDistinct['sec-fetch-site'] ?? []
  if (sites.some((site) => site !== 'same-origin' && site !== 'none')) {
    return 'The control paths are not for web pages of another site, and the Sec-Fetch-Site header says that this is one.'
  }
  return undefined
}

function isTrusted(hostName: string, { host, allowedHosts }: TrustedHosts): boolean {
  return isLoopback(hostName) || [host, ...allowedHosts].some((name) => hostNameAlone(name) === hostName)
}

/** Pages in a sandbox send the origin `null`, which is nobody's. */
function isOriginOf(origin: string, host: string): boolean {
  const scheme = /^https?:\/\//i.exec(origin)?.[0]
  if (scheme === undefined || hostNameOf(origin.slice(scheme.length)) === undefined) return false
  return URL.canParse(scheme + host) && new URL(origin).host === new URL(scheme + host).host
}
