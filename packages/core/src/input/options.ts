import { hasClientBrand } from '../client/client-brand.js'
import { AgoraConfigError, AgoraValidationError } from '../errors.js'
import { nearestName } from './nearest-name.js'
import type { Rule, RuleTable } from './rule.js'

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
  check(owner, 'option', options, rules, '')
}

/**
 * The same for the arguments of a call.
 *
 * Names are written by the program and values often come from its callers. So an unknown name is a mistake of the
 * program, `ERR_CONFIG_INVALID`, and answered 500; a value of a wrong type is `ERR_INVALID_ARGUMENT`, and answered 400.
 *
 * @param call The method as the user wrote it: `sendToUser()`.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for a name that the call does not know.
 * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for a value of a wrong type.
 */
export function checkArguments<Arguments extends object>(
  call: string,
  args: Arguments,
  rules: OptionRules<Arguments>,
): void {
  check(call, 'argument', args, rules, '')
}

type Kind = 'option' | 'argument'

/** @param prefix Where the options stand within others: `quotas.`. */
function check(owner: string, kind: Kind, options: object, rules: RuleTable, prefix: string): void {
  requirePlainObject(owner, kind, options, rules, prefix)
  for (const name of Object.keys(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (rule === undefined) throw unknownName(owner, kind, prefix, name, options, rules)
    const value: unknown = Reflect.get(options, name)
    if (value === undefined) continue
    if (!rule.accepts(value)) throw wrongValue(owner, kind, prefix + name, rule)
    if (rule.members !== undefined && typeof value === 'object' && value !== null) {
      check(owner, kind, value, rule.members, `${prefix}${name}.`)
    }
  }
}

function requirePlainObject(
  owner: string,
  kind: Kind,
  options: unknown,
  rules: RuleTable,
  prefix: string,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(`The ${kind}s of ${owner} must be one object: { name: value }.`)
  }
  if (!hasClientBrand(options)) return
  throw invalid(
    Object.hasOwn(rules, 'client')
      ? `${owner} takes one object of ${kind}s, and was given a client: write { client: client }.`
      : `${prefix === '' ? owner : `${prefix.slice(0, -1)} of ${owner}`} takes an object of ${kind}s, { name: value }, and was given a client.`,
  )
}

function unknownName(
  owner: string,
  kind: Kind,
  prefix: string,
  name: string,
  options: object,
  rules: RuleTable,
): AgoraConfigError {
  // What stands where a name should be may be a secret or a payload: it is shown only where it can be a name.
  const shown = /^[\w$.-]{1,30}$/.test(name) ? `"${prefix}${name}"` : 'of this name'
  const known = Object.keys(rules)
  const meant = nearestName(name, known)
  if (meant !== undefined) return invalid(`${owner} has no ${kind} ${shown}. Did you mean ${prefix}${meant}?`)
  const advice = `The ${kind}s are ${known.map((one) => prefix + one).join(', ')}.`
  const className = classNameOf(options)
  return className === undefined
    ? invalid(`${owner} has no ${kind} ${shown}. ${advice}`)
    : invalid(
        `${owner} takes one object of ${kind}s, { name: value }, and was given a ${className}. ${advice}`,
      )
}

/** The class of an object that was not written as `{ name: value }`: an event emitter, an application. */
function classNameOf(options: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(options)
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) return undefined
  const { constructor } = prototype
  return typeof constructor === 'function' && /^\w{1,30}$/.test(constructor.name) && constructor !== Object
    ? constructor.name
    : undefined
}

function wrongValue(
  owner: string,
  kind: Kind,
  name: string,
  rule: Rule<unknown>,
): AgoraConfigError | AgoraValidationError {
  const message = `${name} of ${owner} must be ${rule.expected}.`
  return kind === 'option'
    ? invalid(message)
    : new AgoraValidationError('ERR_INVALID_ARGUMENT', name, message)
}

function invalid(message: string): AgoraConfigError {
  return new AgoraConfigError('ERR_CONFIG_INVALID', message)
}
