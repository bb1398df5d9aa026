import { isRecord } from '../../input/describe.js'
import { checkOptions } from '../../input/options.js'
import { checkedByItsOwner } from '../../input/rule.js'
import type { Rule } from '../../input/rule.js'
import { textProblem } from '../../input/text.js'
import type { TextRule } from '../../input/text.js'
import { requireTtlSeconds } from '../../input/times.js'
import type { PayloadReader, PayloadWriter } from '../format/payload.js'
import type { Field } from './field.js'
import { readPrivileges, requirePrivileges, writePrivileges } from './privileges.js'
import type { ServicePrivileges } from './privileges.js'

/** What all services have. Each service adds its own fields. */
export interface ServiceOf<Type extends number> {
  /** The number of the service: see `ServiceType`. */
  readonly type: Type
  readonly privileges: ServicePrivileges
}

/** Whom a service is for, and where. */
export interface ServiceSubject {
  readonly userId?: string | undefined
  readonly channelName?: string | undefined
}

type FieldName<Service> = Exclude<Extract<keyof Service, string>, 'type' | 'privileges'>

interface Privilege<Options> {
  /** In words: `join channel`. */
  readonly name: string
  /** The option of the constructor that grants it and gives its lifetime. */
  readonly option: Extract<keyof Options, string>
  /** When the constructor grants it for as long as the token, though its option is left out. Default never. */
  readonly isGrantedWithout?: (options: Options) => boolean
}

/** All that is known of one service. */
export interface ServiceDescriptor<Service extends ServiceOf<number>, Options extends object> {
  readonly type: Service['type']
  /** Its name in messages: `RTC`. */
  readonly name: string
  /** Its constructor, as users write it: `rtcService()`. */
  readonly factory: string
  readonly privileges: Readonly<Record<number, Privilege<Options>>>
  /** In the order in which a token holds them. */
  readonly fields: { readonly [Name in FieldName<Service>]: Field<Service[Name]> }
  /** The fields that say whom the service is for, and where. */
  readonly subject?: { readonly userId?: FieldName<Service>; readonly channelName?: FieldName<Service> }
  /** Whether an empty user ID stands for any user. Only RTC has this. */
  readonly hasUserWildcard?: boolean
  /** What a user ID must keep to, also in a token that another builder made. Default anything goes. */
  readonly userRule?: TextRule
}

/** Makes, writes, reads and compares the services of one kind, as its descriptor says. */
export class ServiceKind<Service extends ServiceOf<number>, Options extends object> {
  readonly type: Service['type']
  readonly name: string
  readonly #descriptor: ServiceDescriptor<Service, Options>
  readonly #fields: readonly (readonly [name: string, field: Field<unknown>])[]
  readonly #options: Readonly<Record<string, Rule<unknown>>>

  constructor(descriptor: ServiceDescriptor<Service, Options>) {
    this.type = descriptor.type
    this.name = descriptor.name
    this.#descriptor = descriptor
    this.#fields = Object.entries<Field<unknown>>(descriptor.fields)
    const names = Object.values(descriptor.privileges).map(({ option }): string => option)
    this.#options = Object.fromEntries(
      [...names, ...Object.keys(descriptor.fields)].map((name) => [name, checkedByItsOwner]),
    )
  }

  /**
   * Makes a service of the options of its constructor.
   *
   * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
   * @throws {AgoraValidationError} naming the option that is malformed.
   */
  create(options: Options): Service {
    checkOptions<object>(this.#descriptor.factory, options, this.#options)
    const given: Readonly<Record<string, unknown>> = isRecord(options) ? options : {}
    const privileges: Record<number, number> = {}
    for (const [number, { option, isGrantedWithout }] of Object.entries(this.#descriptor.privileges)) {
      const seconds = given[option]
      if (seconds !== undefined) privileges[Number(number)] = requireTtlSeconds(seconds, option, 0)
      else if (isGrantedWithout?.(options) === true) privileges[Number(number)] = 0
    }
    return this.#assemble(privileges, (name, { byDefault, check }) =>
      check(given[name] === undefined ? byDefault : given[name], name, privileges),
    )
  }

  /**
   * Checks a service and writes it. Each property is read once, so that what was checked is what is signed.
   *
   * @param argument Its name in errors: `services[1]`.
   * @throws {AgoraValidationError} naming the property, `services[1].privileges[1]`.
   */
  write(writer: PayloadWriter, service: Readonly<Record<string, unknown>>, argument: string): void {
    const privileges = requirePrivileges(service['privileges'], `${argument}.privileges`)
    writer.u16(this.type)
    writePrivileges(writer, privileges)
    for (const [name, { write }] of this.#fields) {
      write(writer, service[name], `${argument}.${name}`, privileges)
    }
  }

  /**
   * Reads what follows the number of a service.
   *
   * @throws {AgoraTokenError} `ERR_TOKEN_STRUCTURE`
   */
  read(reader: PayloadReader): Service {
    return this.#assemble(readPrivileges(reader), (_name, { read }) => read(reader))
  }

  subjectOf(service: object): ServiceSubject {
    const { subject } = this.#descriptor
    return { userId: textIn(service, subject?.userId), channelName: textIn(service, subject?.channelName) }
  }

  /** Whether a service with this user ID lets everybody pass. */
  isForAnyUser(userId: string): boolean {
    return userId === '' && this.#descriptor.hasUserWildcard === true
  }

  /** Whether Agora would not take a user ID for this service, however well the token is signed. */
  isImpossibleUser(userId: string): boolean {
    const { userRule } = this.#descriptor
    return userRule !== undefined && textProblem(userId, userRule) !== undefined
  }

  /** A privilege in words: `privilege 1 (login)`. */
  privilegeName(privilege: number): string {
    const name = this.#descriptor.privileges[privilege]?.name
    return name === undefined ? `privilege ${privilege}` : `privilege ${privilege} (${name})`
  }

  #assemble(
    privileges: ServicePrivileges,
    valueOf: (name: string, field: Field<unknown>) => unknown,
  ): Service {
    const service: Record<string, unknown> = { type: this.type, privileges }
    for (const [name, field] of this.#fields) service[name] = valueOf(name, field)
    if (this.#isWhole(service)) return service
    throw new TypeError(`${this.#descriptor.factory} must give every field a value`)
  }

  /** TypeScript cannot follow an object that is put together field by field. The type of each field is checked. */
  #isWhole(service: object): service is Service {
    return this.#fields.every(([name]) => name in service)
  }
}

function textIn(service: object, name: string | undefined): string | undefined {
  const value: unknown = name === undefined ? undefined : Reflect.get(service, name)
  return typeof value === 'string' ? value : undefined
}
