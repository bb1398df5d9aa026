/** The texts that JavaScript makes of a missing value, or of a value that is not text. */
const madeIntoText = new Set(['undefined', 'null', 'NaN', '[object Object]', '[object Promise]'])

/** A place in a route or template: `:userId`, `{userId}`, `{{userId}}`, `${userId}`, `<userId>`. */
const place = /^(?::[a-z_]\w*|\$?\{+\s*[a-z_][\w.]*\s*\}+|<[a-z_]\w*>)$/i

/**
 * Why nobody probably chose this text, in words that follow its name. `undefined` when there is no sign of that.
 *
 * @example
 * placeholderProblem('undefined') // 'is the word undefined: a value that was not there was made into text'
 */
export function placeholderProblem(text: string): string | undefined {
  if (madeIntoText.has(text)) return `is the word ${text}: a value that was not there was made into text`
  if (place.test(text)) return `is ${text.slice(0, 64)}: the place in a route or template was not filled in`
  return undefined
}
