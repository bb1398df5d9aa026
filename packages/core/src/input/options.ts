import { hasClientBrand } from '../client-brand.js'
import { AgoraConfigError, AgoraValidationError } from '../errors.js'
import type { AnyAgoraError } from '../errors.js'
import { nearestName } from './nearest-name.js'
import type { Rule, RuleTable } from './rule.js'

/** One rule for each option: the table is the list of the names that exist. */
export type OptionRules<Options> = {
  readonly [Name in Extract<keyof Options, string>]-?: Rule<unknown>
}

/**
 * Refuses options that are misspelt or of a wrong type. It is dangerous to ignore an option silently: if `agoraSignaling()`
 * ignored a misspelt `userID`, everybody could send as the back end.
 *
 * An option that is `undefined` counts as left out. The function that owns the options checks whether a required one is there.
 *
 * @param owner Whose options they are, as the user wrote it: `createSignalingClient()`.
 *
 * @example
 * checkOptions('agoraErrorHandler()', options, { onError: aFunction() })
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID`, naming the option and, where one is near, the name that was meant.
 * @throws {AgoraValidationError} for a value of a wrong type whose rule has a code of its own.
 */
export function checkOptions<Options extends object>(
  owner: string,
  options: Options,
  rules: OptionRules<NoInfer<Options>>,
): void {
  check({ owner, kind: 'option', prefix: '' }, options, rules)
}

/**
 * The same for the arguments of a call.
 *
 * The program writes the names, but values often come from its callers. So an unknown name is a mistake of the
 * program: `ERR_CONFIG_INVALID`, answered 500. A value of a wrong type is `ERR_INVALID_ARGUMENT`, answered 400.
 *
 * @param call The method as the user wrote it: `sendToUser()`.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for a name that the call does not know.
 * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for a value of a wrong type.
 */
export function checkArguments<Arguments extends object>(
  call: string,
  args: Arguments,
  rules: OptionRules<NoInfer<Arguments>>,
): void {
  check({ owner: call, kind: 'argument', prefix: '' }, args, rules)
}

/** Whose names they are, and where they stand. */
interface Place {
  readonly owner: string
  readonly kind: 'option' | 'argument'
  /** Where the names stand within others: `quotas.`. */
  readonly prefix: string
}

function check(place: Place, options: object, rules: RuleTable): void {
  requirePlainObject(place, options, rules)
  for (const name of Object.keys(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (rule === undefined) throw unknownName(place, name, options, rules)
    const value: unknown = Reflect.get(options, name)
    if (value === undefined) continue
    if (!rule.accepts(value)) throw wrongValue(place, name, rule)
    if (rule.members !== undefined && typeof value === 'object' && value !== null) {
      check({ ...place, prefix: `${place.prefix}${name}.` }, value, rule.members)
    }
  }
}

function requirePlainObject({ owner, kind }: Place, options: unknown, rules: RuleTable): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(`The ${kind}s of ${owner} must be one object: { name: value }.`)
  }
  if (!hasClientBrand(options)) return
  const advice = Object.hasOwn(rules, 'client') ? 'write { client: client }' : 'write { name: value }'
  throw invalid(`${owner} takes an object of ${kind}s, and was given a client: ${advice}.`)
}

function unknownName(
  { owner, kind, prefix }: Place,
  name: string,
  options: object,
  rules: RuleTable,
): AgoraConfigError {
  // The text in place of a name may be a secret or a payload. It is shown only if it can be a name.
  const shown = /^[\w$.-]{1,30}$/.test(name) ? `"${prefix}${name}"` : 'of this name'
  const known = Object.keys(rules)
  const meant = nearestName(name, known)
  if (meant !== undefined) return invalid(`${owner} has no ${kind} ${shown}. Did you mean ${prefix}${meant}?`)
  const advice = `The ${kind}s are ${known.map((one) => prefix + one).join(', ')}.`
  const className = classNameOf(options)
  if (className === undefined) return invalid(`${owner} has no ${kind} ${shown}. ${advice}`)
  return invalid(
    `${owner} takes an object of ${kind}s, { name: value }, and was given one of class ${className}. ${advice}`,
  )
}

/** The class of an object that was not written as `{ name: value }`: an event emitter, an application. */
function classNameOf(options: object): string | undefined {
  const { constructor } = options
  if (typeof constructor !== 'function' || constructor === Object) return undefined
  return /^\w{1,30}$/.test(constructor.name) ? constructor.name : undefined
}

function wrongValue({ owner, kind, prefix }: Place, name: string, rule: Rule<unknown>): AnyAgoraError {
  const argument = prefix + name
  const message = `${argument} of ${owner} must be ${rule.expected}.`
  const code = rule.code ?? (kind === 'argument' ? 'ERR_INVALID_ARGUMENT' : undefined)
  return code === undefined ? invalid(message) : new AgoraValidationError(code, argument, message)
}

function invalid(message: string): AgoraConfigError {
  return new AgoraConfigError('ERR_CONFIG_INVALID', message)
}
