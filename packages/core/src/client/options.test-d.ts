import { createSignalingClient, loadCredentials } from '../index.js'
import type { AuthStrategy, SignalingClientOptions } from '../index.js'
import type { AgoraSignalingOptions } from '../adapter.js'

declare const auth: AuthStrategy
declare const token: string

const appId = '0123456789abcdef0123456789abcdef'
const customer = { customerId: 'id', customerSecret: 'secret' }
const certificate = { appCertificate: 'certificate', userId: 'server' }

// Each way to authenticate, and what goes with it.
createSignalingClient()
createSignalingClient({})
createSignalingClient({ appId })
createSignalingClient({ userId: 'server', timeoutMs: 1000 })
createSignalingClient({ appId, ...customer })
createSignalingClient({ appId, ...customer, ...certificate })
createSignalingClient({ appId, ...certificate, headerStyle: 'both' })
createSignalingClient({ appId, token, userId: 'server' })
createSignalingClient({ appId, token: () => token, userId: 'server' })
createSignalingClient({ appId, token: async () => token, userId: 'server' })
createSignalingClient({ appId, auth, appCertificate: 'certificate' })
createSignalingClient(loadCredentials())
createSignalingClient({ ...loadCredentials(), baseUrl: undefined })

// Two ways to authenticate.
// @ts-expect-error -- a strategy and a customer
createSignalingClient({ appId, auth, ...customer })
// @ts-expect-error -- a strategy and a token
createSignalingClient({ appId, auth, token, userId: 'server' })
// @ts-expect-error -- a token and a customer
createSignalingClient({ appId, token, userId: 'server', ...customer })
// @ts-expect-error -- a token and a certificate
createSignalingClient({ appId, token, ...certificate })

// Half of what a way needs.
// @ts-expect-error -- a customer without a secret
createSignalingClient({ appId, customerId: 'id' })
// @ts-expect-error -- a token without its user
createSignalingClient({ appId, token })
// @ts-expect-error -- a certificate without a user
createSignalingClient({ appId, appCertificate: 'certificate' })
// @ts-expect-error -- a strategy has its own user
createSignalingClient({ appId, auth, userId: 'server' })

// What there is not.
// @ts-expect-error -- another style
createSignalingClient({ appId, ...certificate, headerStyle: 'bearer' })
// @ts-expect-error -- a typing error
createSignalingClient({ appId, ...customer, timeout: 1000 })

// The same holds for middleware, where the user may also be found by a function.
interface HostRequest {
  readonly user?: string
}
type MiddlewareOptions = AgoraSignalingOptions<HostRequest>
const byRequest = { userId: ({ user }: HostRequest) => user }
export const accepted: readonly MiddlewareOptions[] = [
  {},
  byRequest,
  { ...customer, ...byRequest },
  { appCertificate: 'certificate', ...byRequest },
  { client: createSignalingClient(), ...byRequest },
  { tenant: { key: ({ user }: HostRequest) => user, options: () => customer } },
  { tenant: { key: async () => undefined, options: async () => customer, max: 10 } },
]
// @ts-expect-error -- a token and a customer
export const twoWays: MiddlewareOptions = { token, ...customer }
// @ts-expect-error -- a client has its options already
export const clientAndMore: MiddlewareOptions = { client: createSignalingClient(), timeoutMs: 1000 }
export const tenantOptions: SignalingClientOptions = { appId, ...customer }
