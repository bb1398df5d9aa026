import * as list from './list.js'

type List = typeof list
type Kind = List[keyof List]
type ServiceTypes = { readonly [Name in keyof List]: List[Name]['type'] }

/** The number that each service has in a token. */
export const ServiceType: ServiceTypes = numbersOf(list)

/** One of the service numbers. */
export type AccessToken2ServiceType = ServiceTypes[keyof ServiceTypes]

/** One service of a token: plain data, told apart by `type`. */
export type AccessToken2Service = ReturnType<Kind['read']>

type WithNumericAccount<Service> = Service extends { readonly account: string }
  ? Omit<Service, 'account'> & { readonly account: string | number }
  : Service

/** What a builder takes: a service whose `account` may also be a numeric uid (0: any user). */
export type AccessToken2ServiceInput = WithNumericAccount<AccessToken2Service>

const kinds: ReadonlyMap<unknown, Kind> = new Map(Object.values(list).map((kind) => [kind.type, kind]))

/** What is known of the service with a number; `undefined` for a number that this package does not know. */
export function findServiceKind(type: unknown): Kind | undefined {
  return kinds.get(type)
}

/** What is known of a service that is one of ours. */
export function serviceKind(type: AccessToken2ServiceType): Kind {
  const kind = kinds.get(type)
  if (kind === undefined) throw new TypeError(`there is no service ${type}`)
  return kind
}

/** Whether a value is the number of a service that this package can read. */
export function isServiceType(value: unknown): value is AccessToken2ServiceType {
  return kinds.has(value)
}

function numbersOf(services: List): ServiceTypes {
  const numbers = Object.fromEntries(Object.entries(services).map(([name, { type }]) => [name, type]))
  if (hasEveryNumber(numbers)) return Object.freeze(numbers)
  throw new TypeError('every service must have a number')
}

/** TypeScript cannot follow an object that is made of entries. */
function hasEveryNumber(numbers: object): numbers is ServiceTypes {
  return Object.entries(list).every(([name, { type }]) => Reflect.get(numbers, name) === type)
}
