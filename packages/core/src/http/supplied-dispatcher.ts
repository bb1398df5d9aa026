import type { Dispatcher } from 'undici'
import type { Rule } from '../input/rule.js'

/** What we need of a dispatcher: `dispatch()`, and the handlers that undici has called since its version 7. */
export const suppliedDispatcher: Rule<Dispatcher> = {
  expected:
    'a dispatcher of undici 7 or later, with dispatch(options, handler). Dispatchers of undici 6, and those inside of ' +
    'Node 20 and 22, call their handlers by older names (onConnect, onHeaders) that answer nobody here: install undici 7 ' +
    '(npm install undici@7), and make the dispatcher with it',
  accepts: (value): value is Dispatcher => canDispatch(value) && !speaksOldNames(value),
}

function canDispatch(value: unknown): value is Dispatcher {
  return typeof value === 'object' && value !== null && 'dispatch' in value && typeof value.dispatch === 'function'
}

/**
 * Versions cannot be read off a dispatcher, so it is asked. It is given a request that no version sends, for it has no
 * origin and no path, and tells its handler that this is an error: by the old name or by the new one.
 */
function speaksOldNames(dispatcher: Dispatcher): boolean {
  const told = namesUsedBy(dispatcher)
  if (told !== 'neither') return told === 'old'
  // A MockAgent needs an origin before it gets as far. Its requests go through an agent that it holds.
  return Object.getOwnPropertySymbols(dispatcher).some((key) => {
    const inner: unknown = Reflect.get(dispatcher, key)
    return canDispatch(inner) && namesUsedBy(inner) === 'old'
  })
}

function namesUsedBy(dispatcher: Dispatcher): 'old' | 'new' | 'neither' {
  const listener = new Listener()
  try {
    Reflect.apply(dispatcher.dispatch, dispatcher, [{}, listener])
  } catch {
    // Whatever it makes of a request that is none.
  }
  return listener.heard
}

/** Notices by which names it is called. */
class Listener {
  heard: 'old' | 'new' | 'neither' = 'neither'

  // Versions that know the new names never look for the old ones where the new ones are.
  get onConnect(): () => void {
    return this.#old()
  }

  get onError(): () => void {
    return this.#old()
  }

  #old(): () => void {
    if (this.heard === 'neither') this.heard = 'old'
    return () => undefined
  }

  onRequestStart(): void {
    this.heard = 'new'
  }

  onResponseStart(): void {
    this.heard = 'new'
  }

  onResponseData(): void {
    this.heard = 'new'
  }

  onResponseEnd(): void {
    this.heard = 'new'
  }

  onResponseError(): void {
    this.heard = 'new'
  }
}
