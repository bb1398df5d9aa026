/**
 * Agora's published limits. {@link OperationRow.limit} says which one an operation counts against.
 *
 * `words` and `per` follow the number in a sentence: "500 peer and channel messages a second together, per App ID".
 *
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
export const publishedLimits = {
  messages: { perSecond: 500, words: 'peer and channel messages a second together', per: 'App ID' },
  userEvents: { perSecond: 10, words: 'reads of user events a second', per: 'App ID' },
  channelEvents: { perSecond: 10, words: 'reads of channel events a second', per: 'App ID' },
  history: { perSecond: 60, words: 'history reads a second', per: 'App ID' },
  publish: { perSecond: 60, words: 'messages a second', per: 'channel' },
  projects: { perSecond: 10, words: 'console calls a second', per: 'account' },
  // The client does not count these calls: it cannot know which limit an unknown endpoint has.
  restCalls: { perSecond: 500, words: 'REST calls a second', per: 'App ID' },
} as const

export type LimitName = keyof typeof publishedLimits

/** What is known of an operation besides its address. */
export interface OperationRow {
  /** The name in diagnostics. */
  readonly name: string
  readonly limit: LimitName
  /** What a second attempt may do. `by-method`: a GET reads, everything else sends. */
  readonly repeating: 'sends' | 'reads' | 'reads-destructively' | 'by-method'
  /** What a genuine success holds: the name of a rule in `call/genuine-answer.ts`. `anything` skips the check. */
  readonly success: 'delivery' | 'events' | 'history-page' | 'error-code' | 'projects' | 'anything'
  /** The call must not leave the preferred host. */
  readonly isPinned?: boolean
  /** With this query the answer waits for the receiver's device: an attempt may take twice as long. */
  readonly waitsForReceiverWith?: string
  /** What to check when Agora answers with this status. It replaces the hint that all operations share. */
  readonly hints?: Readonly<Record<number, string>>
}

/** An operation with an address of its own. `{name}` in the path stands for one encoded segment. */
export interface EndpointRow<Path extends string = string> extends OperationRow {
  readonly method: 'GET' | 'POST'
  readonly path: Path
}

/**
 * One row for each operation. Quota, retry, hosts, diagnostics and hints read it and name no operation themselves.
 *
 * The two event queues are pinned: Agora keeps them per region, so another region repeats events or splits them.
 */
export const operations = {
  sendToUser: {
    name: 'send',
    method: 'POST',
    path: '/dev/v2/project/{appId}/rtm/users/{userId}/peer_messages',
    limit: 'messages',
    repeating: 'sends',
    success: 'delivery',
    waitsForReceiverWith: 'wait_for_ack=true',
  },
  sendToChannel: {
    name: 'send',
    method: 'POST',
    path: '/dev/v2/project/{appId}/rtm/users/{userId}/channel_messages',
    limit: 'messages',
    repeating: 'sends',
    success: 'delivery',
  },
  pullUserEvents: {
    name: 'user-events',
    method: 'GET',
    path: '/dev/v2/project/{appId}/rtm/vendor/user_events',
    limit: 'userEvents',
    repeating: 'reads-destructively',
    success: 'events',
    isPinned: true,
  },
  pullChannelEvents: {
    name: 'channel-events',
    method: 'GET',
    path: '/dev/v2/project/{appId}/rtm/vendor/channel_events',
    limit: 'channelEvents',
    repeating: 'reads-destructively',
    success: 'events',
    isPinned: true,
  },
  history: {
    name: 'history',
    method: 'GET',
    path: '/rtm/v2/history/{appId}/userId/{userId}/channelType/{channelType}/channel/{channel}',
    limit: 'history',
    repeating: 'reads',
    success: 'history-page',
    hints: {
      403: 'Message history is not enabled for this App ID, or the App ID is not one of this account. Enable it in Agora Console → Project Management → the project → Signaling.',
      500: 'Agora answers 500 to history reads when message history is not enabled for the App ID: Agora Console → Project Management → the project → Signaling.',
    },
  },
  publish: {
    name: 'publish',
    method: 'POST',
    path: '/rtm/v2/publish/{appId}/userId/{userId}/channelType/{channelType}/channel/{channel}',
    limit: 'publish',
    repeating: 'sends',
    success: 'error-code',
  },
  projects: {
    name: 'projects',
    method: 'GET',
    path: '/dev/v1/projects',
    limit: 'projects',
    repeating: 'reads',
    success: 'projects',
  },
  /** `client.request()`: its caller names the method and the path. */
  request: { name: 'request', limit: 'restCalls', repeating: 'by-method', success: 'anything' },
} as const

/** The names that diagnostics show. */
export type OperationName = (typeof operations)[keyof typeof operations]['name']
