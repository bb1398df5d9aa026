/** The most arrivals within one second, wherever it begins. */
export function mostInASecond(arrivalsMs: readonly number[]): number {
  const sorted = arrivalsMs.toSorted((a, b) => a - b)
  let most = 0
  let first = 0
  for (const [last, arrivedMs] of sorted.entries()) {
    while (arrivedMs - (sorted[first] ?? arrivedMs) >= 1000) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}
