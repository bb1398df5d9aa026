import { expect, test } from 'vitest'
import { sendWithInterruptions } from '../test-support/interrupted-sendings.js'

// The same with 100,000 messages: send-many-interrupted.soak.test.ts.
test(
  'a sending that is interrupted at any moment and resumed sends each message exactly once',
  { timeout: 60_000 },
  async () => {
    const count = 3000
    const { arrivals, interruptions, succeeded, failed, leftBehind } = await sendWithInterruptions(count, 1)
    expect(arrivals.filter((times) => times !== 1)).toHaveLength(0)
    expect({ succeeded, failed }).toEqual({ succeeded: count, failed: 0 })
    // Otherwise the test would have shown little.
    expect(interruptions).toBeGreaterThan(20)
    expect(leftBehind).toBeGreaterThan(20)
  },
)
