import type { SignalingClient } from '@agora-signaling/core'
import { createClientContext, UnavailableClient } from '@agora-signaling/core/adapter'
import type { AgoraSignalingOptions, ClientContext } from '@agora-signaling/core/adapter'
import type { HostRequest } from './http.js'
import { moduleName, requireModuleOptions } from './module-options.js'
import type { AgoraModuleOptions } from './options.js'

export const moduleOptions: unique symbol = Symbol('options of @agora-signaling/nestjs')

/** Injects what finds the client of a request. */
export const requestClients: unique symbol = Symbol('clients of requests')

/** Injects what makes and closes the back end's own client. */
export const ownClient: unique symbol = Symbol('own client')

export interface OwnClient {
  readonly client: SignalingClient | UnavailableClient
  close(): Promise<void>
}

export async function createOwnClient(options: AgoraModuleOptions<HostRequest>): Promise<OwnClient> {
  requireModuleOptions(options)
  const { userId, tenant: _tenant, ...credentials } = signalingOptions(options)
  const ownUserId = typeof userId === 'string' ? userId : undefined
  try {
    const context = createClientContext<void>({ ...credentials, userId: ownUserId }, moduleName)
    return { client: await context.clientFor(), close: () => context.close() }
  } catch (error) {
    // With `tenant` there need not be one. Without, the clients of requests stop the start with the same error.
    return { client: new UnavailableClient(error), close: async () => {} }
  }
}

/** @param client What the container has for the own client: a test may have put another there. */
export function createRequestClients(
  options: AgoraModuleOptions<HostRequest>,
  client: OwnClient['client'],
): ClientContext<HostRequest> {
  const signaling = signalingOptions(options)
  if (client instanceof UnavailableClient) return createClientContext(signaling, moduleName)
  const { userId, tenant } = signaling
  return createClientContext(
    { client, tenant, userId: typeof userId === 'function' ? userId : undefined },
    moduleName,
  )
}

function signalingOptions(options: AgoraModuleOptions<HostRequest>): AgoraSignalingOptions<HostRequest> {
  const { tokenRoute: _token, notificationRoute: _notification, ...signaling } = options
  return signaling
}
