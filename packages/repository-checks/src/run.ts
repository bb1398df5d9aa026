import { execFile } from 'node:child_process'

/** Where a command runs. */
export interface CommandOptions {
  readonly cwd: string
  /** Beside the variables of this process. */
  readonly env?: Readonly<Record<string, string>>
}

interface Ended {
  readonly error: Error | null
  readonly stdout: string
  readonly stderr: string
}

function execute(command: string, args: readonly string[], options: CommandOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...options.env }
    execFile(command, args, { ...options, env, maxBuffer: 16 * 1_024 * 1_024 }, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr }),
    )
  })
}

/** Runs a command and gives what it printed; rejects with all of its output when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { error, stdout, stderr } = await execute(command, args, options)
  if (error === null) return stdout
  throw new Error(`${command} ${args.join(' ')} failed.\n${stdout}\n${stderr}`, { cause: error })
}

/** Runs a checker and gives what it printed, also when it ends with the exit code of one that found something. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { error, stdout, stderr } = await execute(command, args, options)
  if (error === null || stdout !== '') return stdout
  throw new Error(`${command} ${args.join(' ')} failed.\n${stderr}`, { cause: error })
}
