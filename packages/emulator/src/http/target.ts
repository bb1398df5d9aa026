import type { IncomingMessage } from 'node:http'

/** Path and query as they were sent. No URL parser has touched them: those remove `.` and `..`. */
export function splitTarget(incoming: IncomingMessage): [path: string, query: string] {
  const target = incoming.url ?? ''
  const mark = target.indexOf('?')
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
}

/** Whether a path is valid percent-encoding. The router decodes what it can and passes the rest as it is. */
export function isEncoded(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** What to say when it is not. */
export const encodingAdvice =
  'The path is not valid percent-encoding: write every ID as encodeURIComponent gives it.'
