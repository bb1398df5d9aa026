import { spawn } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, readJsonObject } from './published-packages.js'
import type { PackedPackage } from './pack.js'
import { root } from './repository.js'
import { run, runToEnd } from './run.js'

const fixtures = join(import.meta.dirname, '../fixtures/consumers')

/** Copies a project of `fixtures/consumers` to `folder`, and installs it with the packed packages. */
export async function install(
  fixture: string,
  folder: string,
  packages: readonly PackedPackage[],
): Promise<void> {
  cpSync(join(fixtures, fixture), folder, { recursive: true })
  const file = join(folder, 'package.json')
  const manifest = readJsonObject(file)
  const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const dependencies = {
    ...(isObject(manifest['dependencies']) ? manifest['dependencies'] : {}),
    ...tarballs,
  }
  writeFileSync(file, JSON.stringify({ ...manifest, dependencies }))
  await run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'], {
    cwd: folder,
  })
}

/**
 * Compiles a TypeScript project with the compiler of this repository. Declarations are checked as well; errors in those
 * of the frameworks are theirs and do not count: `skipLibCheck` would spare ours, too.
 */
export async function compile(folder: string): Promise<void> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const output = await runToEnd(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], { cwd: folder })
  const errors = output.split('\n').filter((line) => /^\S/.test(line) && !inForeignPackage.test(line))
  if (errors.length > 0) throw new Error(errors.join('\n'))
}

const inForeignPackage = /^\S*node_modules\/(?!@agora-signaling\/)[^(]+\(\d+,\d+\): error /

/** A process of a consumer that listens. */
export interface StartedConsumer {
  /** Where each host listens: `{ Express: 'http://127.0.0.1:40123' }`. */
  readonly urls: ReadonlyMap<string, string>
  /** Asks it to stop, and resolves once it is gone. */
  readonly stop: () => Promise<void>
}

/** What to run, and how many hosts to wait for. */
export interface ConsumerProcess {
  readonly node: string
  readonly script: string
  readonly env: Readonly<Record<string, string>>
  readonly hosts: number
}

/** Runs a script that prints a line `<host> <url>` for each host once it listens; rejects when it ends before. */
export async function start({ node, script, env, hosts }: ConsumerProcess): Promise<StartedConsumer> {
  const child = spawn(node, [script], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
  }
  let output = ''
  const urls = new Map<string, string>()
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: string): void => {
      output += chunk
      for (const [, host = '', url = ''] of output.matchAll(/^(\w+) (http:\S+)\n/gm)) urls.set(host, url)
      if (urls.size === hosts) resolve()
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
    child.once('error', reject)
    void ended.then(() => reject(new Error(`${script} ended before it listened.\n${output}`)))
  })
  return { urls, stop }
}
