import { expectTypeOf } from 'vitest'
import type {
  AgoraAbortError,
  AgoraApiError,
  AgoraConfigError,
  AgoraConnectionError,
  AgoraErrorCode,
  AgoraTimeoutError,
  AgoraTokenError,
  AgoraValidationError,
  AgoraWebhookError,
  AnyAgoraError,
} from './errors.js'
import { isAgoraError } from './errors.js'

// One case per class: the code alone tells TypeScript which error it is.
function readByCode(error: AnyAgoraError): void {
  if (error.code === 'ERR_CONFIG_MISSING') expectTypeOf(error).toEqualTypeOf<AgoraConfigError>()
  if (error.code === 'ERR_INVALID_USER_ID') expectTypeOf(error).toEqualTypeOf<AgoraValidationError>()
  if (error.code === 'ERR_TOKEN_EXPIRED') expectTypeOf(error).toEqualTypeOf<AgoraTokenError>()
  if (error.code === 'ERR_UNAUTHORIZED') expectTypeOf(error).toEqualTypeOf<AgoraApiError>()
  if (error.code === 'ERR_DNS') expectTypeOf(error).toEqualTypeOf<AgoraConnectionError>()
  if (error.code === 'ERR_TIMEOUT') expectTypeOf(error).toEqualTypeOf<AgoraTimeoutError>()
  if (error.code === 'ERR_ABORTED') expectTypeOf(error).toEqualTypeOf<AgoraAbortError>()
  if (error.code === 'ERR_WEBHOOK_SIGNATURE') expectTypeOf(error).toEqualTypeOf<AgoraWebhookError>()

  // @ts-expect-error -- no such code
  if (error.code === 'ERR_TYPO') return
  // @ts-expect-error -- not every error is an answer of Agora
  expectTypeOf(error.upstreamStatus).toBeNumber()
}
expectTypeOf(readByCode).parameter(0).not.toBeAny()

// What was caught is unknown; the guard says what it is.
function readCaught(error: unknown): string | undefined {
  return isAgoraError(error) && error.code === 'ERR_RATE_LIMITED' ? error.hint : undefined
}
expectTypeOf(readCaught).returns.toEqualTypeOf<string | undefined>()

// Every code belongs to a class.
expectTypeOf<AnyAgoraError['code']>().toEqualTypeOf<AgoraErrorCode>()
expectTypeOf<AnyAgoraError>().not.toHaveProperty('status')
