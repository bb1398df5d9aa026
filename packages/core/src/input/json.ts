/** A JSON object from outside, before anything is known about its fields. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The field when it is a non-empty string, or a number written as one: some of Agora's samples leave IDs unquoted. */
export function textField(object: JsonObject, name: string): string | undefined {
  const value = object[name]
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The field if it is a list, else an empty list. Agora's servers write an empty list as `null`, or leave it out. */
export function listField(object: unknown, name: string): readonly unknown[] {
  const value = isJsonObject(object) ? object[name] : undefined
  return Array.isArray(value) ? value : []
}

/** The field when it is a number. JSON can spell numbers that are read as infinity. */
export function numberField(object: JsonObject, name: string): number | undefined {
  const value = object[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
