import { describe, expect, test } from 'vitest'
import { readRepositoryFile, repositoryFiles, root } from './repository.js'

const files = repositoryFiles()
const packageFolders = [...new Set(files.map((file) => /^(?:packages|apps)\/[^/]+/.exec(file)?.[0]))].filter(
  (folder) => folder !== undefined,
)

test('the top level holds the two workspaces, the documentation and the tooling, and nothing else', () => {
  const topLevel = new Set(files.map((file) => file.split('/')[0]))
  const expected = [
    '.changeset',
    '.ci',
    '.gitignore',
    '.npmrc',
    '.oxlintrc.json',
    '.prettierignore',
    '.prettierrc.json',
    'AGENTS.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'apps',
    'docs',
    'package.json',
    'packages',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'tools',
    'tsconfig.base.json',
    'tsconfig.cjs.json',
    'turbo.json',
    'vitest.config.ts',
  ]
  expect(topLevel).toEqual(new Set(expected))
})

test.each(packageFolders)('%s has a manifest, a README and sources', (folder) => {
  expect(files).toContain(`${folder}/package.json`)
  expect(files).toContain(`${folder}/README.md`)
  expect(files.some((file) => file.startsWith(`${folder}/src/`))).toBe(true)
})

test.each(packageFolders)('%s is in the table of docs/architecture.md', (folder) => {
  expect(readRepositoryFile('docs/architecture.md')).toContain(`\`${folder}\``)
})

describe('nothing belongs to one machine', () => {
  const texts = files.filter((file) => /\.(?:ts|js|json|md|ya?ml|sh)$|^\.(?:ci|npmrc)/.test(file))

  test.each(texts)('%s names no path of the checkout and no registry', (file) => {
    const text = readRepositoryFile(file)
    expect(text).not.toContain(root)
    expect(text).not.toMatch(/registry\.npm[j]s|resolved: http[s]|tarball: http[s]/)
  })
})
