import { expect, test } from 'vitest'
import { readRepositoryFile, repositoryFiles } from './repository.js'

const sources = repositoryFiles().filter(
  (file) => /^packages\/[^/]+\/src\/.*\.ts$/.test(file) && !/\.test(-d)?\.|test-support|self-test/.test(file),
)

/** A process may hold two copies of a package, and the errors and clients of one are no instances of the other's classes. */
test('no decision asks for a class of errors or clients with instanceof', () => {
  const found = sources.flatMap((file) =>
    readRepositoryFile(file)
      .split('\n')
      .filter((line) => /\binstanceof (Agora\w*|SignalingClient)\b/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
  expect(found).toEqual([])
})

/** What is private to a copy on purpose: injection tokens that only the module of the same copy provides and asks for. */
const ofOneCopy = new Set(['packages/nestjs/src/clients.ts', 'packages/nestjs/src/module.ts'])

test('symbols are of the registry, so that every copy of a package has the same', () => {
  const found = sources.filter(
    (file) => !ofOneCopy.has(file) && /[^.\w]Symbol\(/.test(readRepositoryFile(file)),
  )
  expect(found).toEqual([])
})

/** A set that a module keeps is one per copy: each entry says why that is right. */
const setsOfModules = new Map([
  ['packages/core/src/client/history.ts', 'by the log of a client, which is of one copy'],
])

test('no module keeps a set of its own of what has been seen or told', () => {
  const found = sources.filter(
    (file) =>
      !setsOfModules.has(file) &&
      /^(?:export )?const .*= new Weak(?:Set|Map)/m.test(readRepositoryFile(file)),
  )
  expect(found).toEqual([])
})
