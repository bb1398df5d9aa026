import type { Environment } from '../credentials/environment.js'
import type { Log } from '../logger.js'

/** In the order in which other tools look at them. */
const variables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']

/** Who has been told: a process may have thousands of clients, two copies of this package, and one logger. */
const told = loggersOfTheProcess(Symbol.for('@agora-signaling/core.toldOfUnusedProxy'))

function loggersOfTheProcess(key: symbol): WeakSet<object> {
  const found: unknown = Reflect.get(globalThis, key)
  if (found instanceof WeakSet) return found
  const made = new WeakSet<object>()
  Object.defineProperty(globalThis, key, { value: made })
  return made
}

/**
 * Warns, once for each logger, that a proxy is set and not used. Where a proxy is the only way out, calls would otherwise
 * fail without a hint.
 *
 * @param origins Where calls go.
 */
export function tellOfUnusedProxy(env: Environment, origins: readonly string[], log: Log): void {
  const variable = variables.find((name) => (env[name] ?? '').trim() !== '')
  if (variable === undefined || told.has(log.audience)) return
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? ''
  if (!origins.some((origin) => isForProxy(new URL(origin), noProxy))) return
  told.add(log.audience)
  // The value may hold the credentials of the proxy.
  log.warn(
    `${variable} is set, and the client does not use it: calls go to Agora directly. To go through the proxy, pass ` +
      'dispatcher: new EnvHttpProxyAgent() from undici; to go without, add the host to NO_PROXY.',
  )
}

function isForProxy({ protocol, hostname, port }: URL, noProxy: string): boolean {
  if (protocol !== 'https:') return false
  return !noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => isCoveredBy(entry, hostname, port === '' ? '443' : port))
}

/** Forms: `*`, `example.com`, `.example.com`, `*.example.com`, each with or without a port. A domain covers its subdomains. */
function isCoveredBy(entry: string, hostname: string, port: string): boolean {
  const { name = '', itsPort } = /^\*?\.?(?<name>.*?)(?::(?<itsPort>\d+))?$/.exec(entry)?.groups ?? {}
  if (itsPort !== undefined && itsPort !== port) return false
  if (entry === '*') return true
  return name !== '' && (hostname === name || hostname.endsWith(`.${name}`))
}
