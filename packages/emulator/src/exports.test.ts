import { expect, test } from 'vitest'
import * as emulator from './index.js'

test('the package exports exactly this', () => {
  expect(Object.keys(emulator)).toMatchInlineSnapshot(`
    [
      "createEmulator",
    ]
  `)
})
