import { AgoraConfigError } from '../errors.js'

/**
 * A test runner may give Node the window of jsdom or happy-dom: that is no browser, and nobody can read secrets there.
 *
 * @throws {AgoraConfigError} `ERR_SECRET_EXPOSED` in a browser window or worker.
 */
export function refuseBrowser(): void {
  const inWindow = 'window' in globalThis && 'document' in globalThis
  const inWorker = 'importScripts' in globalThis
  if ((!inWindow && !inWorker) || isSimulated()) return
  throw new AgoraConfigError(
    'ERR_SECRET_EXPOSED',
    'This is a browser, or looks like one: there is a window with a document, or a web worker. The REST API needs secrets ' +
      'that every visitor could read here: make the client on your server, let the page fetch a token from it (tokenRoute), ' +
      'and use the Signaling SDK for the web with that token. Tests of a server run in the environment "node" of their runner.',
  )
}

/** jsdom and happy-dom name themselves. A browser, or Electron with Node inside, names itself otherwise. */
function isSimulated(): boolean {
  return isNode() && /\b(?:jsdom|HappyDOM)\//i.test(userAgentOf(globalThis))
}

/** Code for browsers often has a `process` of its own, which is a plain object. */
function isNode(): boolean {
  return Object.prototype.toString.call(globalThis.process) === '[object process]'
}

function userAgentOf(global: object): string {
  const window: unknown = Reflect.get(global, 'window')
  const navigator: unknown =
    typeof window === 'object' && window !== null ? Reflect.get(window, 'navigator') : undefined
  const userAgent: unknown =
    typeof navigator === 'object' && navigator !== null ? Reflect.get(navigator, 'userAgent') : undefined
  return typeof userAgent === 'string' ? userAgent : ''
}
