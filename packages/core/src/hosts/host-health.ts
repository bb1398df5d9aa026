/** Hard failures in a row after which a host counts as down. */
const failuresUntilDown = 2
/** How long a host that is down is skipped. Then one call may try it. */
const downMs = 30_000

interface HostState {
  failures: number
  downUntilMs: number
  isProbed: boolean
}

/**
 * Says which hosts to skip. A host with two hard failures in a row is skipped for 30 seconds. Then a single call may probe it.
 *
 * Hard failures are those of the name, the connection and TLS, and a connection that breaks or stays silent.
 */
export class HostHealth {
  readonly #hosts = new Map<string, HostState>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Whether a call may go to this host now. For a host that was down, `true` gives the call the probe slot. */
  admits(origin: string): boolean {
    const state = this.#hosts.get(origin)
    if (state === undefined || state.failures < failuresUntilDown) return true
    if (this.#now() < state.downUntilMs || state.isProbed) return false
    state.isProbed = true
    return true
  }

  /** The host gave an answer: also a refusal shows that it works. */
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

  /** The call ended for another reason, for instance an abort. Releases the probe slot if this call held it. */
  undecided(origin: string): void {
    const state = this.#hosts.get(origin)
    if (state !== undefined) state.isProbed = false
  }
}
