import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { typeScriptBlocks } from './documentation-code.js'
import { readRepositoryFile, repositoryFiles, root } from './repository.js'

const folder = join(root, 'packages/repository-checks/dist/documentation-code')

function compile(): string {
  try {
    return execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
  } catch (error) {
    return typeof error === 'object' && error !== null && 'stdout' in error
      ? String(error.stdout)
      : String(error)
  }
}

test('every TypeScript block in the documentation compiles against the built packages', () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const documents = repositoryFiles().filter(
    (file) => file.endsWith('.md') && !file.startsWith('.changeset/'),
  )
  let count = 0
  for (const document of documents) {
    for (const { line, code } of typeScriptBlocks(readRepositoryFile(document))) {
      const name = `${document.replaceAll(/[^A-Za-z0-9]/g, '-')}-line-${line}.ts`
      writeFileSync(join(folder, name), `${code}\nexport {}\n`)
      count += 1
    }
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../../tsconfig.base.json',
      compilerOptions: {
        noEmit: true,
        composite: false,
        isolatedDeclarations: false,
        // What our own code is held to and nobody else has to be.
        noPropertyAccessFromIndexSignature: false,
        noUnusedLocals: false,
        erasableSyntaxOnly: false,
        experimentalDecorators: true,
      },
      include: ['*.ts'],
    }),
  )
  expect(count).toBeGreaterThan(0)
  expect(compile()).toBe('')
}, 60_000)
