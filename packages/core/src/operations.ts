/**
 * What a call is about: it decides the host family, the quota it counts against and whether it may be repeated.
 *
 * `request` is the escape hatch, of which nothing is known.
 */
export type Operation =
  'send' | 'user-events' | 'channel-events' | 'history' | 'publish' | 'projects' | 'request'

/**
 * The two families of the REST API. The project API (messages, events, console) is documented on `api.agora.io`,
 * message history and publish on `api.sd-rtn.com`.
 */
export type ApiFamily = 'project' | 'history'

/** Agora's published limit of each operation, in words, for hints. */
export const documentedLimits: Readonly<Record<Operation, string>> = {
  send: '500 peer and channel messages a second together, per App ID',
  'user-events': '10 reads of user events a second, per App ID',
  'channel-events': '10 reads of channel events a second, per App ID',
  history: '60 history reads a second, per App ID',
  publish: '60 messages a second, per channel',
  projects: '10 console calls a second, per account',
  request: '500 REST calls a second, per App ID',
}
