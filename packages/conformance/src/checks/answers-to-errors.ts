import { createServer } from 'node:http'
import { verifyAccessToken2, verifyNotification } from '@agora-signaling/core'
import type { SignalingClient } from '@agora-signaling/core'
import type { Emulator } from '@agora-signaling/emulator'
import { expect } from 'vitest'
import type { Bench, Site } from '../bench.js'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { listen, urlOf } from '../listening.js'
import type { Mount } from '../rig.js'
import { having, matching, optionsFor, post } from './lobby.js'

/** Opens a site whose one route calls Agora, or does as told. */
async function openRoute(
  { emulator, open }: Bench,
  {
    optionsWith = optionsFor,
    handle = (agora) => agora.messages.sendToChannel({ channel: 'lobby', payload: 'secret-payload' }),
  }: {
    optionsWith?: (agora: Emulator) => Mount['options'] | Promise<Mount['options']>
    handle?: (agora: SignalingClient) => unknown
  },
): Promise<Site> {
  const options = await optionsWith(await emulator())
  return open({
    mounts: [{ options: { ...options, userId: 'server' } }],
    routes: [
      {
        path: '/',
        handle: ({ getAgora, setHeader }) => {
          // What a route has said of its answer must not become a lie about ours.
          setHeader('content-type', 'text/csv')
          setHeader('cache-control', 'public, max-age=600')
          setHeader('x-of-the-application', 'kept')
          return handle(getAgora())
        },
      },
    ],
  })
}

/** Options that lead to a server which always gives the same answer. */
async function upstream(
  { serve }: Bench,
  agora: Emulator,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Mount['options']> {
  const server = await serve((_req, res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers })
    res.end('{"message":"words of Agora"}')
  })
  return { ...optionsFor(agora), baseUrl: urlOf(server) }
}

/** Expects the whole of an answer: status, headers and the two fields of the body. */
async function expectAnswer(
  site: Site,
  expected: { status: number; code: string; message?: RegExp; retryAfter?: string },
): Promise<void> {
  const { status, headers, body } = await site.fetch('/', post)
  expect({ status, body }).toEqual({
    status: expected.status,
    body: { code: expected.code, message: matching(expected.message ?? /./) },
  })
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-of-the-application')).toBe('kept')
  expect(headers.get('retry-after')).toBe(expected.retryAfter ?? null)
  // Faults of the server are told once, those of the caller never.
  expect(site.reports).toEqual(expected.status >= 500 ? [having({ code: expected.code })] : [])
  expect(site.otherErrors).toEqual([])
  expect(JSON.stringify(body)).not.toMatch(/secret|customer|words of Agora/i)
}

/** Where nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer()
  await listen(server)
  const url = urlOf(server)
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return url
}

export const answersToErrors: Section = section('an error of an Agora call', (check) => {
  check('Agora refusing the server is our 502, never our caller’s 401', async (bench) => {
    const site = await openRoute(bench, {
      optionsWith: (agora) => ({ ...optionsFor(agora), customerSecret: 'wrong-secret' }),
    })
    await expectAnswer(site, { status: 502, code: 'ERR_UNAUTHORIZED' })
    expect(site.reports).toEqual([
      having({ upstreamStatus: 401, hint: 'The customer secret does not match the customer ID.' }),
    ])
  })

  const refusals: [number, number, string][] = [
    [400, 502, 'ERR_BAD_REQUEST'],
    [401, 502, 'ERR_UNAUTHORIZED'],
    [403, 502, 'ERR_FORBIDDEN'],
    [404, 502, 'ERR_NOT_FOUND'],
    [435, 422, 'ERR_REJECTED_CONTENT'],
    [500, 502, 'ERR_UPSTREAM'],
  ]
  for (const [upstreamStatus, status, code] of refusals) {
    check(`Agora’s ${upstreamStatus} is our ${status}, ${code}`, async (bench) => {
      const site = await openRoute(bench, { optionsWith: (agora) => upstream(bench, agora, upstreamStatus) })
      await expectAnswer(site, { status, code })
    })
  }

  const waits: [string, Record<string, string>, string][] = [
    ['as long as Agora says', { 'retry-after': '7' }, '7'],
    ['a second when Agora says nothing', {}, '1'],
  ]
  for (const [how, headers, retryAfter] of waits) {
    check(`Agora’s 429 is our 503, to try again after ${how}`, async (bench) => {
      const site = await openRoute(bench, { optionsWith: (agora) => upstream(bench, agora, 429, headers) })
      await expectAnswer(site, { status: 503, code: 'ERR_RATE_LIMITED', retryAfter })
    })
  }

  check('nobody there is our 502', async (bench) => {
    const site = await openRoute(bench, {
      optionsWith: async (agora) => ({ ...optionsFor(agora), baseUrl: await deadUrl() }),
    })
    await expectAnswer(site, { status: 502, code: 'ERR_CONNECTION_REFUSED' })
  })

  check('no answer in time is our 504', async (bench) => {
    const silent = await bench.serve(() => {})
    const site = await openRoute(bench, {
      optionsWith: (agora) => ({ ...optionsFor(agora), baseUrl: urlOf(silent), timeoutMs: 50 }),
    })
    await expectAnswer(site, { status: 504, code: 'ERR_TIMEOUT' })
  })

  check('a call that the route itself ends is 499', async (bench) => {
    const site = await openRoute(bench, {
      handle: (agora) =>
        agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello', signal: AbortSignal.abort() }),
    })
    await expectAnswer(site, { status: 499, code: 'ERR_ABORTED' })
  })

  check('what the caller sent wrong is 400, with the reason', async (bench) => {
    const site = await openRoute(bench, {
      handle: (agora) => agora.messages.sendToChannel({ channel: 'a/b', payload: 'hello' }),
    })
    await expectAnswer(site, {
      status: 400,
      code: 'ERR_INVALID_CHANNEL',
      message: /^channel must not contain "\/"/,
    })
  })

  check('a token that is not good is 401', async (bench) => {
    const site = await openRoute(bench, {
      handle: ({ appId }) => verifyAccessToken2('006', { appId, appCertificate: appId }),
    })
    await expectAnswer(site, { status: 401, code: 'ERR_TOKEN_ENVELOPE' })
  })

  check('a notification that is not signed is 401', async (bench) => {
    const site = await openRoute(bench, {
      handle: () => verifyNotification({ rawBody: '{}', headers: {}, secret: 'webhook-secret' }),
    })
    await expectAnswer(site, { status: 401, code: 'ERR_WEBHOOK_SIGNATURE' })
  })

  check('what is not set up is 500, and its reason is for the developer', async (bench) => {
    const site = await openRoute(bench, {
      optionsWith: ({ credentials, url }) => {
        const { appId, customerId, customerSecret } = credentials
        return { appId, customerId, customerSecret, baseUrl: url }
      },
      handle: (agora) => agora.issueToken({ userId: 'alice' }),
    })
    await expectAnswer(site, { status: 500, code: 'ERR_CONFIG_MISSING' })
  })

  check('other errors of a route are the application’s, as they are', async (bench) => {
    const own = Object.assign(new Error('Of the application.'), { status: 409 })
    const site = await openRoute(bench, {
      handle: () => {
        throw own
      },
    })
    expect(await site.fetch('/', post)).toMatchObject({ status: 418 })
    expect(site.otherErrors).toEqual([own])
    expect(site.reports).toEqual([])
  })
})
