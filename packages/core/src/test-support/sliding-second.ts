/**
 * The most arrivals within one second, wherever it begins.
 *
 * @param stoodStillMs How long the process that noted the arrivals stood still at most. What arrived meanwhile was noted late, all at
 * once: so a second of its notes stands for a longer time, and only the rest of it is counted.
 */
export function mostInASecond(arrivalsMs: readonly number[], stoodStillMs = 0): number {
  const windowMs = 1000 - stoodStillMs
  const sorted = arrivalsMs.toSorted((a, b) => a - b)
  let most = 0
  let first = 0
  for (const [last, arrivedMs] of sorted.entries()) {
    while (arrivedMs - (sorted[first] ?? arrivedMs) >= windowMs) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}
