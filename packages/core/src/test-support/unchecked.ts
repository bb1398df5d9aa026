/** Options with changes that TypeScript refuses, as callers in JavaScript can write them. */
export function unchecked<Options extends object>(options: Options, change: object): Options {
  return Object.assign(options, change)
}
