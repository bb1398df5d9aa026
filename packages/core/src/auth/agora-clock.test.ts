import { describe, expect, test, vi } from 'vitest'
import { Log } from '../logger.js'
import { AgoraClock } from './agora-clock.js'

type Line = (message: string, details?: object) => void

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const machineMs = Date.UTC(2026, 0)

/** A machine whose clock says what it is told to, and the clock of a client on it. */
function setUp(logLevel = 'info') {
  const machine = { wallMs: machineMs, monotonicMs: 0 }
  const logger = { debug: vi.fn<Line>(), info: vi.fn<Line>(), warn: vi.fn<Line>(), error: vi.fn<Line>() }
  const runtime = { wallClockMs: () => machine.wallMs, monotonicMs: () => machine.monotonicMs }
  const clock = new AgoraClock(runtime, new Log(logger, logLevel))
  const hear = (
    date: string | undefined,
    {
      status = 401,
      durationMs = 0,
      isEmulator = false,
    }: { status?: number; durationMs?: number; isEmulator?: boolean } = {},
  ): number => {
    clock.hear({ status, date, durationMs, isEmulator })
    return clock.nowMs() - machine.wallMs
  }
  const ahead = (ms: number): string => new Date(machine.wallMs + ms).toUTCString()
  return { machine, logger, clock, hear, ahead }
}

describe('a clock that is wrong is corrected, up to an hour either way,', () => {
  test.each([31 * second, 10 * minute, hour, -31 * second, -10 * minute, -hour])('by %i ms', (ms) => {
    const { hear, ahead, logger } = setUp()
    // The header has no milliseconds: a clock that is ahead may be so by one second less.
    expect(Math.abs(hear(ahead(ms)) - ms)).toBeLessThan(second)
    expect(logger.warn).toHaveBeenCalledOnce()
    expect(logger.warn.mock.calls[0]?.[0]).toMatch(ms > 0 ? /\d+ s behind Agora's/ : /\d+ s ahead of Agora's/)
  })

  test.each([0, 29 * second, -29 * second])('and a difference of %i ms is none', (ms) => {
    const { hear, ahead, logger } = setUp()
    expect(hear(ahead(ms))).toBe(0)
    expect(logger.warn).not.toHaveBeenCalled()
  })
})

describe('an absurd date changes nothing and is told once:', () => {
  test.each([
    ['of the year 9999', 'Fri, 31 Dec 9999 23:59:59 GMT'],
    ['of the year 2200', 'Wed, 01 Jan 2200 00:00:00 GMT'],
    ['of the year 1960', 'Fri, 01 Jan 1960 00:00:00 GMT'],
    ['of tomorrow', new Date(machineMs + 24 * hour).toUTCString()],
    ['an hour and a second ahead', new Date(machineMs + hour + second).toUTCString()],
    ['two hours back', new Date(machineMs - 2 * hour).toUTCString()],
  ])('a date %s', (_, date) => {
    const { hear, logger } = setUp()
    expect(hear(date)).toBe(0)
    expect(hear(date)).toBe(0)
    expect(logger.error).toHaveBeenCalledOnce()
    expect(logger.error.mock.calls[0]?.[0]).toMatch(/too far for a correction.*baseUrl/)
    expect(logger.warn).not.toHaveBeenCalled()
  })

  test.each([undefined, '', 'garbage', '0', '-5', '2026', 'Thu, 99 Foo 2026 00:00:00 GMT'])(
    'the date %j is none',
    (date) => {
      const { hear, logger } = setUp()
      expect(hear(date)).toBe(0)
      expect(logger.error).not.toHaveBeenCalled()
    },
  )

  test('it does not take away a correction that was measured before', () => {
    const { hear, ahead } = setUp()
    const corrected = hear(ahead(10 * minute))
    expect(hear('Fri, 31 Dec 9999 23:59:59 GMT')).toBe(corrected)
  })
})

test('rising dates collect no token that is dated more than an hour ahead', () => {
  const { hear, machine } = setUp()
  for (let ms = 0; ms < 10 * 365 * 24 * hour; ms = ms * 1.1 + 20 * second) {
    machine.monotonicMs += second
    machine.wallMs += second
    expect(hear(new Date(machine.wallMs + ms).toUTCString())).toBeLessThanOrEqual(hour)
  }
})

describe('a correction is measured again', () => {
  test.each([200, 401, 404, 500])('by an answer %i, and goes away when the clock was set right', (status) => {
    const { hear, ahead, machine, logger } = setUp()
    hear(ahead(10 * minute))
    machine.wallMs += 10 * minute
    expect(hear(ahead(0), { status })).toBe(0)
    expect(logger.info).toHaveBeenCalledOnce()
    // And is told again, should it be wrong again.
    hear(ahead(-5 * minute))
    expect(logger.warn).toHaveBeenCalledTimes(2)
  })

  test('as long as it holds, nothing is told again', () => {
    const { hear, ahead, logger } = setUp()
    for (let index = 0; index < 10; index++) hear(ahead(10 * minute + index * second), { status: 200 })
    expect(logger.warn).toHaveBeenCalledOnce()
  })
})

describe('successful answers', () => {
  test('tell of a clock that is wrong, once: with Basic nothing else does', () => {
    const { hear, ahead, logger } = setUp()
    for (let index = 0; index < 10; index++) hear(ahead(5 * minute), { status: 200 })
    expect(logger.warn).toHaveBeenCalledOnce()
  })

  test('are looked at again after a minute', () => {
    const { hear, ahead, machine } = setUp()
    hear(ahead(0), { status: 200 })
    machine.monotonicMs += 59 * second
    expect(hear(ahead(5 * minute), { status: 200 })).toBe(0)
    machine.monotonicMs += second
    expect(hear(ahead(5 * minute), { status: 200 })).toBe(5 * minute)
  })
})

test.each([
  ['took long', 50 * second],
  ['was read late, as the event loop stood still', 10 * minute],
])('an answer that %s says nothing about the clock', (_, durationMs) => {
  const { hear, ahead, logger } = setUp()
  // Written when the request arrived, and when the answer was about to be read.
  expect(hear(ahead(-durationMs), { durationMs })).toBe(0)
  expect(hear(ahead(-second), { durationMs })).toBe(0)
  expect(logger.warn).not.toHaveBeenCalled()
})

describe('an emulator', () => {
  test('may live at any time that a token can have, and is told once', () => {
    const { hear, machine, logger } = setUp()
    const itsMs = Date.UTC(2031, 5)
    for (let index = 0; index < 3; index++) {
      machine.wallMs += hour
      expect(machine.wallMs + hear(new Date(itsMs).toUTCString(), { isEmulator: true })).toBe(itsMs)
      // Its clock may stand still, also for calls that succeed.
      machine.wallMs += minute
      expect(machine.wallMs + hear(new Date(itsMs).toUTCString(), { status: 200 })).toBe(itsMs)
    }
    expect(logger.warn).toHaveBeenCalledOnce()
    expect(logger.error).not.toHaveBeenCalled()
  })

  test.each([
    'Fri, 31 Dec 9999 23:59:59 GMT',
    'Wed, 01 Jan 2200 00:00:00 GMT',
    'Fri, 01 Jan 1960 00:00:00 GMT',
  ])('cannot live at %s', (date) => {
    expect(setUp().hear(date, { isEmulator: true })).toBe(0)
  })
})
