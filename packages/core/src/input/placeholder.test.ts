import { expect, it } from 'vitest'
import { placeholderProblem } from './placeholder.js'

it.each([
  ['undefined', 'the word undefined'],
  ['null', 'the word null'],
  ['NaN', 'the word NaN'],
  ['[object Object]', 'the word [object Object]'],
  ['[object Promise]', 'the word [object Promise]'],
  [':userId', 'not filled in'],
  ['{userId}', 'not filled in'],
  ['{{ user.id }}', 'not filled in'],
  ['${userId}', 'not filled in'],
  ['<userId>', 'not filled in'],
])('%s is a value that got lost', (text, words) => {
  expect(placeholderProblem(text)).toContain(words)
})

it.each(['', 'alice', 'Null', 'undefined1', 'user:1', ':', ':)', '{}', 'a:userId', '1', 'none', '<3'])(
  '%j may be an ID that somebody chose',
  (text) => {
    expect(placeholderProblem(text)).toBeUndefined()
  },
)
