import { createHmac } from 'node:crypto'
import type { AgoraNotification } from '@agora-signaling/core'
import type { NotificationRouteOptions } from '@agora-signaling/core/adapter'
import { signNotification } from '@agora-signaling/core/testing'
import type { NotificationDraft, SignedNotification } from '@agora-signaling/core/testing'
import { expect } from 'vitest'
import type { Answer, Bench, Site } from '../bench.js'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { having } from './lobby.js'

const path = '/agora/notifications'
const secret = 'webhook-secret'
const done = { status: 200, body: {} }

interface Receiver {
  readonly site: Site
  readonly handled: readonly AgoraNotification[]
  /** What `onError` was told of. */
  readonly errors: readonly unknown[]
  readonly post: (notification: SignedNotification) => Promise<Answer>
}

async function openReceiver(
  { open }: Bench,
  options: Partial<NotificationRouteOptions> = {},
  parsesBodies = false,
): Promise<Receiver> {
  const [handled, errors]: [AgoraNotification[], unknown[]] = [[], []]
  const site = await open({
    parsesBodies,
    notificationRoute: {
      path,
      options: {
        secret,
        onNotification: (notification) => void handled.push(notification),
        onError: (error) => void errors.push(error),
        ...options,
      },
    },
  })
  const post = ({ rawBody, headers }: SignedNotification): Promise<Answer> =>
    site.fetch(path, { method: 'POST', body: rawBody, headers })
  return { site, handled, errors, post }
}

function signed(draft: Partial<NotificationDraft> = {}): SignedNotification {
  return signNotification({ secret, productId: 1, eventType: 103, ...draft })
}

function without({ rawBody, headers }: SignedNotification, ...names: readonly string[]): SignedNotification {
  return {
    rawBody,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))),
  }
}

/** Valid JSON that no serializer writes: parsed and written again, it has other bytes and another signature. */
function unusuallyWritten(): SignedNotification {
  const rawBody =
    '{ "payload" : {"n":1.0, "text":"\\u00e9é😀", "n":2.50},\r\n\t"noticeId":"odd", "productId":1,"eventType":103,"notifyMs":1}\n'
  const signature = createHmac('sha256', secret).update(rawBody).digest('hex')
  return { rawBody, headers: { 'content-type': 'application/json', 'agora-signature-v2': signature } }
}

export const notificationRoute: Section = section('notificationRoute()', (check) => {
  check('hands a signed notification to the handler, and answers 200 with JSON', async (bench) => {
    const { handled, errors, post } = await openReceiver(bench)
    const answer = await post(signed({ noticeId: 'first', payload: { channelName: 'lobby', text: 'é😀' } }))
    expect(answer).toMatchObject(done)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(handled).toEqual([
      having({
        noticeId: 'first',
        productId: 1,
        eventType: 103,
        payload: { channelName: 'lobby', text: 'é😀' },
      }),
    ])
    expect(errors).toEqual([])
  })

  check('verifies the exact bytes of the body', async (bench) => {
    const { handled, post } = await openReceiver(bench)
    expect(await post(unusuallyWritten())).toMatchObject(done)
    expect(handled).toEqual([having({ noticeId: 'odd', payload: { n: 2.5, text: 'éé😀' } })])
  })

  check('behind a body parser works, or says loudly that the bytes are gone: 500', async (bench) => {
    const { handled, errors, post } = await openReceiver(bench, {}, true)
    const answer = await post(unusuallyWritten())
    if (bench.bodyParser === 'keeps the bytes') {
      expect(answer).toMatchObject(done)
      expect(handled).toEqual([having({ noticeId: 'odd' })])
    } else {
      expect(answer).toMatchObject({ status: 500, body: { code: 'ERR_WEBHOOK_RAW_BODY' } })
      expect(errors).toEqual([having({ code: 'ERR_WEBHOOK_RAW_BODY' })])
      expect(handled).toEqual([])
    }
  })

  const { headers, rawBody } = signed()
  const refused: [string, SignedNotification, Partial<NotificationRouteOptions>][] = [
    ['of another secret', signed({ secret: 'guessed' }), {}],
    ['of another body', { headers, rawBody: rawBody.replace('103', '104') }, {}],
    ['that is missing', without(signed(), 'agora-signature-v2', 'agora-signature'), {}],
    ['that is only the older one (SHA-1)', without(signed(), 'agora-signature-v2'), {}],
    [
      'that is wrong, while the older one is right and allowed',
      { rawBody, headers: { ...headers, 'agora-signature-v2': '00'.repeat(32) } },
      { allowSha1: true },
    ],
  ]
  for (const [which, notification, options] of refused) {
    check(`refuses a signature ${which}: 401, and the developer is told`, async (bench) => {
      const { handled, errors, post } = await openReceiver(bench, options)
      expect(await post(notification)).toMatchObject({ status: 401, body: { code: 'ERR_WEBHOOK_SIGNATURE' } })
      expect(handled).toEqual([])
      expect(errors).toEqual([having({ code: 'ERR_WEBHOOK_SIGNATURE' })])
    })
  }

  check('accepts the older signature (SHA-1) when told to', async (bench) => {
    const { handled, post } = await openReceiver(bench, { allowSha1: true })
    expect(await post(without(signed(), 'agora-signature-v2'))).toMatchObject(done)
    expect(handled).toHaveLength(1)
  })

  check('accepts several secrets while one replaces another', async (bench) => {
    const { handled, post } = await openReceiver(bench, { secret: ['new-secret', secret] })
    expect(await post(signed())).toMatchObject(done)
    expect(await post(signed({ secret: 'new-secret' }))).toMatchObject(done)
    expect(await post(signed({ secret: 'guessed' }))).toMatchObject({ status: 401 })
    expect(handled).toHaveLength(2)
  })

  check('takes the secret from AGORA_WEBHOOK_SECRET', async (bench) => {
    bench.setEnvironment({ AGORA_WEBHOOK_SECRET: secret })
    const { handled, post } = await openReceiver(bench, { secret: undefined })
    expect(await post(signed())).toMatchObject(done)
    expect(handled).toHaveLength(1)
  })

  check('without a secret stops the start', async (bench) => {
    await expect(openReceiver(bench, { secret: undefined })).rejects.toMatchObject({
      code: 'ERR_CONFIG_MISSING',
    })
  })

  check(
    'handles a notification once, however often Agora sends it, and answers 200 each time',
    async (bench) => {
      const { handled, post } = await openReceiver(bench)
      const answers = [await post(signed({ noticeId: 'same', notifyMs: 1 }))]
      answers.push(await post(signed({ noticeId: 'same', notifyMs: 2 })))
      answers.push(
        ...(await Promise.all([3, 4, 5].map((notifyMs) => post(signed({ noticeId: 'same', notifyMs }))))),
      )
      for (const answer of answers) expect(answer).toMatchObject(done)
      expect(handled).toEqual([having({ noticeId: 'same', notifyMs: 1 })])
      await post(signed({ noticeId: 'another' }))
      expect(handled).toHaveLength(2)
    },
  )

  check('answers 500 when the handler fails, and handles the resend', async (bench) => {
    const failure = new Error('The queue is full.')
    const outcomes = [async () => Promise.reject(failure), async () => Promise.resolve()]
    const { site, errors, post } = await openReceiver(bench, {
      onNotification: () => outcomes.shift()?.(),
    })
    expect(await post(signed({ noticeId: 'same' }))).toMatchObject({
      status: 500,
      body: { code: 'ERR_WEBHOOK_HANDLER' },
    })
    expect(errors).toEqual([having({ code: 'ERR_WEBHOOK_HANDLER', cause: failure })])
    expect(await post(signed({ noticeId: 'same' }))).toMatchObject(done)
    expect(outcomes).toEqual([])
    // The route has told already.
    expect([...site.reports, ...site.otherErrors]).toEqual([])
  })

  for (const [what, thrown] of [
    ['an error', new Error('listener')],
    ['undefined', undefined],
  ] as const) {
    check(`answers as always when onError throws ${what}`, async (bench) => {
      const { post } = await openReceiver(bench, {
        onNotification: async () => Promise.reject(new Error('The queue is full.')),
        onError: () => {
          throw thrown
        },
      })
      expect(await post(signed({ secret: 'guessed' }))).toMatchObject({ status: 401 })
      expect(await post(signed())).toMatchObject({ status: 500, body: { code: 'ERR_WEBHOOK_HANDLER' } })
    })
  }

  check('with an option that is misspelt stops the start', async (bench) => {
    const misspelt = { allowSHA1: true }
    await expect(openReceiver(bench, { timeoutMs: 1000, ...misspelt })).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
    })
  })

  check('answers the console’s test events, and keeps them from the handler', async (bench) => {
    const tested: AgoraNotification[] = []
    const { handled, post } = await openReceiver(bench, {
      onTestEvent: (notification) => void tested.push(notification),
    })
    expect(await post(signed({ payload: { channelName: 'test_webhook' } }))).toMatchObject(done)
    expect([handled.length, tested.length]).toEqual([0, 1])
  })

  check('is for POST alone: 405 with Allow', async (bench) => {
    const { site } = await openReceiver(bench)
    const answer = await site.fetch(path)
    expect(answer).toMatchObject({ status: 405, body: { code: 'ERR_METHOD_NOT_ALLOWED' } })
    expect(answer.headers.get('allow')).toBe('POST')
  })

  check('handles no body that is too large to be a notification', async (bench) => {
    const { handled, post } = await openReceiver(bench)
    const tooLarge = signed({ payload: { text: 'x'.repeat(2 * 1024 * 1024) } })
    // A framework with a limit of its own answers by itself: a fault of the caller either way.
    const { status } = await post(tooLarge)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(handled).toEqual([])
  })
})
