import type { SignalingClientOptions } from '@agora-signaling/core'
import { appId, customerId, customerSecret } from '../account.js'

/**
 * `bare`: without Signaling. `empty`: with a middleware that does nothing, for what the framework takes to call one.
 * `attached`: with Signaling. `callbacks`: with it, a `userId` and a `tenant` callback.
 */
export type Variant = 'bare' | 'empty' | 'attached' | 'callbacks'

/** Nothing is ever sent: the routes are empty. */
export const projectOptions: Readonly<Record<'appId' | 'customerId' | 'customerSecret' | 'baseUrl', string>> =
  { appId, customerId, customerSecret, baseUrl: 'http://127.0.0.1:9' }

const tenants: readonly SignalingClientOptions[] = Array.from({ length: 100 }, (_, index) => ({
  ...projectOptions,
  appId: index.toString(16).padStart(32, '0'),
}))

let requests = 0

/** Callbacks that find another user of one of a hundred tenants for each request, at no cost of their own. */
export const callbacks = {
  userId: (): string => `user-${++requests}`,
  tenant: {
    key: (): string => String(requests % tenants.length),
    options: (key: string): SignalingClientOptions => tenants[Number(key)] ?? projectOptions,
  },
} as const

export type HostStart = (variant: Variant) => Promise<string>
