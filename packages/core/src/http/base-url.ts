import { AgoraConfigError } from '../errors.js'

/**
 * The origin that `baseUrl` names.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when it is not an origin, or is plain http to another machine.
 */
export function requireOrigin(baseUrl: string): string {
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
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw invalid(
      'may use plain http only for this machine (localhost, 127.0.0.1, [::1]): credentials would travel unencrypted',
    )
  }
  return url.origin
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function invalid(problem: string): AgoraConfigError {
  return new AgoraConfigError('ERR_CONFIG_INVALID', `The base URL (baseUrl, AGORA_REST_BASE_URL) ${problem}.`)
}
