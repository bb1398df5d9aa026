import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The folder of the checkout. */
export const root: string = resolve(import.meta.dirname, '../../..')

/** Every file there is that git tracks or would track, relative to {@link root}. */
export function repositoryFiles(): string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  // Git also lists what is removed and not yet staged.
  return output.split('\n').filter((file) => file !== '' && existsSync(join(root, file)))
}

export function readRepositoryFile(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
