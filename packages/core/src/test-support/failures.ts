import { isAgoraError } from '../errors.js'
import type { AnyAgoraError } from '../errors.js'

/** The Agora error that a call throws at once; anything else fails the test. */
export function thrownBy(action: () => unknown): AnyAgoraError {
  let result: unknown
  try {
    result = action()
  } catch (error) {
    if (isAgoraError(error)) return error
    throw error
  }
  throw new Error('Nothing was thrown.', { cause: result })
}

/** The Agora error that a promise is rejected with; anything else fails the test. */
export async function rejectionOf(work: PromiseLike<unknown>): Promise<AnyAgoraError> {
  let result: unknown
  try {
    result = await work
  } catch (error) {
    if (isAgoraError(error)) return error
    throw error
  }
  throw new Error('Nothing was rejected.', { cause: result })
}
