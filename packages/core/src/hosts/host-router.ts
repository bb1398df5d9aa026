import { hostsOf } from './areas.js'
import type { ApiFamily, Area, HostSet } from './areas.js'
import { HostHealth } from './host-health.js'

/** After another host worked, calls stay with it this long. Then they try the preferred host again. */
const detourMs = 30_000

/** Where the next attempt goes, compared with the one that failed. */
export type NextHost = 'same' | 'other-domain' | 'adjacent'

/** Where one call goes, attempt after attempt. */
export interface Route {
  /** The origin of the attempt under way. */
  readonly origin: string
  /** The host gave an answer: also a refusal shows that it works. */
  answered(): void
  /** The host gave no answer: its name or the connection failed, or it stayed silent. */
  failedHard(): void
  /** The attempt ended for a reason that says nothing about the host. */
  undecided(): void
  /** Chooses the host of the next attempt. */
  next(advice: NextHost): void
}

/**
 * Chooses hosts in the order that Agora publishes: the same host again, the same region under the other domain, the
 * neighbouring region. A client has one router, so that later calls know what earlier ones learnt about a host.
 *
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
export class HostRouter {
  readonly #hosts: Readonly<Record<ApiFamily, HostSet>>
  readonly #now: () => number
  readonly #detours = new Map<ApiFamily, { readonly origin: string; readonly untilMs: number }>()
  readonly health: HostHealth

  /** @param where An area of Agora's, or the one origin that everything goes to. */
  constructor(where: { readonly area: Area } | { readonly origin: string }, now: () => number) {
    const hosts = (family: ApiFamily): HostSet =>
      'area' in where
        ? hostsOf(where.area, family)
        : { primary: where.origin, otherDomain: undefined, adjacent: [] }
    this.#hosts = { project: hosts('project'), history: hosts('history') }
    this.#now = now
    this.health = new HostHealth(now)
  }

  /** The hosts that calls use while nothing fails. */
  get origins(): readonly string[] {
    return [this.#hosts.project.primary, this.#hosts.history.primary]
  }

  /**
   * The route of a new call.
   *
   * @param isPinned The call must not leave the preferred host.
   */
  route(family: ApiFamily, isPinned: boolean): Route {
    const hosts = this.#hosts[family]
    return isPinned
      ? new HostRoute(this, family, { ...hosts, otherDomain: undefined, adjacent: [] }, hosts.primary)
      : new HostRoute(this, family, hosts, this.#firstChoice(family, hosts))
  }

  answered(family: ApiFamily, origin: string): void {
    this.health.answered(origin)
    if (origin === this.#hosts[family].primary) this.#detours.delete(family)
    else this.#detours.set(family, { origin, untilMs: this.#now() + detourMs })
  }

  #firstChoice(family: ApiFamily, hosts: HostSet): string {
    const detour = this.#detours.get(family)
    if (detour !== undefined && this.#now() < detour.untilMs && this.health.admits(detour.origin))
      return detour.origin
    const order = [hosts.primary, ...others(hosts)]
    // When every host is down, the preferred one is as good as any.
    return order.find((origin) => this.health.admits(origin)) ?? hosts.primary
  }
}

class HostRoute implements Route {
  readonly #router: HostRouter
  readonly #family: ApiFamily
  readonly #hosts: HostSet
  /** Absent until a second host is needed. */
  #visited: readonly string[] | undefined
  origin: string

  constructor(router: HostRouter, family: ApiFamily, hosts: HostSet, origin: string) {
    this.#router = router
    this.#family = family
    this.#hosts = hosts
    this.origin = origin
  }

  answered(): void {
    this.#router.answered(this.#family, this.origin)
  }

  failedHard(): void {
    this.#router.health.failedHard(this.origin)
  }

  undecided(): void {
    this.#router.health.undecided(this.origin)
  }

  next(advice: NextHost): void {
    if (advice === 'same') return
    const { adjacent } = this.#hosts
    // Agora advises the neighbour. Where none is known, only the other domain is left.
    const order = advice === 'adjacent' && adjacent.length > 0 ? adjacent : others(this.#hosts)
    const visited = this.#visited ?? [this.origin]
    const found = order.find((origin) => !visited.includes(origin) && this.#router.health.admits(origin))
    if (found === undefined) return
    this.#visited = [...visited, found]
    this.origin = found
  }
}

function others({ otherDomain, adjacent }: HostSet): readonly string[] {
  return otherDomain === undefined ? adjacent : [otherDomain, ...adjacent]
}
