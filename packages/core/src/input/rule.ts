import type { AgoraValidationErrorCode } from '../errors.js'
import { isTimeoutMs } from './times.js'

/** What a value from outside has to be. */
export interface Rule<Value> {
  /** What is expected, in words that follow "must be". It never says what was received. */
  readonly expected: string
  readonly accepts: (value: unknown) => value is Value
  /** The code of the error, where the value has one of its own: an App ID, a user ID. */
  readonly code?: AgoraValidationErrorCode | undefined
  /** The rules of its members, where the value is an object of named ones. */
  readonly members?: RuleTable | undefined
}

/** A rule for each name. */
export type RuleTable = Readonly<Record<string, Rule<unknown>>>

function rule<Value>(expected: string, accepts: (value: unknown) => value is Value): Rule<Value> {
  return { expected, accepts }
}

/** Any text, the empty one included. */
export const text: Rule<string> = rule('text', (value) => typeof value === 'string')

/** @param expected What it is for: `a number of seconds`. */
export function aNumber(expected: string): Rule<number> {
  return rule(expected, (value) => typeof value === 'number')
}

/** `true` or `false`. */
export const yesOrNo: Rule<boolean> = rule('true or false', (value) => typeof value === 'boolean')

/** @param expected What the function is for: `a function that finds the user of a request`. */
export function aFunction<Value>(expected = 'a function'): Rule<Value> {
  return rule(expected, (value): value is Value => typeof value === 'function')
}

/** @param counted What is counted, for the words: `milliseconds`. */
export function wholeNumber(counted: string, min: number, max: number): Rule<number> {
  const bounds =
    max === Number.MAX_SAFE_INTEGER ? `${inWords(min)} or more` : `from ${inWords(min)} to ${inWords(max)}`
  return rule(
    `a whole number of ${counted}, ${bounds}`,
    (value): value is number => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  )
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Rule<Word> {
  return rule(words.map((word) => `"${word}"`).join(' or '), (value): value is Word =>
    words.some((word) => word === value),
  )
}

/** An object of any class that has these methods. */
export function withMethods<Value>(expected: string, ...methods: readonly string[]): Rule<Value> {
  return rule(expected, (value): value is Value => hasMethods(value, methods))
}

/** Nothing but `false`: it turns something off. */
export const off: Rule<false> = rule('false', (value) => value === false)

/** A value that one of two rules accepts. */
export function either<First, Second>(first: Rule<First>, second: Rule<Second>): Rule<First | Second> {
  return {
    expected: `${first.expected}, or ${second.expected}`,
    accepts: (value): value is First | Second => first.accepts(value) || second.accepts(value),
    code: first.code ?? second.code,
    members: first.members ?? second.members,
  }
}

/** An object of named members, each with a rule of its own. */
export function objectOf<Value extends object>(
  expected: string,
  members: { readonly [Name in Extract<keyof Value, string>]-?: Rule<unknown> },
): Rule<Value> {
  return { ...rule(expected, (value): value is Value => isObject(value) && !Array.isArray(value)), members }
}

/** An `AbortSignal`: Node's own, or one of a simulated browser. */
export const abortSignal: Rule<AbortSignal> = rule(
  'an AbortSignal',
  (value): value is AbortSignal =>
    isObject(value) &&
    'aborted' in value &&
    typeof value.aborted === 'boolean' &&
    hasMethods(value, listening),
)

const listening = ['addEventListener', 'removeEventListener']

/** How long something may take. */
export const timeLimit: Rule<number> = rule(
  `a number of milliseconds above 0 and up to ${inWords(2 ** 31 - 1)}`,
  isTimeoutMs,
)

/** A list whose items all keep to a rule. */
export function listOf<Item>(expected: string, item: Rule<Item>): Rule<readonly Item[]> {
  return rule(
    expected,
    (value): value is readonly Item[] => Array.isArray(value) && value.every((one) => item.accepts(one)),
  )
}

/** @param instead What to do instead. */
export function leftOut(instead: string): Rule<undefined> {
  return rule(`left out: ${instead}`, (_value): _value is undefined => false)
}

/** Accepts every value here. The function that uses the value checks it. */
export const checkedByItsOwner: Rule<unknown> = rule('a value', (_value): _value is unknown => true)

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Some libraries have functions with methods of their own where others have objects. */
function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (!isObject(value) && typeof value !== 'function') return false
  return methods.every((method) => typeof Reflect.get(value, method) === 'function')
}

function inWords(value: number): string {
  return value.toLocaleString('en-US')
}
