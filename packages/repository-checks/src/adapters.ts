import { readJsonObject, isObject } from './published-packages.js'
import { readRepositoryFile, repositoryFiles, root } from './repository.js'
import { join } from 'node:path'

/** A package of `packages/`, with what its sources import. */
export interface ImportingPackage {
  readonly name: string
  /** Relative to the checkout. */
  readonly folder: string
  readonly isPrivate: boolean
  readonly isAdapter: boolean
  /** What it declares to depend on where it is installed: `dependencies` and `peerDependencies`. */
  readonly declared: ReadonlySet<string>
  readonly imports: readonly SourceImport[]
}

/** One package that one file imports. */
export interface SourceImport {
  readonly file: string
  /** `@agora-signaling/core`, also for `@agora-signaling/core/adapter`. `node:` for what is Node's own. */
  readonly from: string
}

const notPublished = /\.(?:test|test-d|d)\.|\/test-support\//

/** Every package, read from its manifest and its sources. No list names them. */
export function importingPackages(): ImportingPackage[] {
  const files = repositoryFiles()
  return files
    .filter((file) => /^packages\/[^/]+\/package\.json$/.test(file))
    .map((manifest) => {
      const folder = manifest.slice(0, -'/package.json'.length)
      const sources = files
        .filter((file) => file.startsWith(`${folder}/`) && file.endsWith('.ts') && !notPublished.test(file))
        .filter((file) => file.startsWith(`${folder}/src/`) || file.startsWith(`${folder}/rigs/`))
        .map((file) => ({ file, text: readRepositoryFile(file) }))
      const { name, private: isPrivate, ...rest } = readJsonObject(join(root, manifest))
      return {
        name: String(name),
        folder,
        isPrivate: isPrivate === true,
        // Whoever finds the client of a request is an adapter. The emulator takes the checks of options from the same entry.
        isAdapter:
          isPrivate !== true && folder !== 'packages/core' && sources.some(({ text }) => makesContext(text)),
        declared: new Set([...namesIn(rest['dependencies']), ...namesIn(rest['peerDependencies'])]),
        imports: sources.flatMap(({ file, text }) => importsOf(text).map((from) => ({ file, from }))),
      }
    })
}

/** The rule, for a package and those around it: one sentence for each import that breaks it. */
export function forbiddenImports(
  { name, isPrivate, declared, imports }: ImportingPackage,
  adapters: ReadonlySet<string>,
): string[] {
  return imports.flatMap(({ file, from }) => {
    if (from === 'node:' || from === name || isPrivate) return []
    if (adapters.has(from)) return [`${file} imports ${from}: nobody imports an adapter but an app.`]
    if (name === '@agora-signaling/core' && from !== 'undici')
      return [`${file} imports ${from}: core imports undici and Node's own modules, and nothing else.`]
    if (from.startsWith('@agora-signaling/') && from !== '@agora-signaling/core')
      return [`${file} imports ${from}: of our packages, it may import core alone.`]
    if (!declared.has(from))
      return [`${file} imports ${from}: it is not among the dependencies and peerDependencies of ${name}.`]
    return []
  })
}

/** The packages that a source imports, exports from, or loads with `import()`. */
export function importsOf(source: string): string[] {
  const specifiers = source.matchAll(
    /(?:^|[\s;}])(?:from\s*|import\s*|import\s*\(\s*|require\s*\(\s*)['"]([^'"\n]+)['"]/g,
  )
  return [...specifiers]
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !specifier.startsWith('.'))
    .map((specifier) => (specifier.startsWith('node:') ? 'node:' : packageOf(specifier)))
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function makesContext(source: string): boolean {
  return source.includes('@agora-signaling/core/adapter') && source.includes('createClientContext(')
}

function namesIn(value: unknown): string[] {
  return isObject(value) ? Object.keys(value) : []
}
