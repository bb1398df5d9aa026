import { AgoraConfigError } from '../errors.js'

/**
 * The origin that `baseUrl` names.
 *
 * @param insecureHost The one other machine that plain http may go to.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when it is not an origin, or is plain http to another machine.
 */
export function requireOrigin(baseUrl: string, insecureHost?: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw invalid('must be an absolute URL, for instance https://api.agora.io or http://127.0.0.1:4010')
  }
  if (
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== '' ||
    url.password !== ''
  ) {
    throw invalid('must be an origin: scheme, host and port only, without path, query or credentials')
  }
  const allowed = insecureHost === undefined ? undefined : requireInsecureHost(insecureHost)
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && url.hostname !== allowed) {
    throw invalid(
      'may use plain http only for this machine (localhost, 127.0.0.1, [::1]): credentials would travel unencrypted. ' +
        'For an emulator in a container of its own, name exactly its host: insecureHost, AGORA_ALLOW_INSECURE_HOST',
    )
  }
  return url.origin
}

/** Agora's own hosts speak TLS, and the credentials that go there are real. */
const agorasHost = /(?:^|\.)(?:agora\.io|sd-rtn\.com)\.?$/

/** One host name as in a URL: no pattern, no port, no list. */
function requireInsecureHost(insecureHost: unknown): string {
  const host = typeof insecureHost === 'string' ? insecureHost.toLowerCase() : ''
  const isName = /^(?:[a-z0-9._-]+|\[[0-9a-f:]+\])$/.test(host) && URL.canParse(`http://${host}`)
  if (isName && new URL(`http://${host}`).hostname === host && !agorasHost.test(host)) return host
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    'The host that plain http may go to (insecureHost, AGORA_ALLOW_INSECURE_HOST) must be one host name without scheme, port or wildcard, ' +
      'and none of Agora: for instance emulator.',
  )
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function invalid(problem: string): AgoraConfigError {
  return new AgoraConfigError('ERR_CONFIG_INVALID', `The base URL (baseUrl, AGORA_REST_BASE_URL) ${problem}.`)
}
