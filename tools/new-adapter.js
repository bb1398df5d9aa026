// Run by `npx pnpm new:adapter NAME`: makes packages/NAME with the adapter that docs/writing-an-adapter.md shows, and its rig
// in packages/conformance. The adapter is for node:http until you put your framework in its place.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const [name = '', root = join(import.meta.dirname, '..')] = process.argv.slice(2)

if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
  fail(
    'Say what the adapter is for, in lower-case letters, digits and hyphens: npx pnpm new:adapter my-framework',
  )
}
for (const file of [
  `packages/${name}`,
  `packages/conformance/rigs/${name}.ts`,
  `packages/conformance/src/${name}.test.ts`,
]) {
  if (existsSync(join(root, file))) fail(`${file} is there already. Take another name, or remove it first.`)
}

const scoped = `@agora-signaling/${name}`
const camelCase = name.replaceAll(/-./g, (match) => match.slice(1).toUpperCase())
// A name such as `new` or `await` is a word of the language.
const variable = `${camelCase}Rig`
// What all adapters have in common is read from one of them.
const sample = parse(read('packages/hono/package.json'))
const adapter = read('packages/conformance/rigs/node-http-adapter.ts')

writeJson(`packages/${name}/package.json`, {
  name: scoped,
  version: sample['version'],
  description: `Agora Signaling (RTM) for ${name}.`,
  keywords: ['agora', 'signaling', 'rtm', name],
  license: sample['license'],
  type: sample['type'],
  engines: sample['engines'],
  sideEffects: sample['sideEffects'],
  main: sample['main'],
  types: sample['types'],
  exports: sample['exports'],
  files: sample['files'],
  scripts: sample['scripts'],
  dependencies: { '@agora-signaling/core': 'workspace:^' },
})
writeJson(`packages/${name}/tsconfig.json`, {
  ...parse(read('packages/hono/tsconfig.json')),
  references: [{ path: '../core' }],
})
write(`packages/${name}/tsconfig.cjs.json`, read('packages/hono/tsconfig.cjs.json'))
write(`packages/${name}/src/index.ts`, adapter)
write(`packages/${name}/src/exports.test.ts`, exportsTest())
write(`packages/${name}/README.md`, readme())
write(
  `packages/conformance/rigs/${name}.ts`,
  read('packages/conformance/rigs/node-http.ts')
    .replaceAll("'./node-http-adapter.js'", `'${scoped}'`)
    .replaceAll('nodeHttp', variable),
)
write(
  `packages/conformance/src/${name}.test.ts`,
  `import { ${variable} } from '../rigs/${name}.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('${name}', ${variable})
`,
)
for (const reader of ['conformance', 'repository-checks']) {
  const file = `packages/${reader}/package.json`
  const manifest = parse(readFileSync(join(root, file), 'utf8'))
  const all = Object.entries({ ...objectOf(manifest['devDependencies']), [scoped]: 'workspace:^' })
  const sorted = all.toSorted(([one], [other]) => (one < other ? -1 : 1))
  writeJson(file, { ...manifest, devDependencies: Object.fromEntries(sorted) })
}

process.stdout.write(`packages/${name} and packages/conformance/rigs/${name}.ts are there. Next:

1. npx pnpm install && npx pnpm build
2. npx pnpm --filter @agora-signaling/conformance test ${name}
3. Put your framework in the place of node:http, in both. It is a peer dependency of the package.
4. Add a row to the tables of README.md and docs/architecture.md, and a changeset: npx pnpm changeset
`)

/** The public names of the adapter, as a test that fails when they change. */
function exportsTest() {
  const names = [...adapter.matchAll(/^export (?:function|const) (\w+)/gm)].map(
    ([, exported = '']) => exported,
  )
  const lines = names.toSorted().map((exported) => `    '${exported}',\n`)
  return `import { expect, test } from 'vitest'
import * as adapter from './index.js'

test('the public names change on purpose only', () => {
  expect(Object.keys(adapter).toSorted()).toEqual([
${lines.join('')}  ])
})
`
}

function readme() {
  return `# ${scoped}

Agora Signaling (RTM) for ${name}. It gives every request an authenticated client that acts for the user of that request.

\`\`\`sh
npm install ${scoped}
\`\`\`

\`\`\`ts
import { createServer } from 'node:http'
import { agoraSignaling, answerAgoraError, getAgora } from '${scoped}'

const agora = agoraSignaling()
createServer(async (req, res) => {
  try {
    await agora(req, res)
    const sent = await getAgora(req).messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
    res.end(JSON.stringify(sent))
  } catch (error) {
    if (!answerAgoraError(error, res, console.error)) res.writeHead(500).end()
  }
}).listen(3000)
\`\`\`
`
}

/** @param {string} text */
function parse(text) {
  return objectOf(JSON.parse(text))
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function objectOf(value) {
  if (typeof value !== 'object' || value === null) throw new TypeError('A manifest must hold a JSON object.')
  return { ...value }
}

/** @param {string} file of this repository, also where another root is given */
function read(file) {
  return readFileSync(join(import.meta.dirname, '..', file), 'utf8')
}

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

/**
 * @param {string} file
 * @param {unknown} value
 */
function writeJson(file, value) {
  write(file, `${JSON.stringify(value, undefined, 2)}\n`)
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
