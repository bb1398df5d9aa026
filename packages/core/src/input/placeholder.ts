/** What JavaScript makes of a value that is not there, or that is no text. */
const madeIntoText = new Set(['undefined', 'null', 'NaN', '[object Object]', '[object Promise]'])

/** A place in a route or template: `:userId`, `{userId}`, `{{userId}}`, `${userId}`, `<userId>`. */
const place = /^(?::[a-z_]\w*|\$?\{+\s*[a-z_][\w.]*\s*\}+|<[a-z_]\w*>)$/i

/**
 * Why a text is probably none that anybody chose, in words that follow its name; `undefined` when it may be.
 *
 * @example
 * placeholderProblem('undefined') // 'is the word undefined: a value that was not there was made into text'
 */
export function placeholderProblem(text: string): string | undefined {
  if (madeIntoText.has(text)) return `is the word ${text}: a value that was not there was made into text`
  if (place.test(text)) return `is ${text.slice(0, 64)}: the place in a route or template was not filled in`
  return undefined
}
