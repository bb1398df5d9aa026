import * as fc from 'fast-check'

/** The 90 characters of user IDs and channel names, as Agora's pages list them. */
export const legalCharacters: readonly string[] =
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&()+-:;<=.>?@[]^_{}|~,'".split('')

/** Any user ID or channel name that can stand in a path: legal, and neither `.` nor `..`. */
export const legalInPath: fc.Arbitrary<string> = fc
  .string({ unit: fc.constantFrom(...legalCharacters), minLength: 1, maxLength: 64 })
  .filter((value) => value.trim() === value && value !== '.' && value !== '..')
