#!/usr/bin/env node
import { run } from './command-line.js'
import { consoleWriter } from './console-writer.js'

/** How long an end waits for what was printed to be read. */
const patienceMs = 1_000

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The emulator closes by itself. Output that nobody reads would keep the process alive.
  process.once(signal, () => setTimeout(() => process.exit(), patienceMs).unref())
}

void run(process.argv.slice(2), {
  out: consoleWriter(process.stdout),
  err: consoleWriter(process.stderr),
}).then((exitCode) => {
  process.exitCode = exitCode
})
