import {
  AgoraApiError,
  basicAuth,
  basicAuthHeaders,
  buildSignalingToken,
  ServiceType,
  tokenAuth,
  tokenAuthHeaders,
  verifyAccessToken2,
} from '@agora-signaling/core'
import type { TokenHeaderStyle } from '@agora-signaling/core'
import { ChatUser, fieldOf, textOf } from './chat-user.js'
import { CredentialsMissing, requireAppCertificate, requireCustomerPair } from './place.js'
import type { Place } from './place.js'

/** What became of one step. */
export interface Outcome {
  readonly name: string
  readonly result: 'done' | 'skipped' | 'failed'
  /** What was done and what came of it, in one line without secrets. */
  readonly detail: string
}

/** Does something, checks what came of it, and tells both. */
type Step = (place: Place) => Promise<string>

const steps: readonly (readonly [name: string, step: Step])[] = [
  ['HTTP Basic', listProjects],
  ['AccessToken2', (place) => pullUserEvents(place, 'authorization')],
  ['AccessToken2', (place) => pullUserEvents(place, 'x-agora')],
  ['AccessToken2', (place) => pullUserEvents(place, 'both')],
  ['Peer message', sendToUser],
  ['Channel message', sendToChannel],
  ['History', readHistory],
  ['Front-end token', fetchToken],
  ['Wrong user', sendWithTokenOfAnother],
]

// No live project is likely to have users and channels of these names.
const server = 'demo-server'
const alice = 'demo-alice'
const bob = 'demo-bob'
const mallory = 'demo-mallory'
const lobby = 'demo-lobby'

/** Takes one step after the other. One that fails does not keep the next from being tried. */
export async function* walk(place: Place): AsyncGenerator<Outcome, void, undefined> {
  for (const [name, step] of steps) yield outcomeOf(name, step, place)
}

async function outcomeOf(name: string, step: Step, place: Place): Promise<Outcome> {
  try {
    return { name, result: 'done', detail: place.conceal(await step(place)) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const result = error instanceof CredentialsMissing ? 'skipped' : 'failed'
    return { name, result, detail: place.conceal(error.message) }
  }
}

async function listProjects(place: Place): Promise<string> {
  const pair = requireCustomerPair(place.credentials)
  const projects = await place.connect(basicAuth(pair)).projects.list()
  checkAuthentication(place, 'basic')
  const project = projects.find(({ appId }) => appId === place.credentials.appId)
  check(
    project !== undefined,
    `None of the ${projects.length} projects of this account has the App ID given.`,
  )
  const { authorization } = basicAuthHeaders(pair)
  return `Authorization: ${authorization} → GET /dev/v1/projects → "${project.name}", App ID ${project.appId}`
}

/** How the emulator names what each header style sends. */
const authenticationForms = {
  authorization: 'token',
  'x-agora': 'x-agora',
  both: 'token and x-agora',
} as const

/** Who logs in to the emulator, so that there is an event to pull. */
const newcomers = { authorization: alice, 'x-agora': bob, both: mallory } as const

async function pullUserEvents(place: Place, headerStyle: TokenHeaderStyle): Promise<string> {
  const { appId } = place.credentials
  const appCertificate = requireAppCertificate(place.credentials)
  const token = buildSignalingToken({ appId, appCertificate, userId: server, ttlSeconds: 600 })
  place.emulator?.users.login(newcomers[headerStyle])

  const { events } = await place
    .connect(tokenAuth({ token, userId: server, headerStyle }))
    .events.pullUserEvents()
  checkAuthentication(place, authenticationForms[headerStyle])
  const headers = Object.entries(tokenAuthHeaders({ token, userId: server, headerStyle }))
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')
  const call = `${headers} → GET …/user_events`
  if (place.emulator === undefined) return `${call} → ${events.length} events, taken out of Agora’s queue`
  const [event] = events
  check(
    events.length === 1 && event?.userId === newcomers[headerStyle],
    'The login of a moment ago did not come back as an event.',
  )
  return `${call} → ${event.kind} of ${event.userId}`
}

async function sendToUser(place: Place): Promise<string> {
  place.emulator?.users.login(bob)
  const user = await ChatUser.logIn(place, alice)
  const answer = await user.post(`/users/${bob}/messages`, { text: 'Hello, Bob!', waitForAck: true })
  const status = textOf(answer, 'status')
  if (place.emulator !== undefined) {
    const message = place.emulator.messages().at(-1)
    check(status === 'delivered', `The message to somebody online is ${status}, not delivered.`)
    check(
      message?.kind === 'peer' && message.from === alice && message.to === bob,
      'Another message arrived.',
    )
  }
  return `Express POST /users/${bob}/messages → req.agora sends as ${alice} → ${status}`
}

async function sendToChannel(place: Place): Promise<string> {
  const user = await ChatUser.logIn(place, alice)
  const answer = await user.post(`/channels/${lobby}/messages`, { text: place.greeting })
  const status = textOf(answer, 'status')
  check(status === 'sent', `The message is ${status}, not sent.`)
  if (place.emulator !== undefined) {
    const message = place.emulator.messages().at(-1)
    check(
      message?.kind === 'channel' && message.from === alice && message.channel === lobby,
      'Another message arrived.',
    )
  }
  return `Express POST /channels/${lobby}/messages → req.agora sends as ${alice} → ${status}`
}

async function readHistory(place: Place): Promise<string> {
  const user = await ChatUser.logIn(place, alice)
  const messages = fieldOf(await user.get(`/channels/${lobby}/history`), 'messages')
  const list: readonly unknown[] = Array.isArray(messages) ? messages : []
  const found = list.find((message) => fieldOf(message, 'payload') === place.greeting)
  const call = `Express GET /channels/${lobby}/history`
  if (found !== undefined) return `${call} → "${place.greeting}" from ${textOf(found, 'publisher')}`
  check(place.emulator === undefined, 'The message of a moment ago is not in the history.')
  return `${call} → ${list.length} messages; Agora has not stored the one of a moment ago, or not yet`
}

async function fetchToken(place: Place): Promise<string> {
  const { appId } = place.credentials
  const appCertificate = requireAppCertificate(place.credentials)
  const user = await ChatUser.logIn(place, alice)
  const token = textOf(await user.get('/token'), 'token')
  const login = { type: ServiceType.Rtm, privilege: 1, userId: alice } as const
  const { expiresAtSeconds } = verifyAccessToken2(token, { appId, appCertificate, require: login })
  return `Express GET /token → ${token} → verified: ${alice} may log in until ${new Date(expiresAtSeconds * 1000).toISOString()}`
}

async function sendWithTokenOfAnother(place: Place): Promise<string> {
  const { appId } = place.credentials
  const appCertificate = requireAppCertificate(place.credentials)
  const token = buildSignalingToken({ appId, appCertificate, userId: mallory, ttlSeconds: 600 })
  const sendAs = (userId: string): Promise<unknown> =>
    place.connect(tokenAuth({ token, userId })).messages.sendToUser({ to: bob, payload: 'It is me.' })

  // Only a token that is good otherwise is refused for its user.
  await sendAs(mallory)
  const refusal = await sendAs(alice).catch((error: unknown) => error)
  check(refusal instanceof Error, `A token of ${mallory} was good enough to send as ${alice}.`)
  if (!(refusal instanceof AgoraApiError) || refusal.code !== 'ERR_UNAUTHORIZED') throw refusal
  const reason = refusal.hint ?? refusal.message
  if (place.emulator !== undefined) {
    check(reason === place.emulator.requests().at(-1)?.reason, 'The reason is not the one of the emulator.')
  }
  return `token of ${mallory}, sending as ${alice} → ${refusal.upstreamStatus}: ${reason}`
}

/** On the emulator, checks what actually came over the wire. */
function checkAuthentication(place: Place, form: string): void {
  if (place.emulator === undefined) return
  const seen = place.emulator.requests().at(-1)?.authentication
  check(seen === form, `The emulator saw ${seen} where ${form} was meant.`)
}

function check(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise)
}
