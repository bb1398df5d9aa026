import { AgoraValidationError, isAgoraError } from '../errors.js'

/**
 * The code of the error that a call throws: `none` when it throws nothing, and the error as text when it is not one
 * of ours, so that a failing test shows what came instead.
 */
export function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return isAgoraError(error) ? error.code : String(error)
  }
  return 'none'
}

/** Calls a function as JavaScript can: with arguments that its types do not allow. */
export function fromJavaScript(call: (...args: never[]) => unknown, ...args: unknown[]): unknown {
  const result: unknown = Reflect.apply(call, undefined, args)
  return result
}

export interface Refusal {
  readonly code: string
  readonly argument: string
  readonly message: string
}

/** What a refused argument is refused with. Fails when the call goes through. */
export function refusalOf(call: () => unknown): Refusal {
  try {
    call()
  } catch (error) {
    if (!(error instanceof AgoraValidationError)) throw error
    const { code, argument, message } = error
    return { code, argument, message }
  }
  throw new Error('the call must be refused')
}
