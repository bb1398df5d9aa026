import { AgoraConfigError } from '../errors.js'

/** @throws {AgoraConfigError} `ERR_SECRET_EXPOSED` in a browser window or worker. */
export function refuseBrowser(): void {
  const inWindow = 'window' in globalThis && 'document' in globalThis
  const inWorker = 'importScripts' in globalThis
  if (!inWindow && !inWorker) return
  throw new AgoraConfigError(
    'ERR_SECRET_EXPOSED',
    'This is a browser. The REST API needs secrets that every visitor could read here: make the client on your server, ' +
      'let the page fetch a token from it (tokenRoute), and use the Signaling SDK for the web with that token.',
  )
}
