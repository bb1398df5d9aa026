import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './repository.js'

/** A package that users install. */
export interface PublishedPackage {
  readonly name: string
  /** Relative to the checkout. */
  readonly folder: string
  readonly manifest: Readonly<Record<string, unknown>>
}

/** Every folder of `packages/` whose manifest does not say `private`. */
export function publishedPackages(): PublishedPackage[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => readPackage(`packages/${name}`))
    .filter(({ manifest }) => manifest['private'] !== true)
}

function readPackage(folder: string): PublishedPackage {
  const manifest = readJsonObject(join(root, folder, 'package.json'))
  return { name: String(manifest['name']), folder, manifest }
}

export function readJsonObject(file: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!isObject(value)) throw new TypeError(`${file} must hold a JSON object.`)
  return value
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
