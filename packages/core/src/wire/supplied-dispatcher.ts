import type { Dispatcher } from 'undici'
import type { Rule } from '../input/rule.js'

/** What we need of a dispatcher: `dispatch()`, and the handlers that undici has called since its version 7. */
export const suppliedDispatcher: Rule<Dispatcher> = {
  expected:
    'a dispatcher of undici 7 or later, with dispatch(options, handler). Those of undici 6, and the one inside of Node 20 ' +
    'and 22, call their handlers by older names, and no call would be answered: install undici 7 (npm install undici@7), ' +
    'and make the dispatcher with it',
  accepts: (value): value is Dispatcher => canDispatch(value) && !isOlderThanSeven(value),
}

function canDispatch(value: unknown): value is Dispatcher {
  return (
    typeof value === 'object' && value !== null && 'dispatch' in value && typeof value.dispatch === 'function'
  )
}

/**
 * Recognises dispatchers of undici 5 and 6 by two marks that version 7 removed. Their base class has `interceptors`, and
 * `compose` gives an object of a class of its own. `MockAgent` and `RetryAgent` have the second mark only.
 *
 * This dispatches nothing to find out: an invalid request would block a `Pool` for ever.
 */
function isOlderThanSeven(dispatcher: Dispatcher): boolean {
  if (isAccessorOf(dispatcher, 'interceptors')) return true
  if (!('compose' in dispatcher) || typeof dispatcher.compose !== 'function') return false
  try {
    return dispatcher.compose([]).constructor.name === 'ComposedDispatcher'
  } catch {
    // It is no dispatcher of undici. Only a call can show whether it works.
    return false
  }
}

/** Looks for an accessor: a user's own dispatcher may have a plain property of that name. */
function isAccessorOf(value: object, name: string): boolean {
  for (let owner: unknown = value; typeof owner === 'object' && owner !== null;) {
    const property = Object.getOwnPropertyDescriptor(owner, name)
    if (property !== undefined) return property.get !== undefined && property.set !== undefined
    owner = Object.getPrototypeOf(owner)
  }
  return false
}
