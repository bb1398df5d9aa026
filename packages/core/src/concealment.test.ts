import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { concealSecrets } from './concealment.js'

const credentials = () => concealSecrets({ name: 'project', secret: 'canary', other: undefined }, ['secret'])

test('a concealed property can still be read, spread and compared', () => {
  expect(credentials().secret).toBe('canary')
  expect({ ...credentials() }).toEqual({ name: 'project', secret: 'canary', other: undefined })
  expect(Object.keys(credentials())).toEqual(['name', 'secret', 'other'])
})

test('the console and JSON show a placeholder, also deep inside something else', () => {
  const nested = { list: [credentials()], byName: new Map([['a', credentials()]]) }
  for (const shown of [
    inspect(credentials()),
    inspect(nested, { depth: 10, showHidden: true }),
    JSON.stringify(nested),
  ]) {
    expect(shown).toContain('[concealed]')
    expect(shown).toContain('project')
    expect(shown).not.toContain('canary')
  }
})

test('console.dir, which asks no object what it wants to show, shows no secret either', () => {
  const shown = inspect(credentials(), { customInspect: false, showHidden: true })
  expect(shown).toContain('project')
  expect(shown).not.toContain('canary')
})

test('a secret that is not there does not show as one that is', () => {
  const value = concealSecrets<{ name: string; secret?: string }>({ name: 'project' }, ['secret'])
  expect(JSON.stringify(value)).toBe('{"name":"project"}')
})
