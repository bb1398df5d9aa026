import { createHmac, randomUUID } from 'node:crypto'
import type { NotificationRouteOptions, TokenRouteOptions } from '@agora-signaling/core/adapter'
import type { Caller, SitePlan } from '../rig.js'
import type { Lie } from './lying-rig.js'

function tokens(
  change: (options: TokenRouteOptions<Caller>) => TokenRouteOptions<Caller>,
): (plan: SitePlan) => SitePlan {
  return ({ tokenRoute, ...plan }) =>
    tokenRoute === undefined
      ? plan
      : { ...plan, tokenRoute: { ...tokenRoute, options: change(tokenRoute.options) } }
}

function notifications(
  change: (options: NotificationRouteOptions) => NotificationRouteOptions,
): (plan: SitePlan) => SitePlan {
  return ({ notificationRoute, ...plan }) =>
    notificationRoute === undefined
      ? plan
      : {
          ...plan,
          notificationRoute: { ...notificationRoute, options: change(notificationRoute.options) },
        }
}

/** Lies about the token route. */
export const liesAboutTokens: readonly Lie[] = [
  {
    name: 'believes what callers say of themselves',
    caughtBy: ['tokenRoute()', 'takes no user ID from the request itself'],
    plan: tokens((options) => ({ ...options, userId: (caller) => caller.header('x-agora-uid') })),
  },
  {
    name: 'gives a token to everybody',
    caughtBy: ['tokenRoute()', 'says so, and gives a token to nobody, when nothing says who the user is'],
    plan: tokens((options) => ({ ...options, userId: () => 'somebody' })),
  },
  {
    name: 'knows no options of the token route',
    caughtBy: ['tokenRoute()', 'lets ttlSeconds be a function that takes its time'],
    plan: tokens(() => ({})),
  },
  {
    name: 'shortens lifetimes that are too long',
    caughtBy: ['tokenRoute()', 'gives no token for more than a day: a number stops the start'],
    plan: tokens((options) => ({ ...options, ttlSeconds: 3600 })),
  },
]

/** Lies about the notification route. */
export const liesAboutNotifications: readonly Lie[] = [
  {
    name: 'writes parsed bodies again',
    caughtBy: ['notificationRoute()', 'verifies the exact bytes of the body'],
    request: ({ headers, body }) => ({ headers, body: Buffer.from(writtenAgain(body.toString('utf8'))) }),
  },
  {
    name: 'says nothing of bytes that are gone',
    caughtBy: [
      'notificationRoute()',
      'behind a body parser works, or says loudly that the bytes are gone: 500',
    ],
    plan: notifications((options) => ({ ...options, onError: () => {} })),
  },
  ...['of another secret', 'of another body', 'that is missing', 'that is only the older one (SHA-1)'].map(
    (which): Lie => ({
      name: 'believes every signature',
      caughtBy: ['notificationRoute()', `refuses a signature ${which}: 401, and the developer is told`],
      request: ({ headers, body }) => {
        const signed = new Headers(headers)
        const signature = createHmac('sha256', 'webhook-secret').update(body).digest('hex')
        signed.set('agora-signature-v2', signature)
        return { headers: signed, body }
      },
    }),
  ),
  {
    name: 'takes the older signature where the newer one is wrong',
    caughtBy: [
      'notificationRoute()',
      'refuses a signature that is wrong, while the older one is right and allowed: 401, and the developer is told',
    ],
    request: ({ headers, body }) => {
      const older = new Headers(headers)
      older.delete('agora-signature-v2')
      return { headers: older, body }
    },
  },
  {
    name: 'refuses the older signature always',
    caughtBy: ['notificationRoute()', 'accepts the older signature (SHA-1) when told to'],
    plan: notifications((options) => ({ ...options, allowSha1: false })),
  },
  {
    name: 'accepts the older signature always',
    caughtBy: [
      'notificationRoute()',
      'refuses a signature that is only the older one (SHA-1): 401, and the developer is told',
    ],
    plan: notifications((options) => ({ ...options, allowSha1: true })),
  },
  {
    name: 'knows one secret',
    caughtBy: ['notificationRoute()', 'accepts several secrets while one replaces another'],
    plan: notifications(({ secret, ...options }) => ({
      ...options,
      secret: typeof secret === 'string' ? secret : secret?.[0],
    })),
  },
  {
    name: 'has a secret of its own',
    caughtBy: ['notificationRoute()', 'without a secret stops the start'],
    plan: notifications(({ secret = 'secret', ...options }) => ({ ...options, secret })),
  },
  {
    name: 'handles duplicates',
    caughtBy: [
      'notificationRoute()',
      'handles a notification once, however often Agora sends it, and answers 200 each time',
    ],
    plan: notifications((options) => ({ ...options, key: () => randomUUID() })),
  },
  {
    name: 'says 200 when the handler fails',
    caughtBy: ['notificationRoute()', 'answers 500 when the handler fails, and handles the resend'],
    plan: notifications(({ onNotification, ...options }) => ({
      ...options,
      onNotification: async (notification) => {
        try {
          await onNotification(notification)
        } catch {
          // This is the lie.
        }
      },
    })),
  },
  {
    name: 'drops notifications',
    caughtBy: [
      'notificationRoute()',
      'hands a signed notification to the handler, and answers 200 with JSON',
    ],
    plan: notifications((options) => ({ ...options, onNotification: () => {} })),
  },
  {
    name: 'takes test events in earnest',
    caughtBy: ['notificationRoute()', 'answers the console’s test events, and keeps them from the handler'],
    plan: notifications((options) => ({ ...options, onTestEvent: options.onNotification })),
  },
]

function writtenAgain(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}
