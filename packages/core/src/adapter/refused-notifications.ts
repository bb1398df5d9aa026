import { AgoraWebhookError } from '../errors.js'

const windowMs = 10_000

interface Window {
  count: number
  latest: AgoraWebhookError
  tell: (refusal: AgoraWebhookError) => void
}

/**
 * Reports requests that were refused before their signature was checked. Anybody can send any number of those. So the
 * first is reported at once. After it, a count is reported every ten seconds at most.
 */
export class RefusedNotifications {
  readonly #windows = new Map<string, Window>()

  tell(refusal: AgoraWebhookError, tell: Window['tell']): void {
    const window = this.#windows.get(refusal.code)
    if (window === undefined) {
      this.#open(refusal, tell)
      tell(refusal)
      return
    }
    window.count += 1
    window.latest = refusal
    window.tell = tell
  }

  #open(latest: AgoraWebhookError, tell: Window['tell']): void {
    this.#windows.set(latest.code, { count: 0, latest, tell })
    // Unreferenced: a process need not stay alive to report a count.
    setTimeout(() => this.#end(latest.code), windowMs).unref()
  }

  #end(code: string): void {
    const window = this.#windows.get(code)
    this.#windows.delete(code)
    if (window === undefined || window.count === 0) return
    const { count, latest, tell } = window
    this.#open(latest, tell)
    tell(
      new AgoraWebhookError(
        latest.code,
        `${count} more ${count === 1 ? 'request was' : 'requests were'} refused in the last ${windowMs / 1000} s. The latest: ${latest.message}`,
      ),
    )
  }
}
