import { createSignalingClient } from '@agora-signaling/core'
import type { SignalingClientOptions } from '@agora-signaling/core'
import { createClientContext } from '@agora-signaling/core/adapter'
import { appCertificate, appId, customerId, customerSecret } from '../account.js'
import type { Benchmark, Contender, GrowthLine, Row, StartContender } from '../benchmark.js'
import { ContenderProcess } from '../contender-process.js'
import { inFlight } from '../in-flight.js'
import { micros } from '../numbers.js'
import { figures, median, ratios, takeTurns } from '../rounds.js'
import { startStubAgora } from '../stub-agora.js'

const concurrency = 50
const message = { to: 'bob', payload: 'hello' } as const

interface Series {
  readonly label: string
  readonly amounts: readonly number[]
  readonly start: (amount: number, baseUrl: string) => Contender
}

function startUsers(options: SignalingClientOptions, amount: number): Contender {
  const client = createSignalingClient({ ...options, quotas: false })
  let calls = 0
  return {
    round: (size) =>
      inFlight(size, concurrency, () => client.as(`user-${calls++ % amount}`).messages.sendToUser(message)),
  }
}

function startTenants(amount: number, baseUrl: string): Contender {
  const context = createClientContext<number>({
    userId: () => 'alice',
    tenant: {
      key: (index) => index.toString(16).padStart(32, '0'),
      options: (key) => ({ appId: key, customerId, customerSecret, baseUrl, quotas: false }),
    },
  })
  const clientOf = async (index: number) => context.clientFor(index)
  let calls = 0
  let isWarm = false
  return {
    async round(size) {
      if (!isWarm) for (let index = 0; index < amount; index++) await clientOf(index)
      isWarm = true
      await inFlight(size, concurrency, async () => {
        const client = await clientOf(calls++ % amount)
        await client.messages.sendToUser(message)
      })
    },
  }
}

const userAmounts = [1, 1000, 100_000] as const

const series: Readonly<Record<string, Series>> = {
  tenants: { label: 'tenants', amounts: [1, 100, 10_000], start: startTenants },
  'users-basic': {
    label: 'users, Basic',
    amounts: userAmounts,
    start: (amount, baseUrl) => startUsers({ appId, customerId, customerSecret, baseUrl }, amount),
  },
  'users-token': {
    label: 'users, tokens',
    amounts: userAmounts,
    start: (amount, baseUrl) => startUsers({ appId, appCertificate, userId: 'server', baseUrl }, amount),
  },
}

function contendersOf(name: string, { amounts, start }: Series): [string, StartContender][] {
  return amounts.map((amount) => [`${name}-${amount}`, (baseUrl) => start(amount, baseUrl)])
}

export const growth: Benchmark = {
  title: 'Cost of a call as the work grows',
  method:
    'CPU time of the sending process for a call over the wire, 50 in flight, each call for the next of so many tenants or users in a ring; `quotas: false`. The clients of the tenants are made before.',
  contenders: {
    server: async () => ({ address: await startStubAgora() }),
    ...Object.fromEntries(Object.entries(series).flatMap(([name, line]) => contendersOf(name, line))),
  },

  async measure({ quick }) {
    const rows: Row[] = []
    const lines: GrowthLine[] = []
    const server = await ContenderProcess.start('growth', 'server')
    try {
      for (const [name, { label, amounts }] of Object.entries(series)) {
        const rounds = await takeTurns({
          benchmark: 'growth',
          contenders: amounts.map((amount) => `${name}-${amount}`),
          rounds: quick ? 5 : 9,
          size: () => (quick ? 100 : 4000),
          argument: server.address,
        })
        const costs = (amount: number): number[] => figures(rounds, `${name}-${amount}`, 'cpuMs')
        const alone = costs(1)
        const points = amounts.map((amount) => ({ amount, ratio: median(ratios(costs(amount), alone)) }))
        lines.push({ label, points })
        for (const amount of amounts.slice(1)) {
          rows.push({
            what: `CPU per call, ${amount.toLocaleString('en-US')} ${label}`,
            against: 'one',
            values: ratios(costs(amount), alone),
            unit: '×',
            goal: { atMost: 1.2 },
            measured: `${micros(median(costs(amount)))} to ${micros(median(alone))}`,
          })
        }
      }
      return { rows, growth: { amountLabel: 'tenants or users', lines } }
    } finally {
      await server.stop()
    }
  },
}
