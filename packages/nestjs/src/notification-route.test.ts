import type { AgoraNotification } from '@agora-signaling/core'
import { signNotification } from '@agora-signaling/core/testing'
import { Injectable, SetMetadata, UnauthorizedException } from '@nestjs/common'
import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { describe, expect, test, vi } from 'vitest'
import { optionsFor, stubEnvironment, useEmulator } from './emulator.test.support.js'
import { AgoraSignalingModule } from './index.js'
import type { AgoraRootOptions, NotificationRouteOptions } from './index.js'
import { matching, moduleOf, platforms, serve } from './site.test.support.js'
import type { Answer, Preparation, Site } from './site.test.support.js'

const emulator = useEmulator()
const secret = 'canary-secret'

function notification(noticeId = 'notice-1', signedWith = secret): RequestInit {
  const { rawBody, headers } = signNotification({
    secret: signedWith,
    noticeId,
    productId: 1,
    eventType: 103,
    payload: { channelName: 'lobby' },
  })
  return { method: 'POST', body: rawBody, headers }
}

describe.each(platforms)('the notification route with $platform', (platform) => {
  const onNotification = vi.fn<NotificationRouteOptions['onNotification']>()

  async function open(
    route: Partial<NonNullable<AgoraRootOptions['notificationRoute']>> = {},
    preparation: Preparation = { rawBody: true },
  ): Promise<Site> {
    onNotification.mockReset()
    const agora = AgoraSignalingModule.forRoot({
      ...optionsFor(emulator()),
      notificationRoute: { path: 'agora/notifications', secret, onNotification, ...route },
    })
    return serve(platform, { imports: [agora] }, preparation)
  }

  test('hands each notification to the application once, and answers 200 with JSON', async () => {
    const site = await open()
    const post = async (noticeId: string): Promise<Answer> =>
      site.fetch('/agora/notifications', notification(noticeId))
    const answers = [await post('notice-1'), await post('notice-1'), await post('notice-2')]
    expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [200, {}]))
    expect(onNotification.mock.calls.map(([{ noticeId }]) => noticeId)).toEqual(['notice-1', 'notice-2'])
  })

  test('takes the secret from the environment', async () => {
    stubEnvironment({ AGORA_WEBHOOK_SECRET: secret })
    const site = await open({ secret: undefined })
    expect(await site.fetch('/agora/notifications', notification())).toMatchObject({ status: 200 })
  })

  test('a signature that does not match is refused, and Nest’s logger is warned in one line', async () => {
    const site = await open()
    const answer = await site.fetch('/agora/notifications', notification('notice-1', 'guessed'))
    expect(answer).toMatchObject({ status: 401, body: { code: 'ERR_WEBHOOK_SIGNATURE' } })
    expect(site.warnings).toEqual([matching(/^Agora notification: The signature .*$/)])
    expect(site.logged).toEqual([])
  })

  test('a handler that fails is answered with 500, and Nest’s logger gets the error', async () => {
    const site = await open({ onNotification: async () => Promise.reject(new Error('full')) })
    const answer = await site.fetch('/agora/notifications', notification())
    expect(answer).toMatchObject({ status: 500, body: { code: 'ERR_WEBHOOK_HANDLER' } })
    expect(site.logged).toEqual([expect.objectContaining({ code: 'ERR_WEBHOOK_HANDLER' })])
    expect(JSON.stringify([answer.body, site.logged])).not.toContain(secret)
  })

  test('an onError that fails breaks no answer, and Nest’s logger gets its error and what it was told', async () => {
    const cause = new Error('listener')
    const onError = (): never => {
      throw cause
    }
    const site = await open({ onError })
    const answer = await site.fetch('/agora/notifications', notification('notice-1', 'guessed'))
    expect(answer).toMatchObject({ status: 401 })
    expect(site.logged).toEqual([
      expect.objectContaining({ message: matching(/onError.*failed.*signature/), cause }),
    ])
  })

  test('an option that is misspelt stops the start, and its place is no option of the route’s', async () => {
    const misspelt = { onTestEvent: undefined, onNotificaton: onNotification }
    await expect(open(misspelt)).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: matching(/no option "onNotificaton"\. Did you mean onNotification\?/),
    })
  })

  test('onError is told in the logger’s place', async () => {
    const onError = vi.fn<(error: unknown) => void>()
    const site = await open({ onError })
    await site.fetch('/agora/notifications', notification('notice-1', 'guessed'))
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'ERR_WEBHOOK_SIGNATURE' }))
    expect([...site.logged, ...site.warnings]).toEqual([])
  })

  test('without rawBody it fails loudly: nothing is handled, and the developer is told what to change', async () => {
    const site = await open({}, {})
    expect(await site.fetch('/agora/notifications', notification())).toMatchObject({ status: 500 })
    expect(onNotification).not.toHaveBeenCalled()
    expect(site.warnings).toEqual([matching(/NestFactory\.create\(AppModule, \{ rawBody: true \}\)/)])
  })

  test('answers 405 to anything but POST', async () => {
    const site = await open()
    const answer = await site.fetch('/agora/notifications')
    expect(answer).toMatchObject({ status: 405 })
    expect(answer.headers.get('allow')).toBe('POST')
  })

  test('hands notifications to a service of the application, past the guards that it is exempt from', async () => {
    @Injectable()
    class Rooms {
      readonly seen: AgoraNotification[] = []
    }
    const RoomsModule = moduleOf({ providers: [Rooms], exports: [Rooms] })
    const isPublic = SetMetadata('isPublic', true)
    @Injectable()
    class LoginGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        if (Reflect.getMetadata('isPublic', context.getClass()) === true) return true
        throw new UnauthorizedException()
      }
    }
    const imports = [
      AgoraSignalingModule.forRootAsync({
        imports: [RoomsModule],
        inject: [Rooms],
        notificationRoute: { path: 'agora/notifications', decorators: [isPublic] },
        useFactory: (rooms: Rooms) => ({
          ...optionsFor(emulator()),
          notificationRoute: { secret, onNotification: (notice) => void rooms.seen.push(notice) },
        }),
      }),
      AgoraSignalingModule.forRoot({
        ...optionsFor(emulator()),
        name: 'guarded',
        notificationRoute: { path: 'guarded', secret, onNotification },
      }),
    ]
    const providers = [{ provide: APP_GUARD, useClass: LoginGuard }]
    const site = await serve(platform, { imports, providers }, { rawBody: true })
    expect(await site.fetch('/guarded', notification())).toMatchObject({ status: 401 })
    expect(await site.fetch('/agora/notifications', notification())).toMatchObject({ status: 200 })
    expect(site.app.get(Rooms, { strict: false }).seen).toMatchObject([{ noticeId: 'notice-1' }])
  })
})

test('with Express, the bytes may also be those of a stream that nobody has read', async () => {
  const [express] = platforms
  if (express === undefined) throw new Error('There is no platform.')
  const onNotification = vi.fn<NotificationRouteOptions['onNotification']>()
  const agora = AgoraSignalingModule.forRoot({
    ...optionsFor(emulator()),
    notificationRoute: { path: 'notifications', secret, onNotification },
  })
  const site = await serve(express, { imports: [agora] }, { bodyParser: false })
  expect(await site.fetch('/notifications', notification())).toMatchObject({ status: 200 })
  expect(onNotification).toHaveBeenCalledTimes(1)
})
