import { posix } from 'node:path'
import { readRepositoryFile, repositoryFiles } from './repository.js'

/** A file, and the files of the same package that it imports: types as well. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

const importSpecifier = /(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+)'/g

/** Reads what the published code of a package imports from itself. Tests are left out. */
export function importGraph(sourceFolder: string): ImportGraph {
  const files = repositoryFiles().filter(
    (file) =>
      file.startsWith(`${sourceFolder}/`) &&
      file.endsWith('.ts') &&
      !/\.test\.|\.test-d\.|\/test-support\//.test(file),
  )
  const known = new Set(files)
  return new Map(
    files.map((file) => {
      const specifiers = [...readRepositoryFile(file).matchAll(importSpecifier)].map(([, path = '']) => path)
      const targets = specifiers.map((path) => posix.join(posix.dirname(file), path.replace(/\.js$/, '.ts')))
      return [file, [...new Set(targets.filter((target) => known.has(target)))]]
    }),
  )
}

/** One circle of imports, first file first; `undefined` when there is none. */
export function findCircle(graph: ImportGraph): readonly string[] | undefined {
  const finished = new Set<string>()
  const visit = (file: string, trail: readonly string[]): readonly string[] | undefined => {
    const start = trail.indexOf(file)
    if (start !== -1) return trail.slice(start)
    if (finished.has(file)) return undefined
    for (const target of graph.get(file) ?? []) {
      const circle = visit(target, [...trail, file])
      if (circle !== undefined) return circle
    }
    finished.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const circle = visit(file, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

/** The room of a file: the first folder below the source folder, or the file itself where it stands in none. */
export function roomOf(sourceFolder: string, file: string): string {
  const [first = '', ...rest] = file.slice(sourceFolder.length + 1).split('/')
  return rest.length === 0 ? first : `${first}/`
}

/** Which rooms each room imports, without itself. */
export function roomGraph(
  sourceFolder: string,
  graph: ImportGraph,
): ReadonlyMap<string, ReadonlySet<string>> {
  const rooms = new Map<string, Set<string>>()
  for (const [file, targets] of graph) {
    const room = roomOf(sourceFolder, file)
    const imported = rooms.get(room) ?? new Set<string>()
    rooms.set(room, imported)
    for (const target of targets) {
      const other = roomOf(sourceFolder, target)
      if (other !== room) imported.add(other)
    }
  }
  return rooms
}
