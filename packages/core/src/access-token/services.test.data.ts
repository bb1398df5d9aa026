import * as fc from 'fast-check'
import { ServiceType } from './services/service-type.js'
import type { AccessToken2Service } from './services/service-type.js'
import { anyText } from './texts.test.data.js'

/*
 * Services as fast-check makes them: every kind, any legal privileges, texts of the whole of Unicode.
 */

const privileges = fc.dictionary(fc.nat(0xffff).map(String), fc.integer({ min: 0, max: 86_400 }), {
  maxKeys: 5,
  noNullPrototype: true,
})
const channelName = anyText(0, 64)
const account = anyText(0, 60)
const userId = anyText(1, 64)
const type = <Type extends number>(value: Type): fc.Arbitrary<Type> => fc.constant(value)

/** One entry per pair of numbers, in the order of the wire: what parsing gives back. */
const permissions = fc
  .uniqueArray(
    fc.record({
      resourceType: fc.nat(4),
      permissionType: fc.nat(1),
      resources: fc.array(anyText(0, 20), { maxLength: 3 }),
    }),
    { selector: ({ resourceType, permissionType }) => resourceType * 2 + permissionType, maxLength: 4 },
  )
  .map((list) =>
    list.toSorted(
      (left, right) => left.resourceType - right.resourceType || left.permissionType - right.permissionType,
    ),
  )

/** Any service that passes validation. */
export const anyService: fc.Arbitrary<AccessToken2Service> = fc.oneof(
  fc.record({ type: type(ServiceType.Rtc), privileges, channelName, account }),
  fc.record({ type: type(ServiceType.Rtm), privileges, userId }),
  fc.record({ type: type(ServiceType.Streaming), privileges, channelName, account }),
  fc.record({ type: type(ServiceType.Fpa), privileges }),
  fc.record({ type: type(ServiceType.Chat), privileges, userId }),
  fc.record({ type: type(ServiceType.Fcdn), privileges, channelName, account }),
  fc.record({
    type: type(ServiceType.Apaas),
    privileges,
    roomUuid: anyText(0, 40),
    userUuid: anyText(0, 40),
    role: fc.integer({ min: -0x8000, max: 0x7fff }),
  }),
  fc.record({ type: type(ServiceType.Rtm2), privileges, userId, permissions }),
  fc.record({ type: type(ServiceType.ConvoAi), privileges }),
  fc.record({ type: type(ServiceType.Stt), privileges }),
)

/** A few services in the order of the wire. */
export const anyServices: fc.Arbitrary<AccessToken2Service[]> = fc
  .array(anyService, { minLength: 1, maxLength: 6 })
  .map((list) => list.toSorted((left, right) => left.type - right.type))
