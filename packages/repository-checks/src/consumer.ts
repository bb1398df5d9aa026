import { spawn } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, readJsonObject } from './published-packages.js'
import type { PackedPackage } from './pack.js'
import { root } from './repository.js'
import { run, runToEnd } from './run.js'

const fixtures = join(import.meta.dirname, '../fixtures/consumers')

/**
 * Copies a project of `fixtures/consumers` to `folder`, and installs it with the packed packages.
 *
 * @param others What it needs beside what its manifest says.
 */
export async function install(
  fixture: string,
  folder: string,
  packages: readonly PackedPackage[],
  others: Readonly<Record<string, string>> = {},
): Promise<void> {
  cpSync(join(fixtures, fixture), folder, { recursive: true })
  const file = join(folder, 'package.json')
  const manifest = readJsonObject(file)
  const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const dependencies = {
    ...(isObject(manifest['dependencies']) ? manifest['dependencies'] : {}),
    ...others,
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

/** A process that has said what it was asked to say. */
export interface StartedProcess<Said> {
  readonly said: Said
  /** Asks it to stop, and resolves once it is gone. */
  readonly stop: () => Promise<void>
}

/** What to run, and what to wait for. */
export interface ProcessToStart<Said> {
  readonly node: string
  readonly script: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Reads what it printed so far; nothing until it has said everything. */
  readonly read: (output: string) => Said | undefined
}

const patienceMs = 20_000

/** Runs a script until it has said what is waited for, and leaves it running; rejects when it does not say it. */
export async function start<Said>(wanted: ProcessToStart<Said>): Promise<StartedProcess<Said>> {
  const { node, script, args = [], env = {}, read } = wanted
  const child = spawn(node, [script, ...args], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
  }
  const deadline = setTimeout(() => child.kill(), patienceMs)
  let output = ''
  const said = await new Promise<Said>((resolve, reject) => {
    const add = (chunk: string): void => {
      output += chunk
      const complete = read(output)
      if (complete !== undefined) resolve(complete)
    }
    child.stdout.setEncoding('utf8').on('data', add)
    child.stderr.setEncoding('utf8').on('data', add)
    child.once('error', reject)
    void ended.then(() => reject(new Error(`${script} ended before it had said everything.\n${output}`)))
  }).finally(() => clearTimeout(deadline))
  return { said, stop }
}

/** Reads the lines `<host> <url>` of a consumer, until there are as many as it has hosts. */
export function readUrls(hosts: number): (output: string) => ReadonlyMap<string, string> | undefined {
  return (output) => {
    const lines = output.matchAll(/^(\w+) (http:\S+)\n/gm)
    const urls = new Map([...lines].map(([, host = '', url = '']) => [host, url]))
    return urls.size === hosts ? urls : undefined
  }
}

/** Reads the environment variables that the command of the emulator tells to paste. */
export function readVariables(output: string): Readonly<Record<string, string>> | undefined {
  if (!/^export AGORA_REST_BASE_URL=.*\n/m.test(output)) return undefined
  const lines = output.matchAll(/^export (\w+)=(\S+)$/gm)
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]))
}
