import { expectTypeOf } from 'vitest'
import { basicAuthHeaders, createSignalingClient, parseKeyAndSecret, tokenAuthHeaders } from '../index.js'
import type {
  ChannelEvent,
  EventBatch,
  HistoryMessage,
  Project,
  SignalingEvent,
  UserEvent,
} from '../index.js'

const client = createSignalingClient()
const { messages, events, history, projects, experimental } = client

expectTypeOf(client.appId).toEqualTypeOf<string>()
expectTypeOf(client.userId).toEqualTypeOf<string | undefined>()
expectTypeOf(client.as('alice')).toEqualTypeOf(client)
expectTypeOf(client.close()).toEqualTypeOf<Promise<void>>()

// Results are exact.
expectTypeOf(messages.sendToUser({ to: 'bob', payload: 'x' })).resolves.toEqualTypeOf<{
  readonly status: 'sent' | 'delivered' | 'offline'
  readonly requestId: string | undefined
}>()
expectTypeOf(messages.sendToChannel({ channel: 'lobby', payload: 'x' })).resolves.toEqualTypeOf<{
  readonly status: 'sent'
  readonly requestId: string | undefined
}>()
expectTypeOf(events.pullUserEvents()).resolves.toEqualTypeOf<{
  readonly events: readonly UserEvent[]
  readonly requestId: string | undefined
  readonly isFull: boolean
  readonly possibleLoss: boolean
  readonly unreadable: readonly unknown[]
}>()
expectTypeOf(events.pullUserEvents()).resolves.toEqualTypeOf<EventBatch<UserEvent>>()
expectTypeOf(events.pullChannelEvents()).resolves.toEqualTypeOf<EventBatch<ChannelEvent>>()
expectTypeOf(history.list({ channel: 'lobby' })).toExtend<AsyncIterable<HistoryMessage>>()
expectTypeOf(history.list({ channel: 'lobby' }).page()).resolves.toEqualTypeOf<{
  readonly messages: readonly HistoryMessage[]
  readonly unreadable?: readonly unknown[]
  readonly nextBefore?: number
  readonly requestId: string | undefined
}>()
expectTypeOf(history.list({ channel: 'lobby' }).unreadableCount).toEqualTypeOf<number>()
expectTypeOf(projects.list()).resolves.toEqualTypeOf<Project[]>()
expectTypeOf(experimental.publish({ channel: 'lobby', payload: 'x' })).resolves.toEqualTypeOf<{
  requestId: string | undefined
}>()
expectTypeOf(client.issueToken({ userId: 'alice' })).toEqualTypeOf<{
  readonly token: string
  readonly userId: string
  readonly appId: string
  readonly expiresAt: Date
}>()

// What Agora answers to a call we know nothing about is unknown, not any.
expectTypeOf(client.request({ method: 'GET', path: '/x' })).resolves.toEqualTypeOf<{
  readonly status: number
  readonly body: unknown
  readonly requestId: string | undefined
}>()

// The kind of an event tells what else it holds.
function channelOf(event: SignalingEvent): string | undefined {
  return event.kind === 'channel.join' || event.kind === 'channel.leave' ? event.channel : undefined
}
expectTypeOf(channelOf).returns.toEqualTypeOf<string | undefined>()

expectTypeOf(basicAuthHeaders({ customerId: 'a', customerSecret: 'b' })).toEqualTypeOf<{
  authorization: string
}>()
expectTypeOf(tokenAuthHeaders({ token: '007' })).toEqualTypeOf<Record<string, string>>()
expectTypeOf(parseKeyAndSecret('')).toEqualTypeOf<{
  readonly customerId: string
  readonly customerSecret: string
}>()

// A message is text, and has a receiver.
// @ts-expect-error -- an object
void messages.sendToUser({ to: 'bob', payload: { text: 'x' } })
// @ts-expect-error -- no receiver
void messages.sendToUser({ payload: 'x' })
// @ts-expect-error -- no channel
void history.list({})
// @ts-expect-error -- no such method
void client.request({ method: 'HEAD', path: '/x' })
