/**
 * Whether a text was probably not chosen by anybody: JavaScript made it from a missing value or one of a wrong type, or it
 * is a parameter of a route that was not filled in: `undefined`, `null`, `NaN`, `[object Object]`, `:userId`.
 */
export function isMistakenText(text: string): boolean {
  return /^(?:undefined|null|NaN|\[object \w+\]|:[A-Za-z]\w*)$/.test(text.trim())
}

/**
 * What to tell a developer about such a text; `undefined` when there is nothing to say.
 *
 * @param what Which text it is, as the subject of a sentence: `The channel in the path`.
 */
export function mistakenTextWarning(what: string, text: string): string | undefined {
  if (!isMistakenText(text)) return undefined
  return `${what} reads "${text.trim()}": was a variable never set, or an object turned into text?`
}
