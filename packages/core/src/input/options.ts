import { AgoraConfigError } from '../errors.js'
import { nearestName } from './nearest-name.js'
import type { Rule } from './rule.js'

/** One rule for each option: the table is the list of the names that exist. */
export type OptionRules<Options> = {
  readonly [Name in Extract<keyof Options, string>]-?: Rule<unknown>
}

/**
 * Refuses options that are misspelt or of a wrong type. An option that is silently ignored is dangerous: without its
 * `userID`, `agoraSignaling()` would let everybody send as the back end.
 *
 * An option that is `undefined` counts as left out. Whether a required one is there is its owner's to say.
 *
 * @param owner Whose options they are, as the user wrote it: `createSignalingClient()`.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID`, naming the option and, where one is near, the name that was meant.
 */
export function checkOptions<Options extends object>(
  owner: string,
  options: Options,
  rules: OptionRules<Options>,
): void {
  const table: Readonly<Record<string, Rule<unknown>>> = rules
  requireObject(owner, options)
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(table, name) ? table[name] : undefined
    if (rule === undefined) throw unknownOption(owner, name, Object.keys(table))
    if (value !== undefined && !rule.accepts(value)) {
      throw new AgoraConfigError('ERR_CONFIG_INVALID', `${name} of ${owner} must be ${rule.expected}.`)
    }
  }
}

function requireObject(owner: string, options: unknown): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    `The options of ${owner} must be one object: { name: value }.`,
  )
}

function unknownOption(owner: string, name: string, known: readonly string[]): AgoraConfigError {
  const meant = nearestName(name, known)
  const advice = meant === undefined ? `The options are ${known.join(', ')}.` : `Did you mean ${meant}?`
  // A name is not a secret, but whatever stands where a name should be may be one: it is cut short.
  return new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    `${owner} has no option "${name.slice(0, 40)}". ${advice}`,
  )
}
