// Run by the build of each published package, in its folder: says that what stands in dist/cjs is CommonJS, where the
// package itself says "module". `sideEffects` is repeated, since bundlers read the nearest package.json.
import { writeFileSync } from 'node:fs'

writeFileSync('dist/cjs/package.json', `${JSON.stringify({ type: 'commonjs', sideEffects: false })}\n`)
