import { AgoraWebhookError } from '../errors.js'

const windowMs = 10_000

interface Window {
  count: number
  latest: AgoraWebhookError
  tell: (refusal: AgoraWebhookError) => void
}

/**
 * Tells of requests that were refused before their signature was known to be right. Anybody can send those, as many as
 * they like: the first is told at once, and how many more there were at most every ten seconds.
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
    // Unreferenced: a count that nobody has heard yet is no reason to keep the process alive.
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
