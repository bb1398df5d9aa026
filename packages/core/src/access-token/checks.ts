import { isHexId } from '../input/app-id.js'
import type { CheckOutcome, Expectations, TokenCheck } from './check.js'
import { checkPrivilege, checkService, checkSubject } from './checks-of-services.js'
import { isSignedWith } from './format/signature.js'
import { tokenEndSeconds } from './lifetime.js'
import type { ReadToken } from './parse.js'
import { describeDuration, describeTime } from './wording.js'

/*
 * The one list of what a token is checked for after it was read. `verifyAccessToken2` throws the first failure,
 * `inspectToken` collects all, `listTokenChecks` shows each.
 */

export const checks: readonly TokenCheck[] = [
  { name: 'signature', run: checkSignature },
  { name: 'appIdForm', run: checkAppIdForm },
  { name: 'appId', run: checkAppId },
  { name: 'issueTime', run: checkIssueTime },
  { name: 'lifetime', run: checkLifetime },
  { name: 'service', run: checkService },
  { name: 'subject', run: checkSubject },
  { name: 'privilege', run: checkPrivilege },
]

function checkSignature(
  { parsed, signed }: ReadToken,
  { appId, appCertificates }: Expectations,
): CheckOutcome {
  if (appCertificates.length === 0) return 'skipped'
  if (appCertificates.some((certificate) => isSignedWith(certificate, signed))) return 'passed'
  return {
    code: 'ERR_TOKEN_SIGNATURE',
    finding: 'SIGNATURE_MISMATCH',
    message:
      `The token was not signed with ${appCertificates.length === 1 ? 'the app certificate' : 'any of the app certificates'}, or was changed since. ` +
      'Check that it was made with the certificate of this App ID, in the same letter case.',
    explain: () => {
      const inOtherCase = appCertificates.flatMap((text) => [text.toLowerCase(), text.toUpperCase()])
      if (inOtherCase.some((certificate) => isSignedWith(certificate, signed))) {
        return 'The token was signed with the app certificate in other letter case, which counts: use it as the Agora Console shows it.'
      }
      if ([parsed.appId, appId].some((id) => isHexId(id) && isSignedWith(id, signed))) {
        return 'The token was signed with the App ID in the place of the app certificate.'
      }
      return (
        'The token was signed with another app certificate than the one given, or was changed since. ' +
        'Check AGORA_APP_CERTIFICATE where the token is built: it must belong to this App ID.'
      )
    },
  }
}

function checkAppIdForm(
  { parsed: { appId: held } }: ReadToken,
  { appId, appCertificates }: Expectations,
): CheckOutcome {
  if (held !== appId && appCertificates.includes(held)) {
    return {
      code: 'ERR_TOKEN_APP_ID',
      finding: 'APP_ID_MISMATCH',
      message:
        'The token carries the app certificate in the place of the App ID: the two arguments were swapped when it was built. ' +
        'Everyone who saw the token knows the certificate now. Renew it in the Agora Console.',
    }
  }
  if (isHexId(held)) return 'passed'
  return {
    code: 'ERR_TOKEN_APP_ID',
    finding: 'APP_ID_MALFORMED',
    message: 'The App ID in the token is not 32 hexadecimal characters.',
  }
}

function checkAppId({ parsed: { appId: held } }: ReadToken, { appId }: Expectations): CheckOutcome {
  if (appId === undefined) return 'skipped'
  if (appId === held) return 'passed'
  return {
    code: 'ERR_TOKEN_APP_ID',
    finding: 'APP_ID_MISMATCH',
    message: `The token was built for another App ID than the one given${explainOtherAppId(appId, held)}`,
  }
}

function explainOtherAppId(appId: unknown, held: string): string {
  if (!isHexId(appId)) {
    return ', and the one given is not 32 hexadecimal characters: check AGORA_APP_ID.'
  }
  return appId.toLowerCase() === held.toLowerCase()
    ? ': they differ only in letter case, which counts.'
    : ': check that both come from the same project in the Agora Console.'
}

function checkIssueTime(
  { parsed: { issuedAtSeconds } }: ReadToken,
  { nowSeconds, clockSkewSeconds }: Expectations,
): CheckOutcome {
  const aheadSeconds = issuedAtSeconds - nowSeconds
  if (aheadSeconds <= clockSkewSeconds) return 'passed'
  return {
    code: 'ERR_TOKEN_NOT_YET_VALID',
    finding: 'ISSUED_IN_FUTURE',
    message: isWrappedMilliseconds(issuedAtSeconds, nowSeconds)
      ? 'The time of issue is in milliseconds. It must be in seconds: Math.floor(Date.now() / 1000).'
      : `The token says it was issued ${describeDuration(aheadSeconds)} from now (${describeTime(issuedAtSeconds)}): ` +
        'the clock of the machine that built it is off, or this one is.',
  }
}

/** Whether a time looks like milliseconds cut to 32 bits: it is within a day of what now would give. */
function isWrappedMilliseconds(issuedAtSeconds: number, nowSeconds: number): boolean {
  const dayMs = 86_400_000
  const distance = Math.abs(((nowSeconds * 1000) % 2 ** 32) - issuedAtSeconds)
  return Math.min(distance, 2 ** 32 - distance) < dayMs
}

function checkLifetime({ parsed }: ReadToken, { nowSeconds }: Expectations): CheckOutcome {
  if (parsed.ttlSeconds === 0) {
    return {
      code: 'ERR_TOKEN_EXPIRED',
      finding: 'TTL_ZERO',
      message: 'The token has a lifetime of 0 seconds, so it was expired from the start.',
    }
  }
  const endSeconds = tokenEndSeconds(parsed)
  if (nowSeconds < endSeconds) return 'passed'
  return {
    code: 'ERR_TOKEN_EXPIRED',
    finding: 'EXPIRED',
    message: `The token expired ${describeDuration(nowSeconds - endSeconds)} ago (${describeTime(endSeconds)}). Issue a new one.`,
  }
}
