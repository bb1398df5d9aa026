import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { thrownBy } from '../test-support/failures.js'
import { matching } from '../test-support/matchers.js'
import { redisAnswers, redisUrl } from '../test-support/redis.js'
import { RedisNotificationStore } from '../test-support/redis-notification-store.js'
import { MemoryNotificationStore } from './store.js'
import type { NotificationStore } from './store.js'

const redis = (await redisAnswers()) ? new Redis(redisUrl) : undefined
afterAll(() => redis?.disconnect())

const stores: [string, () => NotificationStore][] = [
  ['the memory of a process', () => new MemoryNotificationStore()],
]
if (redis !== undefined) stores.push(['Redis, as in the README', () => new RedisNotificationStore(redis)])

const longMs = 60_000

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

describe.each(stores)('%s', (_, open) => {
  let store = open()
  let key = ''
  beforeEach(() => {
    store = open()
    key = `agora-signaling-test-${randomUUID()}`
  })

  test('gives a notification to the first who claims it, and to nobody else', async () => {
    const claims = await Promise.all(['a', 'b', 'c'].map(async (owner) => store.claim(key, owner, longMs)))
    expect(claims).toEqual(['claimed', 'in-progress', 'in-progress'])
    expect(await store.claim(`${key}-other`, 'b', longMs)).toBe('claimed')
  })

  test('knows for as long as it is told that a notification is done', async () => {
    await store.claim(key, 'a', longMs)
    await store.settle(key, 'a', 1)
    expect([await store.claim(key, 'a', longMs), await store.claim(key, 'b', longMs)]).toEqual([
      'done',
      'done',
    ])
    await expect.poll(() => store.claim(key, 'b', longMs), { timeout: 10_000 }).toBe('claimed')
  })

  test('gives it to another when its owner failed', async () => {
    await store.claim(key, 'a', longMs)
    await store.release(key, 'a')
    expect(await store.claim(key, 'b', longMs)).toBe('claimed')
  })

  test('gives it to another when its owner died: the lease ends', async () => {
    await store.claim(key, 'a', 50)
    await expect.poll(() => store.claim(key, 'b', longMs), { timeout: 10_000 }).toBe('claimed')
  })

  test('renews the lease of its owner', async () => {
    expect(await store.claim(key, 'a', 50)).toBe('claimed')
    expect(await store.claim(key, 'a', longMs)).toBe('claimed')
    await sleep(60)
    expect(await store.claim(key, 'b', longMs)).toBe('in-progress')
  })

  test('an owner whose lease has ended takes nothing from the one who has it now', async () => {
    await store.claim(key, 'a', 1)
    await expect.poll(() => store.claim(key, 'b', longMs)).toBe('claimed')
    await store.release(key, 'a')
    expect(await store.claim(key, 'c', longMs)).toBe('in-progress')
    await store.settle(key, 'a', 60)
    expect(await store.claim(key, 'c', longMs)).toBe('in-progress')
    expect(await store.claim(key, 'a', longMs)).toBe('in-progress')
    await store.settle(key, 'b', 60)
    expect(await store.claim(key, 'c', longMs)).toBe('done')
  })

  test('an owner whose lease has ended, and whom nobody followed, may still say that it is done', async () => {
    await store.claim(key, 'a', 1)
    await sleep(10)
    await store.settle(key, 'a', 60)
    expect(await store.claim(key, 'b', longMs)).toBe('done')
  })

  test('forgets nothing that is done because somebody releases it', async () => {
    await store.claim(key, 'a', longMs)
    await store.settle(key, 'a', 60)
    await store.release(key, 'a')
    expect(await store.claim(key, 'b', longMs)).toBe('done')
  })
})

test('the memory store keeps no more keys than it is told to: the newest', () => {
  const store = new MemoryNotificationStore(2)
  for (const key of ['1', '2', '3']) store.settle(key, 'a', 60)
  expect(['3', '2'].map((key) => store.claim(key, 'b', longMs))).toEqual(['done', 'done'])
  expect(store.claim('1', 'b', longMs)).toBe('claimed')
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '100'])('maxKeys cannot be %s', (maxKeys) => {
  const error = thrownBy(() => Reflect.construct(MemoryNotificationStore, [maxKeys]))
  expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID', message: matching(/maxKeys/) })
})

test('the README has the store for Redis that these tests ran', () => {
  const source = read('../test-support/redis-notification-store.ts')
  const recipe = source.slice(source.indexOf('/** What is needed')).replace('export class', 'class')
  expect(read('../../README.md').includes(recipe.trim())).toBe(true)
})
