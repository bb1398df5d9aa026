import type { AgoraSignalingOptions, TokenRouteOptions } from '@agora-signaling/core/adapter'
import type { Caller } from './rig.js'

/** Options of a plan, for a framework's own requests. */
export function optionsForHost<HostRequest>(
  options: AgoraSignalingOptions<Caller>,
  callerOf: (request: HostRequest) => Caller,
): AgoraSignalingOptions<HostRequest> {
  const { userId, tenant, ...rest } = options
  return {
    ...rest,
    userId: typeof userId === 'function' ? (request) => userId(callerOf(request)) : userId,
    tenant: tenant === undefined ? undefined : { ...tenant, key: (request) => tenant.key(callerOf(request)) },
  }
}

/** The same for the token route. */
export function tokenOptionsForHost<HostRequest>(
  { userId, ttlSeconds, methods }: TokenRouteOptions<Caller>,
  callerOf: (request: HostRequest) => Caller,
): TokenRouteOptions<HostRequest> {
  return {
    userId: userId === undefined ? undefined : (request) => userId(callerOf(request)),
    ttlSeconds: typeof ttlSeconds === 'function' ? (request) => ttlSeconds(callerOf(request)) : ttlSeconds,
    methods,
  }
}
