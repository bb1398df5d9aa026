import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Benchmark } from '../benchmark.js'
import { readable } from '../numbers.js'
import { median } from '../rounds.js'

const run = promisify(execFile)
const folder = fileURLToPath(new URL('..', import.meta.url))

/** Milliseconds that imports take in a fresh process. */
async function importMs(...modules: readonly string[]): Promise<number> {
  const imports = modules.map((name) => `await import('${name}')`).join('\n')
  const code = `const started = performance.now()\n${imports}\nconsole.log(performance.now() - started)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder })
  return Number(stdout)
}

export const importTime: Benchmark = {
  title: 'Importing the packages',
  method:
    "Wall time of `import('express')` and `import('@agora-signaling/express')` in a fresh process, less that of `import('express')` and `import('undici')`; and `import('@agora-signaling/core')` less `import('undici')`, each in a process of its own. Core loads undici for its first call.",
  contenders: {},

  async measure({ quick }) {
    const ours: number[] = []
    const peers: number[] = []
    const core: number[] = []
    const undici: number[] = []
    // The first pair fills the file cache.
    for (let round = 0; round <= (quick ? 5 : 11); round++) {
      const oursMs = await importMs('express', '@agora-signaling/express')
      const peersMs = await importMs('express', 'undici')
      const coreMs = await importMs('@agora-signaling/core')
      const undiciMs = await importMs('undici')
      if (round === 0) continue
      ours.push(oursMs)
      peers.push(peersMs)
      core.push(coreMs)
      undici.push(undiciMs)
    }
    return {
      rows: [
        {
          what: "`import '@agora-signaling/express'`, beside Express",
          against: "`import 'undici'`, beside Express",
          values: ours.map((value, index) => value - (peers[index] ?? Number.NaN)),
          unit: ' ms',
          goal: { atMost: 15 },
          measured: `${readable(median(ours))} ms to ${readable(median(peers))} ms`,
        },
        {
          what: "`import '@agora-signaling/core'`",
          against: "`import 'undici'`",
          values: core.map((value, index) => value - (undici[index] ?? Number.NaN)),
          unit: ' ms',
          goal: { atMost: 0 },
          measured: `${readable(median(core))} ms to ${readable(median(undici))} ms`,
        },
      ],
    }
  },
}
