import type { Endpoint } from '../http/endpoint.js'
import { gluedQuery } from '../http/query.js'
import { Refusal } from '../http/refusal.js'

/** Paths that older pages and public code use, and what to call instead. */
const knownMistakes: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [/\/peer_message$/, 'The path ends in peer_messages, with an s.'],
  [/\/channel_message$/, 'The path ends in channel_messages, with an s.'],
  [/\/rtm\/hook\//, 'The events are at /rtm/vendor/user_events and /rtm/vendor/channel_events.'],
  [
    /\/rtm\/message\/history(?:\/|$)/i,
    'The 1.x history calls are withdrawn, and nothing counts messages. Read the history with GET /rtm/v2/history/{appId}/userId/{userId}/channelType/{channelType}/channel/{channel}.',
  ],
  [/^\/dev\/v2\/projects$/, 'The projects are at GET /dev/v1/projects.'],
  [/.\/$/, 'The path ends in a slash: remove it.'],
  [/\/\//, 'The path has an empty segment: is a user ID or channel name empty?'],
]

/** Why no endpoint answers to this method and path, in words. */
export function explainUnknownRoute(method: string, path: string, endpoints: readonly Endpoint[]): Refusal {
  if (/^[a-z][\w+.-]*:\/\//i.test(path)) {
    return new Refusal(
      'no-route',
      'The request line has a whole URL, as proxies get it: send the path alone. The emulator is no proxy: is it in HTTP_PROXY?',
    )
  }
  const samePath = endpoints.find(({ route }) => patternOf(route, '').test(path))
  if (samePath !== undefined) {
    return new Refusal('wrong-method', `This path takes ${samePath.method}, not ${method}.`)
  }
  const otherCase = endpoints.find(({ route }) => patternOf(route, 'i').test(path))
  if (otherCase !== undefined) {
    return new Refusal('no-route', `Paths are case-sensitive: write ${readable(otherCase.route)}.`)
  }
  const glued = endpoints
    .filter(({ route }) => new RegExp(`${patternOf(route, '').source.slice(0, -1)}.`).test(path))
    .map(({ queryNames }) => gluedQuery(path, queryNames))
    .find((problem) => problem !== undefined)
  if (glued !== undefined) return new Refusal('no-route', glued)
  const advice = knownMistakes.find(([pattern]) => pattern.test(path))?.[1]
  return new Refusal('no-route', advice ?? `No call has this path. There are: ${listOf(endpoints)}.`)
}

function listOf(endpoints: readonly Endpoint[]): string {
  return endpoints.map(({ method, route }) => `${method} ${readable(route)}`).join(', ')
}

function readable(route: string): string {
  return route.replaceAll(/:(\w+)/g, '{$1}')
}

function patternOf(route: string, flags: string): RegExp {
  return new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`, flags)
}
