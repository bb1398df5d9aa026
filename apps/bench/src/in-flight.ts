/** Does a task `count` times, `concurrency` of them at a time. */
export async function inFlight(
  count: number,
  concurrency: number,
  task: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await task(next++)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
}
