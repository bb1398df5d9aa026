/** A JSON object from outside, before anything is known about its fields. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The field when it is a non-empty string, or a number written as one: some of Agora's samples leave IDs unquoted. */
export function textField(object: JsonObject, name: string): string | undefined {
  const value = object[name]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function numberField(object: JsonObject, name: string): number | undefined {
  const value = object[name]
  return typeof value === 'number' ? value : undefined
}
