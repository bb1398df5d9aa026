import { accessToken2Auth, createSignalingClient } from '@agora-signaling/core'
import { afterEach, describe, expect, test } from 'vitest'
import { createEmulator } from './emulator.js'
import type { Emulator } from './emulator.js'
import type { EmulatorOptions } from './options.js'
import { anyOf, matching, sendRaw, TestEmulator } from './rest.test.support.js'

const standing = (): number => 1_800_000_000_000

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function start(options: EmulatorOptions): Promise<Emulator> {
  const emulator = await createEmulator(options)
  closing.push(() => emulator.close())
  return emulator
}

describe('now is the clock of every answer', () => {
  const now = Date.parse('2027-01-01T12:34:56.789Z')

  test.each([
    ['a call that is served', '/dev/v1/projects', 200],
    ['a call that is refused', '/dev/v1/nothing', 404],
    ['a control', '/_emulator/messages', 200],
    ['a control that is refused', '/_emulator/nothing', 404],
    ['a path that cannot be read', '/dev\\v1', 400],
    ['a request that is no HTTP', '/a b', 400],
  ])('%s has its Date', async (_, path, status) => {
    const { emulator, basic } = new TestEmulator(await start({ now: () => now }))
    const headers = `Host: localhost\r\nAuthorization: ${basic.authorization}\r\n`
    const answer = await sendRaw(emulator.url, `GET ${path} HTTP/1.1\r\n${headers}\r\n`)
    expect(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]).toBe(String(status))
    expect(answer.match(/^date: .*$/gim)).toEqual([matching(/^date: Fri, 01 Jan 2027 12:34:56 GMT$/i)])
  })

  test('it moves when the clock moves', async () => {
    let time = now
    const rig = new TestEmulator(await start({ now: () => time }))
    await rig.get('/dev/v1/projects')
    time += 86_400_000
    expect((await rig.get('/dev/v1/projects')).headers['date']).toBe('Sat, 02 Jan 2027 12:34:56 GMT')
  })
})

describe('a client that makes its own tokens is served', () => {
  // The README's recipe is the first.
  test.each([
    ['a clock that stands still in 2027', () => Date.parse('2027-01-01')],
    ['a clock that is an hour ahead', () => Date.now() + 3_600_000],
    ['a clock that is an hour behind', () => Date.now() - 3_600_000],
  ])('by an emulator with %s', async (_, now) => {
    const emulator = await start({ now })
    const { appId, appCertificate } = emulator.credentials
    const auth = accessToken2Auth({ appId, appCertificate, userId: 'alice' })
    const client = createSignalingClient({ appId, auth, baseUrl: emulator.url })
    closing.push(() => client.close())
    await client.messages.sendToChannel({ channel: 'lobby', payload: 'Happy new year' })
    expect(emulator.messages()).toMatchObject([{ from: 'alice', at: anyOf(Date) }])
  })
})

describe('a clock that is none', () => {
  test.each([
    ['text', () => '2027-01-01'],
    ['a Date', () => new Date()],
    ['NaN', () => Number.NaN],
    ['a time before 1970', () => -1],
    ['microseconds', () => Date.now() * 1_000],
    ['nothing', () => undefined],
  ])('gives %s: refused at the start', async (_, now) => {
    const options: EmulatorOptions = {}
    Object.assign(options, { now })
    await expect(start(options)).rejects.toThrow(
      'now of createEmulator() must give Unix time in milliseconds, a number like Date.now().',
    )
  })

  test.each([
    ['gives no time', () => Number.NaN],
    [
      'throws',
      () => {
        throw new Error('out of order')
      },
    ],
  ])('later %s: that is said, the time stands still, and the emulator lives', async (_, broken) => {
    let now: () => number = standing
    const warnings: string[] = []
    const emulator = await start({ now: () => now(), onWarning: (warning) => warnings.push(warning) })
    now = broken
    expect(await new TestEmulator(emulator).sendPeer()).toMatchObject({ status: 200 })
    expect(emulator.requests()).toMatchObject([{ at: new Date(1_800_000_000_000) }])
    expect(warnings).toEqual([matching(/^now of createEmulator\(\) must give .* the time stands still\.$/)])
  })
})
