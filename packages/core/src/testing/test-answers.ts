import type { EventBatch } from '../client/events.js'
import type { HistoryListing, HistoryMessage } from '../client/history.js'
import type { SignalingClient } from '../client/client.js'

/** The parts of a client whose methods call Agora. */
export type ClientPart = 'messages' | 'events' | 'history' | 'projects' | 'experimental'

type Method<Part extends ClientPart> = Extract<keyof SignalingClient[Part], string>

/** Every method that is answered, under its name: `messages.sendToUser`. */
type Methods = {
  [Part in ClientPart as `${Part}.${Method<Part>}`]: SignalingClient[Part]
}

type MethodNamed<Name extends string> = Name extends `${infer Part extends ClientPart}.${infer Member}`
  ? Member extends keyof SignalingClient[Part]
    ? SignalingClient[Part][Member]
    : never
  : Name extends keyof SignalingClient
    ? SignalingClient[Name]
    : never

/** What a test says in place of a batch or a listing: what is in it. */
type Told<Result> =
  Result extends EventBatch<infer Event>
    ? readonly Event[]
    : Result extends HistoryListing
      ? readonly HistoryMessage[]
      : Result

/** A result, an error to throw, or a function of the call's arguments that gives a result or throws. */
type AnswerTo<Call> = Call extends (...args: infer Args) => infer Result
  ? | Told<Awaited<Result>>
    | Error
    | ((...args: Args) => Told<Awaited<Result>> | Promise<Told<Awaited<Result>>>)
  : never

/** The methods that a test client answers. */
export type AnsweredMethod = keyof Methods | 'request' | 'issueToken'

/** What a test client answers, by the name of the method: `{ 'messages.sendToUser': { status: 'sent', requestId: undefined } }`. */
export type TestAnswers = { readonly [Name in AnsweredMethod]?: AnswerTo<MethodNamed<Name>> | undefined }
