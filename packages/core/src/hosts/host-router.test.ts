import { describe, expect, test } from 'vitest'
import { areas, hostsOf } from './areas.js'
import { HostRouter } from './host-router.js'
import type { Route } from './host-router.js'

function routerAt(where: ConstructorParameters<typeof HostRouter>[0]): {
  router: HostRouter
  clock: { now: number }
} {
  const clock = { now: 0 }
  return { router: new HostRouter(where, () => clock.now), clock }
}

function failTwice(router: HostRouter): void {
  router.route('project', false).failedHard()
  router.route('project', false).failedHard()
}

function walk(route: Route, advice: Parameters<Route['next']>[0], steps: number): string[] {
  return Array.from({ length: steps }, () => {
    route.next(advice)
    return route.origin
  })
}

test('there are the 18 names that Agora publishes', () => {
  const names = areas.flatMap((area) => {
    const { primary, otherDomain, adjacent } = hostsOf(area, 'project')
    return [primary, otherDomain].concat(adjacent)
  })
  expect(new Set(names).size).toBe(18)
  for (const name of names)
    expect(name).toMatch(/^https:\/\/api(-[a-z]+-[a-z]+-1)?\.(agora\.io|sd-rtn\.com)$/)
})

describe('the first host', () => {
  test('is the documented one of the API family', () => {
    const { router } = routerAt({ area: 'global' })
    expect(router.route('project', false).origin).toBe('https://api.agora.io')
    expect(router.route('history', false).origin).toBe('https://api.sd-rtn.com')
  })

  test('is under sd-rtn.com inside mainland China', () => {
    const { router } = routerAt({ area: 'cn' })
    expect(router.route('project', false).origin).toBe('https://api-cn-east-1.sd-rtn.com')
  })
})

describe('after a failure', () => {
  test('of the name, the same region follows under the other domain, then the neighbour', () => {
    const { router } = routerAt({ area: 'eu' })
    expect(walk(router.route('project', false), 'other-domain', 3)).toEqual([
      'https://api-eu-west-1.sd-rtn.com',
      'https://api-eu-central-1.agora.io',
      'https://api-eu-central-1.sd-rtn.com',
    ])
  })

  test('of the connection, the neighbouring region follows: the other domain leads to the same machines', () => {
    const { router } = routerAt({ area: 'eu' })
    expect(walk(router.route('project', false), 'adjacent', 1)).toEqual(['https://api-eu-central-1.agora.io'])
  })

  test('with no neighbour known, the other domain is the only other way', () => {
    const { router } = routerAt({ area: 'global' })
    expect(walk(router.route('project', false), 'adjacent', 2)).toEqual([
      'https://api.sd-rtn.com',
      'https://api.sd-rtn.com',
    ])
  })

  test('that says nothing about the host, it stays', () => {
    const { router } = routerAt({ area: 'us' })
    expect(walk(router.route('project', false), 'same', 1)).toEqual(['https://api-us-west-1.agora.io'])
  })
})

test('one origin of the user means exactly that host', () => {
  const { router } = routerAt({ origin: 'http://127.0.0.1:4010' })
  const route = router.route('history', false)
  expect([route.origin, ...walk(route, 'other-domain', 1), ...walk(route, 'adjacent', 1)]).toEqual(
    Array.from({ length: 3 }, () => 'http://127.0.0.1:4010'),
  )
})

test('event queues are kept per region: their reads never leave the host', () => {
  const { router } = routerAt({ area: 'ap' })
  failTwice(router)
  const route = router.route('project', true)
  expect(walk(route, 'adjacent', 1)).toEqual(['https://api-ap-southeast-1.agora.io'])
})

describe('a host that failed hard twice in a row', () => {
  test('is left alone for 30 seconds, then probed by one call', () => {
    const { router, clock } = routerAt({ area: 'us' })
    failTwice(router)
    clock.now = 29_999
    expect(router.route('project', false).origin).toBe('https://api-us-west-1.sd-rtn.com')
    clock.now = 30_000
    expect(router.route('project', false).origin).toBe('https://api-us-west-1.agora.io')
    // The probe is under way.
    expect(router.route('project', false).origin).toBe('https://api-us-west-1.sd-rtn.com')
  })

  test('is back as soon as its probe is answered', () => {
    const { router, clock } = routerAt({ area: 'us' })
    failTwice(router)
    clock.now = 30_000
    router.route('project', false).answered()
    expect(router.route('project', false).origin).toBe('https://api-us-west-1.agora.io')
    expect(router.route('project', false).origin).toBe('https://api-us-west-1.agora.io')
  })

  test('is left alone again when its probe fails', () => {
    const { router, clock } = routerAt({ area: 'us' })
    failTwice(router)
    clock.now = 30_000
    router.route('project', false).failedHard()
    clock.now = 59_999
    expect(router.route('project', false).origin).toBe('https://api-us-west-1.sd-rtn.com')
  })

  test('can be probed by the next call when the first probe was aborted', () => {
    const { router, clock } = routerAt({ area: 'us' })
    failTwice(router)
    clock.now = 30_000
    router.route('project', false).undecided()
    expect(router.route('project', false).origin).toBe('https://api-us-west-1.agora.io')
  })

  test('is tried all the same when there is no other', () => {
    const { router } = routerAt({ origin: 'http://127.0.0.1:4010' })
    failTwice(router)
    expect(router.route('project', false).origin).toBe('http://127.0.0.1:4010')
  })

  test('is not what one failure makes of it', () => {
    const { router } = routerAt({ area: 'us' })
    const route = router.route('project', false)
    route.failedHard()
    route.answered()
    route.failedHard()
    expect(router.route('project', false).origin).toBe('https://api-us-west-1.agora.io')
  })
})

test('the last host that worked comes first, for 30 seconds', () => {
  const { router, clock } = routerAt({ area: 'us' })
  const route = router.route('project', false)
  route.failedHard()
  route.next('adjacent')
  route.answered()
  expect(router.route('project', false).origin).toBe('https://api-us-east-1.agora.io')
  clock.now = 30_000
  expect(router.route('project', false).origin).toBe('https://api-us-west-1.agora.io')
})
