import type { Sample } from './benchmark.js'

/** From the parent: do a round of this size. Size 0 only asks for the CPU time so far. */
export interface ContenderOrder {
  readonly round: number
}

/** From the contender. */
export type ContenderMessage =
  { readonly ready: string } | { readonly sample: Sample } | { readonly failure: string }

export function readOrder(message: unknown): ContenderOrder {
  const size = field(message, 'round')
  if (typeof size !== 'number') throw new Error('A contender was told something that is no order.')
  return { round: size }
}

export function readContenderMessage(message: unknown): ContenderMessage {
  const ready = field(message, 'ready')
  if (typeof ready === 'string') return { ready }
  const failure = field(message, 'failure')
  if (typeof failure === 'string') return { failure }
  const sample = field(message, 'sample')
  if (typeof sample === 'object' && sample !== null) {
    const figures = Object.entries(sample).map(([name, value]) => [name, Number(value)] as const)
    return { sample: Object.fromEntries(figures) }
  }
  throw new Error('A contender said something that is no message.')
}

function field(message: unknown, name: string): unknown {
  return typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined
}
