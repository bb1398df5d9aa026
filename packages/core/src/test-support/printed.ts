import { format, inspect } from 'node:util'
import { toHttpError } from '../adapter/http-error.js'

/**
 * All the ways in which a value gets into a log, as lines.
 *
 * @param options.isCloned Whether a clone of it counts, too. Default `true`.
 */
export function linesOf(value: unknown, { isCloned = true }: { isCloned?: boolean } = {}): string[] {
  const texts = [
    inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
    // As console.dir does.
    inspect(value, { depth: Infinity, customInspect: false }),
    format('%s %o %O %j', value, value, value, value),
    JSON.stringify({ value }),
    String(value),
    isCloned ? ofClone(value) : '',
  ]
  if (value instanceof Error) {
    texts.push(value.message, value.stack ?? '', inspect(toHttpError(value), { depth: Infinity }))
    texts.push(inspect(Object.entries(value), { depth: Infinity, customInspect: false }))
    if (value.cause !== undefined) texts.push(...linesOf(value.cause))
    if (value instanceof AggregateError) texts.push(...value.errors.flatMap((error) => linesOf(error)))
  }
  return texts.flatMap((text) => text.split('\n'))
}

/** What another thread or process gets to see. */
function ofClone(value: unknown): string {
  try {
    return inspect(structuredClone(value), { depth: Infinity, showHidden: true })
  } catch (error) {
    return String(error)
  }
}
