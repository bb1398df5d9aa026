import { expect } from 'vitest'

/** vitest's matchers are of type `any`, which would switch off the type of whatever they stand in. */
export const having = (fields: object): unknown => expect.objectContaining(fields)

export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)
