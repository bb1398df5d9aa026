import type { SignalingClient } from '@agora-signaling/core'
import type { Mount, Route, RouteCall, SitePlan } from '../rig.js'
import type { Lie } from './lying-rig.js'

type Handle = Route['handle']
type UserId = Extract<Mount['options']['userId'], (...args: never) => unknown>
type Tenant = NonNullable<Mount['options']['tenant']>

function mounts(change: (mounts: readonly Mount[]) => readonly Mount[]): (plan: SitePlan) => SitePlan {
  return (plan) => ({ ...plan, mounts: change(plan.mounts) })
}

function users(change: (find: UserId) => UserId): (plan: SitePlan) => SitePlan {
  return mounts((all) =>
    all.map((mount) => {
      const { userId } = mount.options
      if (typeof userId !== 'function') return mount
      return { ...mount, options: { ...mount.options, userId: change(userId) } }
    }),
  )
}

function tenants(change: (find: Tenant) => Tenant): (plan: SitePlan) => SitePlan {
  return mounts((all) =>
    all.map((mount) => {
      const { tenant } = mount.options
      if (tenant === undefined) return mount
      return { ...mount, options: { ...mount.options, tenant: change(tenant) } }
    }),
  )
}

/** Changes what the routes of a site do. What `change` remembers is the site's own. */
function routes(change: (handle: Handle) => Handle): (plan: SitePlan) => SitePlan {
  return (plan) => ({
    ...plan,
    routes: plan.routes.map(({ path, handle }) => ({ path, handle: change(handle) })),
  })
}

/** Does what a client of a request refuses to do: closes what it shares with all others. */
async function closeConnections(client: SignalingClient): Promise<void> {
  const connections: unknown = Reflect.get(client, 'connections')
  const close: unknown =
    typeof connections === 'object' && connections !== null && Reflect.get(connections, 'close')
  if (typeof close !== 'function') throw new TypeError('This client has no connections.')
  await Reflect.apply(close, connections, [])
}

/** Lies about which client a request has. */
export const liesAboutClients: readonly Lie[] = [
  {
    name: 'attaches no client',
    caughtBy: ['the client of a request', 'is on the request, and getAgora() gives the same'],
    plan: mounts(() => []),
  },
  {
    name: 'attaches something else',
    caughtBy: ['the client of a request', 'is on the request, and getAgora() gives the same'],
    plan: routes((handle) => (call) => handle({ ...call, attached: () => ({}) })),
  },
  {
    name: 'lets a request close the client of all',
    caughtBy: ['the client of a request', 'has nothing to close: trying to closes nothing of others'],
    plan: routes((handle) => async (call) => {
      const answer = await handle(call)
      await closeConnections(call.getAgora())
      return answer
    }),
  },
  ...['a misspelt name', 'a wrong type', 'quotas that are switched on'].map((mistake): Lie => ({
    name: 'ignores options that it does not understand',
    caughtBy: ['the client of a request', `options with ${mistake} stop the start`],
    startsAnyway: true,
  })),
  {
    name: 'makes tokens for the back end’s own user',
    caughtBy: ['Agora is shown', 'a token made for each user'],
    plan: users(() => () => 'server'),
  },
  {
    name: 'reads no environment',
    caughtBy: ['the client of a request', 'needs no options: everything comes from the environment'],
    plan: mounts((all) => all.filter(({ options }) => Object.keys(options).length > 0)),
  },
  {
    name: 'starts without credentials',
    caughtBy: [
      'the client of a request',
      'incomplete options stop the start, with the variable that is missing',
    ],
    startsAnyway: true,
  },
  {
    name: 'keeps the user of the first request for all',
    caughtBy: ['the user of a request', 'is the sender, found at once'],
    plan: users((find) => {
      let first: ReturnType<UserId>
      return (caller) => (first ??= find(caller))
    }),
  },
  {
    name: 'gives overlapping requests the client of the latest',
    caughtBy: ['many requests at once', '200 that overtake each other keep their own user and tenant'],
    plan: (plan) => {
      let latest: RouteCall['getAgora'] | undefined
      return routes((handle) => async (call) => {
        latest = call.getAgora
        await new Promise((resolve) => setImmediate(resolve))
        return handle({ ...call, getAgora: latest })
      })(plan)
    },
  },
  {
    name: 'waits for no user',
    caughtBy: ['the user of a request', 'is the sender, found after a while'],
    plan: users((find) => (caller) => {
      const found = find(caller)
      if (!(found instanceof Promise)) return found
      found.catch(() => {})
      return undefined
    }),
  },
  ...[
    'is missing when the callback gives undefined: 401',
    'is missing when the callback gives null: 401',
    'is missing when the callback gives an empty text: 401',
  ].map((check): Lie => ({
    name: 'speaks as the back end for those it does not know',
    caughtBy: ['the user of a request', check],
    plan: users((find) => async (caller) => {
      const found = await find(caller)
      return found === undefined || found === null || found === '' ? 'server' : found
    }),
  })),
  {
    name: 'corrects user IDs',
    caughtBy: [
      'the user of a request',
      'with an ID that Agora cannot take is refused: 400, and nothing is sent',
    ],
    plan: users((find) => async (caller) => (await find(caller))?.replaceAll('/', '_')),
  },
  {
    name: 'lets everybody send as anybody',
    caughtBy: ['the user of a request', 'is the only one the client sends as: 403'],
    plan: routes((handle) => (call) => handle({ ...call, getAgora: () => call.getAgora().as('mallory') })),
  },
  {
    name: 'takes the back end’s own user for nobody',
    caughtBy: ['the user of a request', 'a user ID as text is the back end’s own'],
    plan: mounts((all) =>
      all.map((mount) => ({ ...mount, options: { ...mount.options, userId: () => undefined } })),
    ),
  },
  ...[
    'is a matter for the application’s error handler when the callback throws',
    'is a matter for the application’s error handler when the callback rejects',
    'is nobody when the callback rejects with nothing: an error like any other',
  ].map((check): Lie => ({
    name: 'goes on when the user callback fails',
    caughtBy: ['the user of a request', check],
    plan: users((find) => async (caller) => {
      try {
        return await find(caller)
      } catch {
        return 'somebody'
      }
    }),
  })),
  {
    name: 'keeps the tenant of the first request for all',
    caughtBy: ['the tenant of a request', 'decides which project a message goes to, found at once'],
    plan: tenants((tenant) => {
      let first: ReturnType<Tenant['key']>
      return { ...tenant, key: (caller) => (first ??= tenant.key(caller)) }
    }),
  },
  {
    name: 'waits for no key',
    caughtBy: [
      'the tenant of a request',
      'decides which project a message goes to, found with a key that takes a while',
    ],
    plan: tenants((tenant) => ({
      ...tenant,
      key: (caller) => {
        const found = tenant.key(caller)
        return found instanceof Promise ? undefined : found
      },
    })),
  },
  {
    name: 'waits for no options',
    caughtBy: [
      'the tenant of a request',
      'decides which project a message goes to, found with options that take a while',
    ],
    plan: tenants((tenant) => ({
      ...tenant,
      options: (key) => {
        const loaded = tenant.options(key)
        return loaded instanceof Promise ? {} : loaded
      },
    })),
  },
  ...[
    'has its options loaded once, also for requests that come at once',
    'keeps its quota from request to request: 20 sends at 1 a second',
  ].map((check): Lie => ({
    name: 'makes a client for each request',
    caughtBy: ['the tenant of a request', check],
    plan: (plan) => {
      let requests = 0
      return tenants((tenant) => ({
        ...tenant,
        key: async (caller) => `${await tenant.key(caller)} ${requests++}`,
        options: (key) => tenant.options(key.split(' ')[0] ?? ''),
      }))(plan)
    },
  })),
  {
    name: 'forgets nothing',
    caughtBy: ['the tenant of a request', 'is loaded anew once it was forgotten: a new secret counts'],
    forgetTenant: () => {},
  },
  {
    name: 'keeps a failure',
    caughtBy: [
      'the tenant of a request',
      'whose options cannot be loaded is tried again by the next request',
    ],
    plan: tenants((tenant) => {
      const loads = new Map<string, ReturnType<Tenant['options']>>()
      return {
        ...tenant,
        options: (key) => {
          const loaded = loads.get(key) ?? tenant.options(key)
          loads.set(key, loaded)
          return loaded
        },
      }
    }),
  },
  {
    name: 'takes a key that nobody knows for the default project',
    caughtBy: [
      'the tenant of a request',
      'with a key that somebody made up is nobody’s, and never the default project',
    ],
    plan: tenants((tenant) => ({
      ...tenant,
      key: async (caller) => {
        const key = await tenant.key(caller)
        try {
          await tenant.options(key ?? '')
          return key
        } catch {
          return undefined
        }
      },
    })),
  },
  {
    name: 'trusts an App ID',
    caughtBy: [
      'the tenant of a request',
      'with another’s App ID and a secret of its own gets no client of the other',
    ],
    plan: (plan) => {
      const known = new Map<string | undefined, Awaited<ReturnType<Tenant['options']>>>()
      return tenants((tenant) => ({
        ...tenant,
        options: async (key) => {
          const loaded = await tenant.options(key)
          const first = known.get(loaded.appId) ?? loaded
          known.set(loaded.appId, first)
          return first
        },
      }))(plan)
    },
  },
  ...(['key', 'options'] as const).map((callback): Lie => ({
    name: `goes on when ${callback} of a tenant fails`,
    caughtBy: [
      'the tenant of a request',
      `is a matter for the application’s error handler when ${callback} throws`,
    ],
    plan: tenants((tenant) => ({
      key: async (caller) => {
        try {
          return await tenant.key(caller)
        } catch {
          return 'first'
        }
      },
      options: async (key) => {
        try {
          return await tenant.options(key)
        } catch {
          return { appId: '0123456789abcdef0123456789abcdef', customerId: 'id', customerSecret: 'secret' }
        }
      },
    })),
  })),
  {
    name: 'mounts everything everywhere',
    caughtBy: ['agoraSignaling() mounted', 'under a prefix serves what is below it, and nothing else'],
    plan: mounts((all) => all.map(({ options }) => ({ options }))),
  },
  {
    name: 'mounts the first one alone',
    caughtBy: ['agoraSignaling() mounted', 'twice in one place lets the later one win'],
    plan: mounts((all) => all.slice(0, 1)),
  },
  {
    name: 'mounts the last one alone',
    caughtBy: ['agoraSignaling() mounted', 'twice lets the inner one win, as with any middleware'],
    plan: mounts((all) => all.slice(-1)),
  },
  {
    name: 'knows no other headers than Authorization',
    caughtBy: ['Agora is shown', 'the same in x-agora headers'],
    plan: mounts((all) =>
      all.map((mount) => {
        const { client, headerStyle: _, ...options } = mount.options
        return client === undefined ? { ...mount, options } : mount
      }),
    ),
  },
  ...['takes the call to Agora along', 'before its user is found sends nothing'].map((check): Lie => ({
    name: 'does not notice that its caller has gone',
    caughtBy: ['a caller that goes away', check],
    answer: (reply) => reply,
  })),
  {
    name: 'hangs up when it has answered',
    caughtBy: ['a caller that goes away', 'with its answer leaves work alone that goes on'],
    plan: routes((handle) => async (call) => {
      const answer = await handle(call)
      await closeConnections(call.getAgora())
      return answer
    }),
  },
  {
    name: 'closes a client that is not its own',
    caughtBy: ['shutting the site down', 'leaves a client open that the application made'],
    close: async (site, plan) => {
      await site.close()
      await Promise.all(plan.mounts.map(async ({ options }) => options.client?.close()))
    },
  },
  {
    name: 'leaves its connections open',
    caughtBy: ['shutting the site down', 'closes the connections to Agora'],
    close: async ({ server }) => void server.close(),
  },
  {
    name: 'cuts off what is under way',
    caughtBy: ['shutting the site down', 'waits for the calls under way'],
    close: async (site) => {
      site.server.closeAllConnections()
      await site.close()
    },
  },
  {
    name: 'remembers every client',
    caughtBy: ['memory', 'keeps nothing of a request: 40,000 leave less than 4 MB behind'],
    plan: (plan) => {
      const kept: SignalingClient[] = []
      return routes((handle) => (call) => {
        kept.push(call.getAgora())
        return handle(call)
      })(plan)
    },
  },
]
