import { describe, expect, test } from 'vitest'
import { findCircle, importGraph, roomGraph } from './import-graph.js'
import type { ImportGraph } from './import-graph.js'
import { readRepositoryFile, repositoryFiles } from './repository.js'

const sourceFolders = [
  ...new Set(repositoryFiles().flatMap((file) => /^packages\/[^/]+\/src(?=\/)/.exec(file) ?? [])),
]

test.each(sourceFolders)('no file of %s imports itself by a detour', (folder) => {
  expect(findCircle(importGraph(folder))).toBeUndefined()
})

test('a circle is found, wherever it begins', () => {
  const graph: ImportGraph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['b']],
  ])
  expect(findCircle(graph)).toEqual(['b', 'd'])
})

describe('the rooms of core', () => {
  const folder = 'packages/core/src'
  const rooms = roomGraph(folder, importGraph(folder))
  const drawn = drawnRooms(readRepositoryFile('docs/architecture.md'))

  test('are the ones that docs/architecture.md draws', () => {
    expect([...drawn.keys()].toSorted()).toEqual([...rooms.keys()].toSorted())
  })

  test.each([...rooms])('%s imports only what the drawing says', (room, imported) => {
    expect([...imported].toSorted()).toEqual(drawn.get(room)?.toSorted())
  })

  test.each([...rooms])('%s imports only rooms further down', (room, imported) => {
    const order = [...drawn.keys()]
    const upwards = [...imported].filter((other) => order.indexOf(other) < order.indexOf(room))
    expect(upwards).toEqual([])
  })
})

/** Reads the lines `room/ → other/ errors.ts` of the drawing. */
function drawnRooms(document: string): ReadonlyMap<string, readonly string[]> {
  const [, drawing = ''] = /^## The rooms of core\n[^]*?```text\n([^]*?)```/m.exec(document) ?? []
  return new Map(
    drawing
      .split('\n')
      .filter((line) => line.includes('→'))
      .map((line) => {
        const [room = '', imported = ''] = line.split('→')
        return [room.trim(), imported.trim().split(/\s+/).filter(Boolean)]
      }),
  )
}
