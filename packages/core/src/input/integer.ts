/** Whether a value is a whole number within both bounds. */
export function isIntegerWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
}

export function isUint16(value: unknown): value is number {
  return isIntegerWithin(value, 0, 0xffff)
}

export function isUint32(value: unknown): value is number {
  return isIntegerWithin(value, 0, 0xffff_ffff)
}
