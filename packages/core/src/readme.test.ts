import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const readme = read('../README.md')

test('the README says of every error code what it means', () => {
  const codes = new Set(read('./errors.ts').match(/ERR_[A-Z_0-9]+/g))
  expect(codes.size).toBeGreaterThan(40)
  expect([...codes].filter((code) => !readme.includes(`\`${code}\``))).toEqual([])
})

test('the README names every environment variable', () => {
  const variables = new Set(
    read('./credentials/environment.ts').match(/'(?:NEXT_|NEXT_PUBLIC_)?AGORA_[A-Z_]+'/g),
  )
  expect(variables.size).toBeGreaterThan(10)
  expect([...variables].filter((name) => !readme.includes(`\`${name.slice(1, -1)}\``))).toEqual([])
})
