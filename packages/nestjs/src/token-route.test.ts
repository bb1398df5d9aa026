import { verifyAccessToken2 } from '@agora-signaling/core'
import { UseGuards, VersioningType } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { describe, expect, test } from 'vitest'
import { optionsFor, useEmulator } from './emulator.test.support.js'
import { AgoraSignalingModule } from './index.js'
import type { AgoraRequest, AgoraRootOptions } from './index.js'
import { as, SessionGuard } from './rooms.test.support.js'
import { matching, platforms, serve } from './site.test.support.js'
import type { Answer, Preparation, Site } from './site.test.support.js'

const emulator = useEmulator()
const userId = (req: AgoraRequest): string | undefined => req.user?.id

/** Whose token an answer holds, and for how many seconds, by the token itself. */
function tokenOf({ body }: Answer, user: string): number {
  const token = typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : ''
  const { appId, appCertificate } = emulator().credentials
  const login = { type: 2, privilege: 1, userId: user } as const
  const verified = verifyAccessToken2(token, { appId, appCertificate, require: login })
  return verified.expiresAtSeconds - verified.issuedAtSeconds
}

describe.each(platforms)('the token route with $platform', (platform) => {
  async function open(
    tokenRoute: Partial<NonNullable<AgoraRootOptions['tokenRoute']>> = {},
    preparation?: Preparation,
  ): Promise<Site> {
    const agora = AgoraSignalingModule.forRoot({
      ...optionsFor(emulator()),
      userId,
      forRoutes: ['elsewhere'],
      tokenRoute: { path: 'agora/token', decorators: [UseGuards(SessionGuard)], ...tokenRoute },
    })
    return serve(platform, { imports: [agora] }, preparation)
  }

  test('gives the user that its guard found a token, wherever `@Agora()` is', async () => {
    const site = await open()
    const answer = await site.fetch('/agora/token', as('alice'))
    expect(answer).toMatchObject({
      status: 200,
      body: { userId: 'alice', appId: emulator().credentials.appId },
    })
    expect(tokenOf(answer, 'alice')).toBe(3600)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('gives the user that a guard of the application found a token', async () => {
    const agora = AgoraSignalingModule.forRoot({
      ...optionsFor(emulator()),
      userId,
      tokenRoute: { path: 'token' },
    })
    const providers = [{ provide: APP_GUARD, useClass: SessionGuard }]
    const site = await serve(platform, { imports: [agora], providers })
    expect(tokenOf(await site.fetch('/token', as('alice')), 'alice')).toBe(3600)
  })

  test('answers 401 without a user, whatever the request claims', async () => {
    const site = await open()
    expect(await site.fetch('/agora/token?userId=alice&uid=alice')).toMatchObject({
      status: 401,
      body: { code: 'ERR_IDENTITY_MISSING' },
    })
  })

  test('takes its own userId and ttlSeconds', async () => {
    const site = await open({
      userId: async (req) => Promise.resolve(`guest-${req.user?.id}`),
      ttlSeconds: () => 60,
    })
    expect(tokenOf(await site.fetch('/agora/token', as('alice')), 'guest-alice')).toBe(60)
  })

  test('answers GET, HEAD and POST, and 405 to the rest', async () => {
    const site = await open()
    const allowed = ['GET', 'HEAD', 'POST']
    const answers = await Promise.all(
      allowed.map((method) => site.fetch('/agora/token', { ...as('alice'), method })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const answer = await site.fetch('/agora/token', { ...as('alice'), method: 'PUT' })
    expect(answer).toMatchObject({ status: 405, body: { code: 'ERR_METHOD_NOT_ALLOWED' } })
    expect(answer.headers.get('allow')).toBe(allowed.join(', '))
  })

  test('stands behind the global prefix, and in every version', async () => {
    const site = await open(
      {},
      {
        prepare: (app) =>
          app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
      },
    )
    expect(await site.fetch('/api/agora/token', as('alice'))).toMatchObject({ status: 200 })
  })

  test('belongs to the client of its name, and takes its options from the factory', async () => {
    const agora = AgoraSignalingModule.forRootAsync({
      name: 'chat',
      tokenRoute: { path: 'chat/token' },
      useFactory: () => ({
        ...optionsFor(emulator()),
        userId: (req) => String(req.headers['x-session']),
        tokenRoute: { ttlSeconds: 60 },
      }),
    })
    const site = await serve(platform, { imports: [agora] })
    expect(tokenOf(await site.fetch('/chat/token', as('bob')), 'bob')).toBe(60)
  })

  test('a failing callback is a matter for the application’s own filters', async () => {
    const down = new Error('The session store is down.')
    const site = await open({ userId: async () => Promise.reject(down) })
    expect(await site.fetch('/agora/token', as('alice'))).toMatchObject({ status: 500 })
    expect(site.logged).toEqual([down])
  })

  test('a wrong ttlSeconds stops the start', async () => {
    await expect(open({ ttlSeconds: 86_401 })).rejects.toMatchObject({
      message: matching(/^tokenRoute\.ttlSeconds of AgoraSignalingModule.* must be/),
    })
  })
})
