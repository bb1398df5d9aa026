import { buildSignalingToken, ServiceType, verifyAccessToken2 } from '@agora-signaling/core'
import agoraToken from 'agora-token'
import { AccessToken2 } from 'agora-token/src/AccessToken2.js'
import { appCertificate, appId } from '../account.js'
import type { Benchmark, Contender, Row, StartContender } from '../benchmark.js'
import { micros } from '../numbers.js'
import { figures, median, ratios, takeTurns } from '../rounds.js'

interface PresentedToken {
  readonly userId: string
  readonly token: string
}

const ttlSeconds = 3600

/** Who made the tokens: the official builder deflates them, ours stores them as they are. */
const builders: Readonly<
  Record<string, { readonly tokens: string; readonly build: (userId: string) => string }>
> = {
  official: {
    tokens: 'deflated tokens of the official builder',
    build: (userId) => agoraToken.RtmTokenBuilder.buildToken(appId, appCertificate, userId, ttlSeconds),
  },
  own: {
    tokens: 'stored tokens of our builder',
    build: (userId) => buildSignalingToken({ appId, appCertificate, userId, ttlSeconds }),
  },
}

function presentedTokens(build: (userId: string) => string): PresentedToken[] {
  return Array.from({ length: 1000 }, (_, index) => {
    const userId = `user-${index}`
    return { userId, token: build(userId) }
  })
}

function* inTurn(tokens: readonly PresentedToken[], count: number): Generator<PresentedToken> {
  for (let done = 0; done < count;) {
    for (const token of tokens) {
      if (done++ >= count) return
      yield token
    }
  }
}

function ours(tokens: readonly PresentedToken[]): Contender {
  return {
    round(size) {
      for (const { token, userId } of inTurn(tokens, size)) {
        verifyAccessToken2(token, {
          appId,
          appCertificate,
          require: { type: ServiceType.Rtm, privilege: 1, userId },
        })
      }
    },
  }
}

function official(tokens: readonly PresentedToken[]): Contender {
  return {
    round(size) {
      for (const { token } of inTurn(tokens, size)) {
        const reader = new AccessToken2()
        if (!reader.from_string(token) || !reader.verifySignature(appCertificate)) {
          throw new Error('The official reader refused a token.')
        }
      }
    },
  }
}

export const verifyToken: Benchmark = {
  title: 'Verifying a token',
  method:
    'A thousand tokens in turn, by CPU time. Ours checks signature, App ID, times, service, user and privilege; the official reader the signature alone.',
  contenders: Object.fromEntries(
    Object.entries(builders).flatMap(([maker, { build }]): [string, StartContender][] => [
      [`ours-${maker}`, () => ours(presentedTokens(build))],
      [`official-${maker}`, () => official(presentedTokens(build))],
    ]),
  ),

  async measure({ quick }) {
    const rounds = await takeTurns({
      benchmark: 'verify-token',
      contenders: Object.keys(builders).flatMap((maker) => [`ours-${maker}`, `official-${maker}`]),
      rounds: quick ? 5 : 11,
      size: () => (quick ? 200 : 8000),
    })
    const rows = Object.entries(builders).map(([maker, { tokens }]): Row => {
      const mine = figures(rounds, `ours-${maker}`, 'cpuMs')
      const theirs = figures(rounds, `official-${maker}`, 'cpuMs')
      return {
        what: `\`verifyAccessToken2\`, ${tokens}`,
        against: '`agora-token` 2.0.6, `from_string` and `verifySignature`',
        values: ratios(theirs, mine),
        unit: '×',
        goal: { atLeast: 2.5 },
        measured: `${micros(median(mine))} to ${micros(median(theirs))}`,
      }
    })
    return { rows }
  },
}
