import { createEmulator } from '@agora-signaling/emulator'
import { run } from './run.js'

/** What a script of an installed project said, and the channels that it sent messages to. */
export interface ScriptRun {
  readonly output: string
  readonly channels: readonly string[]
}

/** Runs a script of an installed project against an emulator; rejects with all of its output when it fails. */
export async function runScript(folder: string, script: string): Promise<ScriptRun> {
  const emulator = await createEmulator()
  try {
    const env = { ...emulator.env, CHANNEL: script }
    const output = await run('npm', ['run', '--silent', script], { cwd: folder, env })
    const channels = emulator
      .messages()
      .flatMap((message) => (message.kind === 'channel' ? [message.channel] : []))
    return { output, channels }
  } finally {
    await emulator.close()
  }
}
