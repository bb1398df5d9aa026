// Run by `npx pnpm release:version`: a package that tells its version holds it in src/version.ts, since no expression finds
// package.json from both module systems.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'

for (const name of readdirSync('packages')) {
  const file = `packages/${name}/src/version.ts`
  if (!existsSync(file)) continue
  const manifest = readFileSync(`packages/${name}/package.json`, 'utf8')
  const [, version] = /"version": "([^"]+)"/.exec(manifest) ?? []
  const constant = `export const version: string = '${version}'`
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^export const version.*$/m, constant))
}
