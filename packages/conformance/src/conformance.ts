import { describe, test } from 'vitest'
import { withBench } from './bench.js'
import type { Section } from './check.js'
import { answersToErrors } from './checks/answers-to-errors.js'
import { authenticationModes } from './checks/authentication-modes.js'
import { callersThatLeave } from './checks/callers-that-leave.js'
import { clientOfARequest } from './checks/client-of-a-request.js'
import { interleavedRequests } from './checks/interleaved-requests.js'
import { memoryOver } from './checks/memory.js'
import { notificationRoute } from './checks/notification-route.js'
import { shutdown } from './checks/shutdown.js'
import { tenants } from './checks/tenants.js'
import { tokenRoute } from './checks/token-route.js'
import { userOfARequest } from './checks/user-of-a-request.js'
import { whereItIsMounted } from './checks/where-it-is-mounted.js'
import { withoutErrorHandlers } from './checks/without-error-handlers.js'
import type { Rig } from './rig.js'

/** Everything that holds for every adapter. */
export const sections: readonly Section[] = [
  clientOfARequest,
  userOfARequest,
  tenants,
  interleavedRequests,
  whereItIsMounted,
  authenticationModes,
  tokenRoute,
  notificationRoute,
  answersToErrors,
  withoutErrorHandlers,
  callersThatLeave,
  shutdown,
  memoryOver(40_000),
]

/** For the check that measures memory, on a busy machine; the others take milliseconds. */
export const patienceMs = 120_000

/**
 * Makes the tests of an adapter: one for each check.
 *
 * @param name The framework and its version, for instance `Express 5`.
 * @param of The sections to check. Default: all.
 */
export function defineAdapterConformance(name: string, rig: Rig, of: readonly Section[] = sections): void {
  describe.each([name])('%s', () => {
    describe.each(of)('%s', (_title, checks) => {
      // oxlint-disable-next-line vitest/expect-expect -- the check expects
      test.each(checks)('%s', (_name, run) => withBench(rig, run), patienceMs)
    })
  })
}
