import { join } from 'node:path'
import { runToEnd } from './run.js'

const knip = join(import.meta.dirname, '../node_modules/knip/bin/knip.js')

/** What knip finds in a folder; nothing when all is well. */
export function runKnip(folder: string, args: readonly string[]): Promise<string> {
  return runToEnd(process.execPath, [knip, ...args, '--no-progress', '--no-config-hints'], { cwd: folder })
}
