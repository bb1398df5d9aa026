import type { Benchmark, Row, StartContender } from '../benchmark.js'
import type { HostStart, Variant } from '../hosts/variant.js'
import { loader } from '../load.js'
import { micros } from '../numbers.js'
import { figures, median, ratios, takeTurns } from '../rounds.js'

interface Host {
  readonly title: string
  readonly goal: number
  readonly load: () => Promise<HostStart>
}

const hosts: Readonly<Record<string, Host>> = {
  express: {
    title: 'Express 5',
    goal: 0.97,
    load: async () => (await import('../hosts/express.js')).startExpress,
  },
  koa: { title: 'Koa 3', goal: 0.97, load: async () => (await import('../hosts/koa.js')).startKoa },
  fastify: {
    title: 'Fastify 5',
    goal: 0.97,
    load: async () => (await import('../hosts/fastify.js')).startFastify,
  },
  hono: { title: 'Hono 4', goal: 0.97, load: async () => (await import('../hosts/hono.js')).startHono },
  nest: { title: 'Nest 12', goal: 0.95, load: async () => (await import('../hosts/nest.js')).startNest },
}

const variants: Readonly<Record<Variant, string>> = {
  bare: 'without',
  empty: 'a middleware that does nothing',
  attached: '`agoraSignaling()`',
  callbacks: 'with `userId` and `tenant`',
}

function starter({ load }: Host, variant: Variant): StartContender {
  return async () => {
    const start = await load()
    return { address: await start(variant) }
  }
}

export const middleware: Benchmark = {
  title: 'A request through the middleware',
  method:
    'GET of an empty route over 32 kept connections; the ratio is that of requests per second of CPU time of the server process, without and with the middleware. The callbacks find another user and one of a hundred tenants for each request. What a middleware that does nothing costs is the framework’s own. The processes are started anew three times, since one differs from the next by more than three percent, and warmed up by 6,000 requests. In Nest the handler asks for the client with `@Agora()`.',
  contenders: Object.fromEntries(
    Object.entries(hosts).flatMap(([name, host]) => [
      [`${name}-bare`, starter(host, 'bare')],
      [`${name}-empty`, starter(host, 'empty')],
      [`${name}-attached`, starter(host, 'attached')],
      [`${name}-callbacks`, starter(host, 'callbacks')],
    ]),
  ),

  async measure({ quick }) {
    const rows: Row[] = []
    for (const [name, { title, goal }] of Object.entries(hosts)) {
      const rounds = await takeTurns({
        benchmark: 'middleware',
        contenders: (['bare', 'empty', 'attached', 'callbacks'] as const).map(
          (variant) => `${name}-${variant}`,
        ),
        rounds: quick ? 1 : 5,
        starts: quick ? 1 : 3,
        size: () => (quick ? 100 : 6000),
        round: loader({ path: '/', method: 'GET' }),
      })
      const bare = figures(rounds, `${name}-bare`, 'cpuMs')
      for (const variant of ['empty', 'attached', 'callbacks'] as const) {
        const ours = figures(rounds, `${name}-${variant}`, 'cpuMs')
        rows.push({
          what: `${title}, ${variants[variant]}`,
          against: 'the same app without',
          values: ratios(bare, ours),
          unit: '×',
          goal: { atLeast: goal },
          measured: `${micros(median(ours))} to ${micros(median(bare))}`,
        })
      }
    }
    return { rows }
  },
}
