import { expect, test, vi } from 'vitest'
import { Log } from './logger.js'
import { thrownBy } from './test-support/failures.js'

type Method = (message: string, details?: object) => void

const fakeLogger = () => ({
  debug: vi.fn<Method>(),
  info: vi.fn<Method>(),
  warn: vi.fn<Method>(),
  error: vi.fn<Method>(),
})

test.each([
  ['silent', 0, 0, 0],
  ['error', 1, 0, 0],
  ['warn', 1, 1, 0],
  ['info', 1, 1, 0],
  ['debug', 1, 1, 1],
] as const)(
  'at level %s, %i errors, %i warnings and %i details are told',
  (level, errors, warnings, details) => {
    const logger = fakeLogger()
    const log = new Log(logger, level)
    log.error('something')
    log.warn('something')
    log.debug('something')
    expect(logger.error).toHaveBeenCalledTimes(errors)
    expect(logger.warn).toHaveBeenCalledTimes(warnings)
    expect(logger.debug).toHaveBeenCalledTimes(details)
  },
)

test('warnings are told when nothing is said about levels', () => {
  const logger = fakeLogger()
  new Log(logger, undefined).warn('something', { host: 'api.agora.io' })
  expect(logger.warn).toHaveBeenCalledWith('something', { host: 'api.agora.io' })
})

test('the logger is called as it is, so that its own state is there', () => {
  class Counting {
    count = 0
    debug(): void {
      this.count += 1
    }
    info(): void {}
    warn(): void {}
    error(): void {}
  }
  const logger = new Counting()
  new Log(logger, 'debug').debug('something')
  expect(logger.count).toBe(1)
})

test('a level that is none is refused, naming the option and the variable', () => {
  const error = thrownBy(() => new Log(console, 'verbose'))
  expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
  expect(error.message).toMatch(/logLevel.*AGORA_LOG_LEVEL.*silent, error, warn, info, debug/)
})

const fail = (): never => {
  throw new Error('disk full')
}

test.each(['error', 'warn', 'debug'] as const)('a logger whose %s() throws harms nobody', (method) => {
  const log = new Log({ debug: fail, info: fail, warn: fail, error: fail }, 'debug')
  expect(() => log[method]('something')).not.toThrow()
})
