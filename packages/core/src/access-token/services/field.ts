import { AgoraValidationError } from '../../errors.js'
import { describe } from '../../input/describe.js'
import { isUint32 } from '../../input/integer.js'
import { requireText } from '../../input/text.js'
import type { TextRule } from '../../input/text.js'
import type { PayloadReader, PayloadWriter } from '../format/payload.js'
import type { ServicePrivileges } from './privileges.js'

/** How one kind of value stands in a token. `what` names it for errors: `a user ID`. */
export interface Codec<Value> {
  readonly read: (reader: PayloadReader, what: string) => Value
  readonly write: (writer: PayloadWriter, value: Value) => void
}

/** Which values a builder takes, and the form in which they are written. */
export type FieldRule<Value> = (value: unknown, argument: string, privileges: ServicePrivileges) => Value

/** One field of a service: all that is known of it but its name. */
export interface Field<Value> {
  readonly read: (reader: PayloadReader) => Value
  /** @throws {AgoraValidationError} naming the argument. */
  readonly check: FieldRule<Value>
  /** Checks a value and writes what was checked. */
  readonly write: (
    writer: PayloadWriter,
    value: unknown,
    argument: string,
    privileges: ServicePrivileges,
  ) => void
  /** What the constructor of the service takes when the option is left out. Without one, the option is required. */
  readonly byDefault?: Value
}

/** Makes a field of a codec and a rule. */
export function field<Value>(
  codec: Codec<Value>,
  what: string,
  rule: FieldRule<Value>,
  ...byDefault: readonly Value[]
): Field<Value> {
  const [defaultValue] = byDefault
  return {
    read: (reader) => codec.read(reader, what),
    check: rule,
    write: (writer, value, argument, privileges) => {
      codec.write(writer, rule(value, argument, privileges))
    },
    ...(defaultValue === undefined ? undefined : { byDefault: defaultValue }),
  }
}

export const textCodec: Codec<string> = {
  read: (reader, what) => reader.text(what),
  write: (writer, value) => {
    writer.text(value)
  },
}

/** A rule for texts. */
export function textOf(rule: TextRule): FieldRule<string> {
  return (value, argument) => requireText(value, argument, rule)
}

// Lengths as Agora documents them: channel names and Signaling user IDs 64 bytes, RTC accounts 255. No page gives a
// length for the others. The wire format has 16 bits for it.

/** Also for tokens of other builders: Signaling has no user without a name. */
export const signalingUser: TextRule = { code: 'ERR_INVALID_USER_ID', minBytes: 1, maxBytes: 64 }
const channel: TextRule = { code: 'ERR_INVALID_CHANNEL', minBytes: 0, maxBytes: 64 }
const accountText: TextRule = { code: 'ERR_INVALID_USER_ID', minBytes: 0, maxBytes: 255 }

/** Any text that a token can hold. */
export const anyText: TextRule = { code: 'ERR_INVALID_SERVICE', minBytes: 0, maxBytes: 0xffff }

/** Any user ID that a token can hold, also none. */
export const anyUser: TextRule = { code: 'ERR_INVALID_USER_ID', minBytes: 0, maxBytes: 0xffff }

/** The user of a Signaling service. It is never empty: an empty one would be nobody. */
export const signalingUserId: Field<string> = field(textCodec, 'a user ID', textOf(signalingUser))

export const channelName: Field<string> = field(textCodec, 'a channel name', textOf(channel))

/** An account as text. A numeric uid becomes its decimal text. The uid 0 becomes the empty text: any user. */
export const account: Field<string> = field(textCodec, 'an account', (value, argument) => {
  if (typeof value !== 'number') return requireText(value, argument, accountText)
  if (isUint32(value)) return value === 0 ? '' : String(value)
  throw new AgoraValidationError(
    'ERR_INVALID_USER_ID',
    argument,
    `${argument} as a number must be a whole number from 0 to 4294967295, got ${describe(value)}.`,
  )
})
