/** Hard failures in a row after which a host counts as down. */
const failuresUntilDown = 2
/** How long a host that is down is left alone before one call may try it again. */
const downMs = 30_000

interface HostState {
  failures: number
  downUntilMs: number
  isProbed: boolean
}

/**
 * Which hosts to leave alone: one that failed hard (name, connect, TLS, a broken or silent connection) twice in a row
 * is down for 30 seconds, then a single call may probe it.
 */
export class HostHealth {
  readonly #hosts = new Map<string, HostState>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Whether a call may go to this host now. Saying yes to a host that was down makes the caller its probe. */
  admits(origin: string): boolean {
    const state = this.#hosts.get(origin)
    if (state === undefined || state.failures < failuresUntilDown) return true
    if (this.#now() < state.downUntilMs || state.isProbed) return false
    state.isProbed = true
    return true
  }

  /** The host gave an answer, whatever it says. */
  answered(origin: string): void {
    this.#hosts.delete(origin)
  }

  failedHard(origin: string): void {
    const state = this.#hosts.get(origin) ?? { failures: 0, downUntilMs: 0, isProbed: false }
    state.failures += 1
    state.isProbed = false
    if (state.failures >= failuresUntilDown) state.downUntilMs = this.#now() + downMs
    this.#hosts.set(origin, state)
  }

  /** The call ended for a reason of its own (the caller aborted it): the next one may probe. */
  undecided(origin: string): void {
    const state = this.#hosts.get(origin)
    if (state !== undefined) state.isProbed = false
  }
}
