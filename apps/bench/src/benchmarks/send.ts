import { Agent as HttpAgent } from 'node:http'
import { basicAuthHeaders, createSignalingClient } from '@agora-signaling/core'
import type { SignalingClientOptions } from '@agora-signaling/core'
import { Pool } from 'undici'
import { appCertificate, appId, customerId, customerSecret } from '../account.js'
import type { Benchmark, Contender, Row } from '../benchmark.js'
import { ContenderProcess } from '../contender-process.js'
import { inFlight } from '../in-flight.js'
import { micros, readable } from '../numbers.js'
import { figures, median, ratios, takeTurns } from '../rounds.js'
import { startStubAgora } from '../stub-agora.js'

const concurrency = 50
const path = `/dev/v2/project/${appId}/rtm/users/alice/peer_messages`
const message = { destination: 'bob', payload: 'hello' }

/** What the client sends, made once. */
const headers = {
  accept: 'application/json',
  'user-agent': 'agora-signaling-node',
  'content-type': 'application/json',
  ...basicAuthHeaders({ customerId, customerSecret }),
}

/** Every contender reads the code out of the answer: nobody gets away with not parsing. */
function requireSent(answer: unknown): void {
  const code: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'code') : undefined
  if (code !== 'message_sent') throw new Error('A contender did not get the answer of the server.')
}

function sending(send: () => Promise<unknown>): Contender {
  return { round: (size) => inFlight(size, concurrency, async () => requireSent(await send())) }
}

function client(options: SignalingClientOptions): Contender {
  const { messages } = createSignalingClient({ ...options, quotas: false })
  return {
    round: (size) =>
      inFlight(size, concurrency, async () => {
        const { status } = await messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hello' })
        if (status !== 'sent') throw new Error('The client did not get the answer of the server.')
      }),
  }
}

const ours = {
  'ours-basic': 'Basic',
  'ours-token': 'cached token',
} as const

const peers = { axios: 'axios', got: 'got', fetch: 'global `fetch`' } as const

function perSecond(values: readonly number[]): string {
  return `${readable(1000 / median(values))}/s`
}

export const send: Benchmark = {
  title: 'Sending a message',
  method:
    '`messages.sendToUser`, 50 in flight, to a server in another process that does no more than answer; `quotas: false`. Throughput is wall time, cost is CPU time of the sending process. All send the same headers and body and read the code out of the answer; the peers keep their connections.',
  contenders: {
    server: async () => ({ address: await startStubAgora() }),
    'ours-basic': (baseUrl) => client({ appId, customerId, customerSecret, baseUrl }),
    'ours-token': (baseUrl) => client({ appId, appCertificate, userId: 'alice', baseUrl }),
    undici: (baseUrl) => {
      const pool = new Pool(baseUrl)
      return sending(async () => {
        const { body } = await pool.request({ path, method: 'POST', headers, body: JSON.stringify(message) })
        return body.json()
      })
    },
    axios: async (baseUrl) => {
      const { default: axios } = await import('axios')
      const sender = axios.create({ headers, httpAgent: new HttpAgent({ keepAlive: true }), proxy: false })
      return sending(async () => {
        const answer = await sender.post<unknown>(baseUrl + path, message)
        return answer.data
      })
    },
    got: async (baseUrl) => {
      const { got } = await import('got')
      const sender = got.extend({ headers, agent: { http: new HttpAgent({ keepAlive: true }) } })
      return sending(() => sender.post(baseUrl + path, { json: message }).json())
    },
    fetch: (baseUrl) =>
      sending(async () => {
        const answer = await fetch(baseUrl + path, { method: 'POST', headers, body: JSON.stringify(message) })
        return answer.json()
      }),
  },

  async measure({ quick }) {
    const server = await ContenderProcess.start('send', 'server')
    try {
      const rounds = await takeTurns({
        benchmark: 'send',
        contenders: ['ours-basic', 'undici', 'ours-token', ...Object.keys(peers)],
        rounds: quick ? 5 : 9,
        size: (contender) => (quick ? 100 : contender in peers ? 1500 : 6000),
        argument: server.address,
      })
      const row = (
        what: string,
        [name, figureName]: readonly [string, 'wallMs' | 'cpuMs'],
        peer: string,
        against: string,
      ): Omit<Row, 'goal'> => {
        const mine = figures(rounds, name, figureName)
        const theirs = figures(rounds, peer, figureName)
        return figureName === 'wallMs'
          ? {
              what: `throughput, ${what}`,
              against,
              values: ratios(theirs, mine),
              unit: '×',
              measured: `${perSecond(mine)} to ${perSecond(theirs)}`,
            }
          : {
              what: `CPU per call, ${what}`,
              against,
              values: ratios(mine, theirs),
              unit: '×',
              measured: `${micros(median(mine))} to ${micros(median(theirs))}`,
            }
      }
      const rows: Row[] = []
      for (const [name, what] of Object.entries(ours)) {
        rows.push({
          ...row(what, [name, 'wallMs'], 'undici', 'bare undici `Pool.request`'),
          goal: { atLeast: 0.85 },
        })
        rows.push({
          ...row(what, [name, 'cpuMs'], 'undici', 'bare undici `Pool.request`'),
          goal: { atMost: 1.2 },
        })
      }
      for (const [peer, against] of Object.entries(peers)) {
        rows.push({ ...row('Basic', ['ours-basic', 'wallMs'], peer, against), goal: { atLeast: 4 } })
      }
      return { rows }
    } finally {
      await server.stop()
    }
  },
}
