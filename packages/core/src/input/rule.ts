/** What a value from outside has to be. */
export interface Rule<Value> {
  /** In words that follow "must be": what is expected, never what came. */
  readonly expected: string
  readonly accepts: (value: unknown) => value is Value
}

function rule<Value>(expected: string, accepts: (value: unknown) => value is Value): Rule<Value> {
  return { expected, accepts }
}

/** Any text, the empty one included. */
export const text: Rule<string> = rule('text', (value) => typeof value === 'string')

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
  return rule(expected, (value): value is Value => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
    return methods.every((method) => typeof Reflect.get(value, method) === 'function')
  })
}

/** A value that one of two rules accepts. */
export function either<First, Second>(first: Rule<First>, second: Rule<Second>): Rule<First | Second> {
  return rule(
    `${first.expected}, or ${second.expected}`,
    (value): value is First | Second => first.accepts(value) || second.accepts(value),
  )
}

/** A list whose items all keep to a rule. */
export function listOf<Item>(expected: string, item: Rule<Item>): Rule<readonly Item[]> {
  return rule(
    expected,
    (value): value is readonly Item[] => Array.isArray(value) && value.every((one) => item.accepts(one)),
  )
}

/** Checked elsewhere, by whoever knows more of the value than its type. */
export const checkedByItsOwner: Rule<unknown> = rule('a value', (_value): _value is unknown => true)

function inWords(value: number): string {
  return value.toLocaleString('en-US')
}
