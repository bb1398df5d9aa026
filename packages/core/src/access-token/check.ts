import type { AgoraTokenErrorCode } from '../errors.js'
import type { ReadToken } from './parse.js'
import type { CheckedRequirement } from './requirement.js'
import type { TokenFindingCode } from './token-report.js'

/*
 * One check of a token: the values it compares with, and its result.
 */

/** What a token is compared with. */
export interface Expectations {
  /** `undefined` skips the comparison. A value that is no App ID fails it. */
  readonly appId: unknown
  /** Empty: the signature is not checked. */
  readonly appCertificates: readonly string[]
  readonly nowSeconds: number
  /** How far ahead of our clock a time of issue may be. */
  readonly clockSkewSeconds: number
  /** `undefined`: nothing is required. */
  readonly required: CheckedRequirement | undefined
}

/** Agora's own tolerance is not published. Five minutes is what verifiers commonly allow. */
export const defaultClockSkewSeconds = 300

/** Why a token fails a check. */
export interface CheckFailure {
  /** For programs: the code of the error that verifying throws. */
  readonly code: AgoraTokenErrorCode
  /** For people: the code of the finding. */
  readonly finding: TokenFindingCode
  /** Never holds the token, the certificate or a signature. */
  readonly message: string
  /** What an inspection says instead. It takes time that a verifier must not spend on a forged token. */
  readonly explain?: () => string
}

/** `skipped`: the caller did not ask, or the token lacks the part to check. Another check reports that. */
export type CheckOutcome = CheckFailure | 'passed' | 'skipped'

export function isFailure(outcome: CheckOutcome): outcome is CheckFailure {
  return typeof outcome === 'object'
}

/** The names of the checks, in their order. Reading comes first and is done by `readToken`. */
export type TokenCheckName =
  | 'reading'
  | 'signature'
  | 'appIdForm'
  | 'appId'
  | 'issueTime'
  | 'lifetime'
  | 'service'
  | 'subject'
  | 'privilege'

export interface TokenCheck {
  readonly name: TokenCheckName
  readonly run: (token: ReadToken, expected: Expectations) => CheckOutcome
}
