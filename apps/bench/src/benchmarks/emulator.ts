import { createServer } from 'node:http'
import { basicAuthHeaders } from '@agora-signaling/core'
import { createEmulator } from '@agora-signaling/emulator'
import { appCertificate, appId, customerId, customerSecret } from '../account.js'
import type { Benchmark } from '../benchmark.js'
import { listening } from '../hosts/listening.js'
import { loader } from '../load.js'
import { micros } from '../numbers.js'
import { figures, median, ratios, takeTurns } from '../rounds.js'

export const emulator: Benchmark = {
  title: 'The emulator',
  method:
    'The same POST of a message, with Basic, over 32 kept connections to both; the ratio is that of requests per second of CPU time of the server process. The emulator checks the credentials and the body and keeps the message and a record.',
  contenders: {
    emulator: async () => {
      const { url } = await createEmulator({
        credentials: { appId, appCertificate, customerId, customerSecret },
      })
      return { address: url }
    },
    hello: async () => ({
      address: await listening(
        createServer((_, res) => {
          res.end('hello world')
        }),
      ),
    }),
  },

  async measure({ quick }) {
    const rounds = await takeTurns({
      benchmark: 'emulator',
      contenders: ['emulator', 'hello'],
      rounds: quick ? 5 : 11,
      size: () => (quick ? 100 : 4000),
      round: loader({
        path: `/dev/v2/project/${appId}/rtm/users/alice/peer_messages`,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...basicAuthHeaders({ customerId, customerSecret }),
        },
        body: JSON.stringify({ destination: 'bob', payload: 'hello' }),
      }),
    })
    const ours = figures(rounds, 'emulator', 'cpuMs')
    const hello = figures(rounds, 'hello', 'cpuMs')
    return {
      rows: [
        {
          what: 'the emulator takes a message',
          against: '`node:http` that says hello',
          values: ratios(hello, ours),
          unit: '×',
          goal: { atLeast: 0.5 },
          measured: `${micros(median(ours))} to ${micros(median(hello))}`,
        },
      ],
    }
  },
}
