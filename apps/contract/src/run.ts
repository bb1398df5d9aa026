import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A back end in a process of its own. */
export interface Run {
  /** What it printed so far, errors included. */
  readonly output: () => string
  /** Resolves with the address it says it listens on; rejects with what it printed when it ends before. */
  readonly listening: Promise<string>
  readonly exitCode: Promise<unknown>
  readonly kill: (signal: NodeJS.Signals) => void
}

/** Starts a program on a free port. Of the variables that start with `AGORA_`, it has those given here alone. */
export function run(program: URL, environment: Readonly<Record<string, string>>): Run {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AGORA_'))
  const child = spawn(process.execPath, [fileURLToPath(program)], {
    env: { ...Object.fromEntries(inherited), PORT: '0', ...environment },
  })
  let output = ''
  const exitCode = once(child, 'close').then(([code]: unknown[]) => code)
  const listening = new Promise<string>((resolve, reject) => {
    const collect = (text: string): void => {
      output += text
      const address = /listens on (http:\/\/127\.0\.0\.1:\d+) .*\n/.exec(output)?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    void exitCode.then(() =>
      reject(new Error(`The program ended before it listened. It printed:\n${output}`)),
    )
  })
  // Whoever awaits it is told; a program that is meant to fail has nobody who does.
  listening.catch(() => {})
  return { output: () => output, listening, exitCode, kill: (signal) => void child.kill(signal) }
}
