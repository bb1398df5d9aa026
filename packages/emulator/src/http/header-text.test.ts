import { validateHeaderValue } from 'node:http'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { headerText, named } from './header-text.js'

/** Every text there is, halves of surrogate pairs and control characters included. */
const codeUnits = fc.array(fc.integer({ min: 0, max: 0xffff }))

test('every text becomes a legal header value of visible characters', () => {
  fc.assert(
    fc.property(codeUnits, (units) => {
      const text = String.fromCharCode(...units)
      const value = headerText(text)
      validateHeaderValue('x-emulator-reason', value)
      expect(value).toMatch(/^[\x20-\x7e]*$/)
    }),
  )
})

test('a long text is cut at 500 characters', () => {
  expect(headerText('x'.repeat(500))).toBe('x'.repeat(500))
  expect(headerText('x'.repeat(501))).toBe(`${'x'.repeat(497)}...`)
})

test('plain text stays as it is, everything else is percent-encoded', () => {
  expect(headerText('The path says bob.')).toBe('The path says bob.')
  expect(headerText('Zoë\r\nset-cookie: x')).toBe('Zo%C3%AB%0D%0Aset-cookie: x')
  expect(headerText('half a pair: \ud83d')).toBe('half a pair: %EF%BF%BD')
})

test('an ID stands bare in a sentence when it is one word, else in quotes', () => {
  expect(named('alice')).toBe('alice')
  expect(named('alice, bob')).toBe('"alice, bob"')
  expect(named('')).toBe('""')
})
