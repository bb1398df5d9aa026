import { tracingChannel } from 'node:diagnostics_channel'
import type { TracingChannel } from 'node:diagnostics_channel'
import type { CallAttempt } from '../errors.js'
import type { OperationName } from '../operations.js'

/** What subscribers of `agora-signaling:call` see: one call, however many attempts it takes. No secret, no payload. */
export interface CallTrace {
  readonly operation: OperationName | (string & {})
  readonly method: string
  readonly path: string
  readonly appId: string
  /** Filled in as the call goes on. */
  readonly attempts: CallAttempt[]
}

/** What subscribers of `agora-signaling:attempt` see: one request on the wire. */
export interface AttemptTrace {
  readonly operation: OperationName | (string & {})
  readonly method: string
  readonly path: string
  readonly host: string
  /** 1 for the first attempt of a call. */
  readonly attempt: number
  /** Milliseconds waited before it. */
  readonly waitedMs: number
  /** Filled in at the end, when an answer came. */
  status?: number
  /** Filled in at the end, when none came: an error code. */
  failure?: string
  /** Filled in at the end. */
  durationMs?: number
}

const calls: TracingChannel<unknown, CallTrace> = tracingChannel('agora-signaling:call')
const attempts: TracingChannel<unknown, AttemptTrace> = tracingChannel('agora-signaling:attempt')

export function traceCall<Result>(context: CallTrace, run: () => Promise<Result>): Promise<Result> {
  return calls.hasSubscribers ? traced(calls, context, run) : run()
}

export function traceAttempt<Result>(context: AttemptTrace, run: () => Promise<Result>): Promise<Result> {
  return attempts.hasSubscribers ? traced(attempts, context, run) : run()
}

/** A tracing channel publishes what the traced function returns. The traced function here returns nothing: an answer may hold messages. */
function traced<Context extends object, Result>(
  channel: TracingChannel<unknown, Context>,
  context: Context,
  run: () => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    channel.tracePromise(() => run().then(resolve), context).catch(reject)
  })
}
