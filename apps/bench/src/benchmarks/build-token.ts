import { createHmac } from 'node:crypto'
import { buildSignalingToken } from '@agora-signaling/core'
import agoraToken from 'agora-token'
import { appCertificate, appId } from '../account.js'
import type { Benchmark } from '../benchmark.js'
import { micros } from '../numbers.js'
import { figures, median, ratios, takeTurns } from '../rounds.js'

const ttlSeconds = 3600

/** As long as what a token signs, and fresh bytes each time. */
const payload = Buffer.alloc(74, 7)

export const buildToken: Benchmark = {
  title: 'Building a Signaling token',
  method:
    'Tokens for ever new users, one after the other, by CPU time. The format asks for three HMACs, which three bare `createHmac` calls stand for; ours keeps the first one for the tokens of the same second, so that it can be below them.',
  contenders: {
    ours: () => ({
      round(size) {
        for (let index = 0; index < size; index++) {
          buildSignalingToken({ appId, appCertificate, userId: `user-${index}`, ttlSeconds })
        }
      },
    }),
    official: () => ({
      round(size) {
        for (let index = 0; index < size; index++) {
          agoraToken.RtmTokenBuilder.buildToken(appId, appCertificate, `user-${index}`, ttlSeconds)
        }
      },
    }),
    floor: () => ({
      round(size) {
        const key = Buffer.alloc(4)
        for (let index = 0; index < size; index++) {
          key.writeUInt32LE(index)
          const issueKey = createHmac('sha256', key).update(appCertificate).digest()
          const signingKey = createHmac('sha256', key).update(issueKey).digest()
          createHmac('sha256', signingKey).update(payload).digest()
        }
      },
    }),
  },

  async measure({ quick }) {
    const rounds = await takeTurns({
      benchmark: 'build-token',
      contenders: ['ours', 'official', 'floor'],
      rounds: quick ? 5 : 11,
      size: (contender) => (quick ? 200 : contender === 'official' ? 5000 : 25_000),
    })
    const ours = figures(rounds, 'ours', 'cpuMs')
    const official = figures(rounds, 'official', 'cpuMs')
    const floor = figures(rounds, 'floor', 'cpuMs')
    return {
      rows: [
        {
          what: '`buildSignalingToken`',
          against: '`agora-token` 2.0.6, `RtmTokenBuilder.buildToken`',
          values: ratios(official, ours),
          unit: '×',
          goal: { atLeast: 6 },
          measured: `${micros(median(ours))} to ${micros(median(official))}`,
        },
        {
          what: '`buildSignalingToken`',
          against: 'three bare `createHmac` calls',
          values: ratios(floor, ours),
          unit: '×',
          goal: { atLeast: 0.9 },
          measured: `${micros(median(ours))} to ${micros(median(floor))}`,
        },
      ],
    }
  },
}
