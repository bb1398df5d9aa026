/** Marks a client, also one of another copy of this package, where `instanceof` does not help. */
export const clientBrand: unique symbol = Symbol.for('@agora-signaling/core.client')

/** Whether a value carries the mark of a client. */
export function hasClientBrand(value: unknown): value is object {
  return typeof value === 'object' && value !== null && clientBrand in value
}
