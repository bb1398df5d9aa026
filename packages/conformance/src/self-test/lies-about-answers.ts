import type { SitePlan } from '../rig.js'
import type { Lie, Reply } from './lying-rig.js'

function withoutHeader(name: string): (reply: Reply) => Reply {
  return ({ headers, ...reply }) => {
    const kept = new Headers(headers)
    kept.delete(name)
    return { ...reply, headers: kept }
  }
}

function status(from: number, to: number): (reply: Reply) => Reply {
  return (reply) => (reply.status === from ? { ...reply, status: to } : reply)
}

const errors = 'an error of an Agora call'

/** Lies about what callers are answered, and about what developers are told. */
export const liesAboutAnswers: readonly Lie[] = [
  {
    name: 'passes on that Agora refused',
    caughtBy: [errors, 'Agora refusing the server is our 502, never our caller’s 401'],
    answer: status(502, 401),
  },
  {
    name: 'answers 500 to every error',
    caughtBy: [errors, 'what the caller sent wrong is 400, with the reason'],
    answer: (reply) => (reply.status >= 400 ? { ...reply, status: 500 } : reply),
  },
  {
    name: 'answers the errors of the application',
    caughtBy: [errors, 'other errors of a route are the application’s, as they are'],
    answer: status(418, 502),
  },
  {
    name: 'keeps errors from the application',
    caughtBy: [
      'the user of a request',
      'is a matter for the application’s error handler when the callback throws',
    ],
    plan: (plan) => ({ ...plan, onOtherError: () => {} }),
  },
  {
    name: 'reports nothing',
    caughtBy: [errors, 'Agora’s 500 is our 502, ERR_UPSTREAM'],
    plan: (plan) => ({ ...plan, onReport: () => {} }),
  },
  {
    name: 'reports twice',
    caughtBy: [errors, 'no answer in time is our 504'],
    plan: (plan) => ({
      ...plan,
      onReport: (error) => {
        plan.onReport(error)
        plan.onReport(error)
      },
    }),
  },
  {
    name: 'reports what callers do wrong',
    caughtBy: [errors, 'what the caller sent wrong is 400, with the reason'],
    plan: reportingEverything,
  },
  {
    name: 'tells callers the reason',
    caughtBy: [errors, 'what is not set up is 500, and its reason is for the developer'],
    answer: (reply) => ({
      ...reply,
      body: reply.body.replace('"message":"', '"message":"The customer secret is wrong. '),
    }),
  },
  {
    name: 'answers with more than a code and a message',
    caughtBy: [errors, 'Agora’s 403 is our 502, ERR_FORBIDDEN'],
    answer: (reply) => ({ ...reply, body: reply.body.replace('{', '{"upstreamStatus":403,') }),
  },
  {
    name: 'lets caches keep errors',
    caughtBy: [errors, 'Agora’s 404 is our 502, ERR_NOT_FOUND'],
    answer: withoutHeader('cache-control'),
  },
  {
    name: 'drops the headers of the application',
    caughtBy: [errors, 'Agora’s 401 is our 502, ERR_UNAUTHORIZED'],
    answer: withoutHeader('x-of-the-application'),
  },
  ...['JSON with 401', 'a page with 502', 'no HTTP'].map((upstream): Lie => ({
    name: 'repeats what the upstream says',
    caughtBy: ['where nobody handles errors', `no caller sees what the upstream says: ${upstream}`],
    answer: (reply) => ({ ...reply, body: JSON.stringify({ message: 'Words-Of-The-Upstream' }) }),
  })),
  {
    name: 'lets caches keep tokens',
    caughtBy: ['tokenRoute()', 'gives the signed-in user a token to log in with, which no cache keeps'],
    answer: withoutHeader('cache-control'),
  },
  {
    name: 'forgets how long to wait',
    caughtBy: [errors, 'Agora’s 429 is our 503, to try again after as long as Agora says'],
    answer: withoutHeader('retry-after'),
  },
  {
    name: 'forgets which methods are allowed',
    caughtBy: ['notificationRoute()', 'is for POST alone: 405 with Allow'],
    answer: withoutHeader('allow'),
  },
  {
    name: 'answers every method',
    caughtBy: ['tokenRoute()', 'answers 405 with Allow to PUT'],
    answer: status(405, 200),
  },
  {
    name: 'calls its JSON something else',
    caughtBy: [errors, 'Agora’s 400 is our 502, ERR_BAD_REQUEST'],
    answer: ({ headers, ...reply }) => {
      const other = new Headers(headers)
      other.set('content-type', 'text/csv')
      return { ...reply, headers: other }
    },
  },
]

function reportingEverything(plan: SitePlan): SitePlan {
  return {
    ...plan,
    routes: plan.routes.map(({ path, handle }) => ({
      path,
      handle: async (call) => {
        try {
          return await handle(call)
        } catch (error) {
          plan.onReport(error)
          throw error
        }
      },
    })),
  }
}
