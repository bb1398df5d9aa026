import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

const peers = [
  'agora-token',
  'undici',
  'axios',
  'got',
  'express',
  'koa',
  'fastify',
  'hono',
  '@nestjs/core',
] as const

/** What the figures were taken on; no name of a machine or person. */
export function describeMachine(loadBefore: readonly number[]): string {
  const processors = cpus()
  const model = processors[0]?.model ?? 'unknown CPU'
  return [
    `Node ${process.version}, ${process.platform} ${process.arch}, ${processors.length} × ${model.trim()}.`,
    `Load average over 1, 5 and 15 minutes: ${oneDecimal(loadBefore)} before the run, ${oneDecimal(loadavg())} after it;`,
    `on a quiet machine it starts below 1 and what differs most is wall time.`,
    `Peers: ${peers.map((name) => `${name} ${versionOf(name)}`).join(', ')}.`,
  ].join('\n')
}

function oneDecimal(values: readonly number[]): string {
  return values.map((value) => value.toFixed(1)).join(', ')
}

function versionOf(name: string): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8'),
  )
  const version: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : undefined
  return String(version)
}
