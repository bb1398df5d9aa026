import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const source = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Files and packages that a file loads, itself and through others. Imports of types alone load nothing. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  seen.add(relative(source, file))
  const code = readFileSync(file, 'utf8')
  const statements = code.matchAll(
    /^(?:import|export)(?! type)(?:[^'"]*?from)? ?'([^']+)'|\b(?:import|require)\('([^']+)'\)/gm,
  )
  for (const [, imported, lazily] of statements) {
    const name = imported ?? lazily ?? ''
    const next = name.startsWith('.') ? resolve(dirname(file), name.replace(/\.js$/, '.ts')) : name
    if (!seen.has(relative(source, next)) && !seen.has(name)) {
      if (name.startsWith('.')) loadedBy(next, seen)
      else seen.add(name)
    }
  }
  return seen
}

// A token server starts without a client: no undici, nothing that sends.
it('@agora-signaling/core/agora-token loads token code and Node modules only', () => {
  const loaded = [...loadedBy(resolve(source, 'agora-token.ts'))]
  const ofTheClient = /^(?:adapter|auth|call|client|credentials|hosts|notifications|quota|wire)\//
  expect(loaded.filter((name) => ofTheClient.test(name))).toEqual([])
  expect(loaded.filter((name) => !/\.ts$|^node:/.test(name))).toEqual([])
  expect(loaded.filter((name) => name.endsWith('.ts')).length).toBeGreaterThan(20)
})
