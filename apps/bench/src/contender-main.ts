import { loadBenchmark } from './catalog.js'
import { readOrder } from './contender-protocol.js'
import type { ContenderMessage } from './contender-protocol.js'

/*
 * The process of one contender: `contender-main.js <benchmark> <contender> <argument>`. It does what it is told over the
 * channel to its parent, and ends with it.
 */

const [benchmarkName = '', contenderName = '', argument = ''] = process.argv.slice(2)

function tell(message: ContenderMessage): void {
  process.send?.(message)
}

async function serve(): Promise<void> {
  const { contenders } = await loadBenchmark(benchmarkName)
  const start = contenders[contenderName]
  if (start === undefined) throw new Error(`${benchmarkName} has no contender "${contenderName}".`)
  const contender = await start(argument)

  const obey = async (message: unknown): Promise<void> => {
    const { round: size } = readOrder(message)
    const cpuBefore = process.cpuUsage()
    const startedMs = performance.now()
    const own = size > 0 ? await contender.round?.(size) : undefined
    const wallMs = performance.now() - startedMs
    const { user, system } = process.cpuUsage(cpuBefore)
    const totalCpu = process.cpuUsage()
    tell({
      sample: {
        wallMs,
        cpuMs: (user + system) / 1000,
        totalCpuMs: (totalCpu.user + totalCpu.system) / 1000,
        ...own,
      },
    })
  }
  process.on('message', (message) => {
    obey(message).catch(fail)
  })
  tell({ ready: contender.address ?? '' })
}

function fail(reason: unknown): void {
  tell({ failure: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) })
}

process.on('disconnect', () => process.exit())
serve().catch(fail)
