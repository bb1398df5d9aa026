import { styleText } from 'node:util'
import { openAgora, openEmulator } from './place.js'
import type { Place } from './place.js'
import { walk } from './walk.js'
import type { Outcome } from './walk.js'

const usage = `Usage: npx pnpm demo [--live]

Walks from credentials to messages, one line a step, on an emulator of Agora Signaling on this machine.

  --live   the same against Agora itself, with the credentials of the environment: AGORA_APP_ID, and
           AGORA_CUSTOMER_ID with AGORA_CUSTOMER_SECRET, or AGORA_APP_CERTIFICATE with AGORA_USER_ID, or all of
           them. It sends three messages, and takes the user events out of the project's queue: reading deletes them.
  --help   this text
`

async function run(args: readonly string[]): Promise<void> {
  const { live, help } = readFlags(args)
  if (help) {
    process.stdout.write(usage)
    return
  }
  const place = live ? await openAgora() : await openEmulator()
  try {
    say(`Agora Signaling, step by step, ${whereabouts(place)}.\n`)
    const failures = await takeSteps(place)
    if (failures > 0) process.exitCode = 1
  } finally {
    await place.close()
  }
}

function readFlags(args: readonly string[]): { live: boolean; help: boolean } {
  // pnpm hands on the `--` of `pnpm demo -- --live`.
  const flags = args[0] === '--' ? args.slice(1) : args
  if (flags.every((flag) => flag === '--live' || flag === '--help')) {
    return { live: flags.includes('--live'), help: flags.includes('--help') }
  }
  throw new Error('The only flags are --live and --help.')
}

function whereabouts({ emulator, credentials }: Place): string {
  if (emulator !== undefined) return `on an emulator at ${emulator.url}; nothing leaves this machine`
  return credentials.baseUrl === undefined ? 'against Agora itself' : `against ${credentials.baseUrl}`
}

/** Returns how many steps failed. */
async function takeSteps(place: Place): Promise<number> {
  const counts = { done: 0, skipped: 0, failed: 0 }
  for await (const outcome of walk(place)) {
    counts[outcome.result] += 1
    say(describe(outcome))
  }
  const { done, skipped, failed } = counts
  const rest = skipped === 0 ? '' : `, ${skipped} skipped`
  say(
    failed === 0
      ? `\n${done} steps did what they say${rest}.`
      : `\n${failed} of ${done + failed} steps failed${rest}.`,
  )
  return failed
}

const marks = {
  done: ['✓', 'green'],
  skipped: ['-', 'yellow'],
  failed: ['✗', 'red'],
} as const

function describe({ name, result, detail }: Outcome): string {
  const [mark, colour] = marks[result]
  // Plain where the output is no terminal, and where NO_COLOR asks for it.
  const shown = styleText(colour, mark, { stream: process.stdout, validateStream: true })
  return `${shown} ${name.padEnd(16)} ${result === 'done' ? '' : `${result}: `}${detail}`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
