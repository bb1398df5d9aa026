import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Sample } from './benchmark.js'
import { readContenderMessage } from './contender-protocol.js'
import type { ContenderMessage, ContenderOrder } from './contender-protocol.js'

const program = fileURLToPath(new URL('../dist/contender-main.js', import.meta.url))

/** A contender in a process of its own, so that no heap disturbs another. */
export class ContenderProcess {
  /** Where it can be reached, when it is a server. */
  readonly address: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, address: string) {
    this.#child = child
    this.address = address
  }

  static async start(benchmark: string, contender: string, argument = ''): Promise<ContenderProcess> {
    const child = fork(program, [benchmark, contender, argument], {
      execArgv: ['--expose-gc', ...profiling()],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const message = await nextMessage(child)
    if (!('ready' in message)) throw new Error(`${benchmark} ${contender} did not start.`)
    return new ContenderProcess(child, message.ready)
  }

  async round(size: number): Promise<Sample> {
    const order: ContenderOrder = { round: size }
    const answer = nextMessage(this.#child)
    this.#child.send(order)
    const message = await answer
    if (!('sample' in message)) throw new Error('A contender answered without a sample.')
    return message.sample
  }

  /** CPU time of the process so far, for servers: what a load costs is the difference. */
  async totalCpuMs(): Promise<number> {
    return figure(await this.round(0), 'totalCpuMs')
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.disconnect()
    await ended
  }
}

/** A figure that a sample must hold. */
export function figure(sample: Sample, name: string): number {
  const value = sample[name]
  if (value === undefined) throw new Error(`A sample lacks "${name}".`)
  return value
}

/** `BENCH_CPU_PROF=folder` writes a CPU profile of each contender there. */
function profiling(): string[] {
  const folder = process.env['BENCH_CPU_PROF']
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

function nextMessage(child: ChildProcess): Promise<ContenderMessage> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      child.off('message', onMessage)
      reject(new Error(`A contender ended by itself, with code ${code}.`))
    }
    const onMessage = (raw: unknown): void => {
      child.off('exit', onExit)
      const message = readContenderMessage(raw)
      if ('failure' in message) reject(new Error(`A contender failed: ${message.failure}`))
      else resolve(message)
    }
    child.once('exit', onExit)
    child.once('message', onMessage)
  })
}
