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
  ['silent', []],
  ['error', ['error']],
  ['warn', ['error', 'warn']],
  ['info', ['error', 'warn', 'info']],
  ['debug', ['error', 'warn', 'info', 'debug']],
] as const)('at level %s, the logger is told of %j', (level, heard) => {
  const logger = fakeLogger()
  const log = new Log(logger, level)
  for (const method of ['error', 'warn', 'info', 'debug'] as const) {
    log[method]('something')
    expect(logger[method]).toHaveBeenCalledTimes(heard.some((one) => one === method) ? 1 : 0)
  }
})

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

test('an unknown level is refused, naming the option and the variable', () => {
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
