import { expect, test } from 'vitest'
import { sendWithInterruptions } from '../test-support/interrupted-sendings.js'

test.each([1, 2])(
  '100,000 messages, interrupted at any moment and resumed, arrive exactly once each (seed %i)',
  { timeout: 600_000 },
  async (seed) => {
    const count = 100_000
    const { arrivals, interruptions, succeeded, failed, leftBehind } = await sendWithInterruptions(
      count,
      seed,
    )
    expect(arrivals.filter((times) => times !== 1)).toHaveLength(0)
    expect({ succeeded, failed }).toEqual({ succeeded: count, failed: 0 })
    expect(interruptions).toBeGreaterThan(100)
    expect(leftBehind).toBeGreaterThan(1000)
  },
)
