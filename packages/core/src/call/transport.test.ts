import { Agent, Pool } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { CommonClientOptions } from '../client/options.js'
import type { AnyAgoraError } from '../errors.js'
import { appId, basicHeader, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { startRawServer, startServer, unusedPort } from '../test-support/local-server.js'
import type { LocalServer } from '../test-support/local-server.js'

useCleanEnvironment()

const maxAnswerBytes = 10 * 1024 * 1024
const call = { method: 'GET', path: '/dev/v1/anything' } as const
const send = { from: 'alice', to: 'bob', payload: 'hello' }

function clientOf(server: Pick<LocalServer, 'url'>, options: CommonClientOptions = {}): SignalingClient {
  const client = createSignalingClient({
    appId,
    customerId,
    customerSecret,
    baseUrl: server.url,
    maxAttempts: 1,
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

/** What the upstream says, which the message leaves out. */
function wordsOf(error: AnyAgoraError): string {
  const words = 'upstreamMessage' in error ? (error.upstreamMessage ?? '') : ''
  return error.message.includes(words) ? '' : words
}

describe('an answer', () => {
  test('travels over a real socket, and the request does too', async () => {
    const requests: unknown[] = []
    const server = await startServer((request, response) => {
      const { authorization, 'content-type': contentType } = request.headers
      const { method, url } = request
      request
        .setEncoding('utf8')
        .once('data', (body: string) => requests.push({ method, url, authorization, contentType, body }))
      response.end('{"result":"success","code":"message_sent","request_id":"1"}')
    })
    await expect(clientOf(server).messages.sendToUser(send)).resolves.toEqual({
      status: 'sent',
      requestId: '1',
    })
    expect(requests).toEqual([
      {
        method: 'POST',
        url: `/dev/v2/project/${appId}/rtm/users/alice/peer_messages`,
        authorization: basicHeader,
        contentType: 'application/json',
        body: '{"destination":"bob","payload":"hello"}',
      },
    ])
  })

  test('may come in pieces, and after an informational one', async () => {
    const server = await startServer((_, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' })
      response.write('{"text":"gr')
      const rest = Buffer.from('üße"}')
      response.write(rest.subarray(0, 1))
      response.end(rest.subarray(1))
    })
    await expect(clientOf(server).request(call)).resolves.toMatchObject({
      status: 200,
      body: { text: 'grüße' },
    })
  })

  test('that is not JSON is a typed error with the words of it that are known', async () => {
    const server = await startServer((_, response) =>
      response.end('<html>\nWelcome to the hotel Wi-Fi</html>'),
    )
    const error = await rejectionOf(clientOf(server).request(call))
    expect(error).toMatchObject({
      name: 'AgoraApiError',
      code: 'ERR_INVALID_RESPONSE',
      upstreamStatus: 200,
      attempts: [{ host: server.host, status: 200 }],
    })
    expect(wordsOf(error)).toContain('words that are not shown')
  })

  test('that is JSON cut off is a typed error without any of it', async () => {
    const server = await startServer((_, response) => response.end('{"projects":[{"sign_key":"canary'))
    const error = await rejectionOf(clientOf(server).projects.list())
    expect(error).toMatchObject({ code: 'ERR_INVALID_RESPONSE', upstreamStatus: 200 })
    expect(wordsOf(error)).toContain('cut off')
    expect(JSON.stringify(error)).not.toContain('canary')
  })

  test('that is an HTML page of a gateway is a typed error with the words of it that are known', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(502).end(`<html>\r\n<h1>502 Bad Gateway</h1>${'<br>'.repeat(1000)}</html>`)
    })
    const error = await rejectionOf(clientOf(server).request(call))
    expect(error).toMatchObject({ code: 'ERR_UPSTREAM', upstreamStatus: 502 })
    expect(wordsOf(error)).toContain('502 Bad Gateway')
    expect(wordsOf(error)).not.toContain('\n')
    expect(wordsOf(error).length).toBeLessThan(1000)
  })

  test('that redirects is not followed: the credentials would travel along', async () => {
    const requested: unknown[] = []
    const server = await startServer((request, response) => {
      requested.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    const error = await rejectionOf(clientOf(server).request(call))
    expect(error).toMatchObject({ code: 'ERR_INVALID_RESPONSE', upstreamStatus: 302 })
    expect(error.message).toContain('Redirects are not followed')
    expect(requested).toEqual(['/dev/v1/anything'])
  })

  test.each(['GET', 'POST'] as const)(
    'that echoes our Authorization does not get it into the error (%s)',
    async (method) => {
      const server = await startServer((request, response) => {
        const { authorization } = request.headers
        const echo = `${authorization} ${authorization?.slice('Basic '.length)} ${customerSecret}`
        response
          .writeHead(400)
          .end(request.method === 'GET' ? JSON.stringify({ message: echo }) : `<p>${echo}</p>`)
      })
      const error = await rejectionOf(clientOf(server).request({ ...call, method }))
      expect(wordsOf(error)).toContain('words that are not shown')
      expect(JSON.stringify(error)).not.toContain(basicHeader.slice('Basic '.length))
      expect(JSON.stringify(error)).not.toContain(customerSecret)
    },
  )
})

describe.each(['with Content-Length', 'chunked'] as const)('a large answer, %s,', (encoding) => {
  async function serve(bytes: number): Promise<SignalingClient> {
    // JSON of exactly so many bytes.
    const body = `"${'x'.repeat(bytes - 2)}"`
    const server = await startServer((_, response) => {
      if (encoding === 'with Content-Length') response.setHeader('content-length', bytes)
      response.write(body.slice(0, 100))
      response.end(body.slice(100))
    })
    return clientOf(server)
  }

  test('of 10 MiB is read', async () => {
    const { body } = await (await serve(maxAnswerBytes)).request(call)
    expect(body).toHaveLength(maxAnswerBytes - 2)
  })

  test('of one byte more is refused', async () => {
    const error = await rejectionOf((await serve(maxAnswerBytes + 1)).request(call))
    expect(error).toMatchObject({
      name: 'AgoraApiError',
      code: 'ERR_RESPONSE_TOO_LARGE',
      upstreamStatus: 200,
      attempts: [{ status: 200 }],
    })
    expect(error.message).toContain(String(maxAnswerBytes))
  })
})

test('an answer without end is not read to its end: the connection is closed', async () => {
  const server = await startServer((_, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const pour = (): void => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', pour)
    pour()
  })
  expect((await rejectionOf(clientOf(server).request(call))).code).toBe('ERR_RESPONSE_TOO_LARGE')
  await vi.waitFor(() => expect(server.sockets[0]?.destroyed).toBe(true))
})

describe('a connection', () => {
  test('that breaks in the middle of an answer is a reset', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"result":', () => socket.destroy())
      })
    })
    const error = await rejectionOf(clientOf(server).request(call))
    expect(error).toMatchObject({
      name: 'AgoraConnectionError',
      code: 'ERR_CONNECTION_RESET',
      method: 'GET',
      path: '/dev/v1/anything',
      attempts: [{ host: server.host, failure: 'ERR_CONNECTION_RESET' }],
    })
    expect(error.message).toContain(server.host)
    expect(error.cause).toBeInstanceOf(Error)
  })

  test('that breaks before any answer is a reset', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => socket.resetAndDestroy())
    })
    expect((await rejectionOf(clientOf(server).request(call))).code).toBe('ERR_CONNECTION_RESET')
  })

  test('that speaks something else is a reset', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
    })
    expect((await rejectionOf(clientOf(server).request(call))).code).toBe('ERR_CONNECTION_RESET')
  })

  test('that is refused says so, with the system’s own word', async () => {
    const host = `127.0.0.1:${await unusedPort()}`
    const error = await rejectionOf(clientOf({ url: `http://${host}` }).request(call))
    expect(error).toMatchObject({
      name: 'AgoraConnectionError',
      code: 'ERR_CONNECTION_REFUSED',
      attempts: [{ host, failure: 'ERR_CONNECTION_REFUSED' }],
    })
    expect(error.message).toContain('ECONNREFUSED')
  })

  test('to a name that nobody knows says so', async () => {
    const dispatcher = new Agent({
      connect: {
        lookup: (hostname, _options, done) => {
          done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), [])
        },
      },
    })
    onTestFinished(() => dispatcher.close())
    const error = await rejectionOf(
      clientOf({ url: 'https://api.agora.invalid' }, { dispatcher }).request(call),
    )
    expect(error).toMatchObject({ name: 'AgoraConnectionError', code: 'ERR_DNS' })
    expect(error.message).toBe(
      'The name api.agora.invalid could not be resolved (ENOTFOUND): GET /dev/v1/anything.',
    )
  })

  test('that is not secured although it should be says so', async () => {
    const server = await startServer((_, response) => response.end('{}'))
    const error = await rejectionOf(clientOf({ url: `https://${server.host}` }).request(call))
    expect(error).toMatchObject({ name: 'AgoraConnectionError', code: 'ERR_TLS' })
  })
})

function neverAnswer(): void {
  // Nothing comes.
}

describe('a time limit', () => {
  test('ends a call that is not answered, and its connection', async () => {
    const server = await startServer(neverAnswer)
    const error = await rejectionOf(clientOf(server, { timeoutMs: 50 }).request(call))
    expect(error).toMatchObject({
      name: 'AgoraTimeoutError',
      code: 'ERR_TIMEOUT',
      attempts: [{ host: server.host, failure: 'ERR_TIMEOUT', durationMs: expect.any(Number) as unknown }],
    })
    expect(error.message).toContain(server.host)
    expect(error.message).toContain('timeoutMs')
    await vi.waitFor(() => expect(server.sockets[0]?.destroyed).toBe(true))
  })

  test('counts until the last byte', async () => {
    const server = await startServer((_, response) => {
      response.write('{"result":')
    })
    expect((await rejectionOf(clientOf(server, { timeoutMs: 50 }).request(call))).code).toBe('ERR_TIMEOUT')
  })

  test('can be another one for a single call', async () => {
    const server = await startServer(neverAnswer)
    const client = clientOf(server)
    const limited = { timeoutMs: 20 }
    const calls = [
      client.request({ ...call, ...limited }),
      client.messages.sendToUser({ ...send, ...limited }),
      client.messages.sendToChannel({ from: 'alice', channel: 'lobby', payload: 'hello', ...limited }),
      client.events.pullUserEvents(limited),
      client.events.pullChannelEvents(limited),
      client.history.list({ userId: 'alice', channel: 'lobby', ...limited }).page(),
      client.projects.list(limited),
      client.experimental.publish({ from: 'alice', channel: 'lobby', payload: 'hello', ...limited }),
    ]
    const errors = await Promise.all(calls.map(rejectionOf))
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['ERR_TIMEOUT']))
  })

  test.each([0, -1, Number.NaN, Infinity, 2 ** 31])(
    'of %d is refused before anything is sent',
    async (timeoutMs) => {
      const server = await startServer(neverAnswer)
      const error = await rejectionOf(clientOf(server).request({ ...call, timeoutMs }))
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', argument: 'timeoutMs' })
      expect(server.sockets).toHaveLength(0)
    },
  )

  test('that ends while the call waits for a connection keeps it from being sent later', async () => {
    const received: unknown[] = []
    const waiting: (() => void)[] = []
    const server = await startServer((request, response) => {
      received.push(request.url)
      if (request.url === '/first') waiting.push(() => response.end('{}'))
      else response.end('{}')
    })
    const dispatcher = new Pool(server.url, { connections: 1 })
    onTestFinished(() => dispatcher.close())
    const client = clientOf(server, { dispatcher })
    const first = client.request({ method: 'POST', path: '/first' })
    await vi.waitFor(() => expect(received).toEqual(['/first']))

    const second = client.request({ method: 'POST', path: '/second', timeoutMs: 30 })
    expect((await rejectionOf(second)).code).toBe('ERR_TIMEOUT')
    for (const answer of waiting) answer()
    await first
    await client.request({ method: 'POST', path: '/third' })
    expect(received).toEqual(['/first', '/third'])
  })
})

describe('a signal', () => {
  test('that is aborted already keeps the call from being sent', async () => {
    const server = await startServer((_, response) => response.end('{}'))
    const reason = new Error('The visitor left.')
    const error = await rejectionOf(clientOf(server).request({ ...call, signal: AbortSignal.abort(reason) }))
    expect(error).toMatchObject({ name: 'AgoraAbortError', code: 'ERR_ABORTED', cause: reason, attempts: [] })
    expect(server.sockets).toHaveLength(0)
  })

  test('ends a call under way, and its connection', async () => {
    const controller = new AbortController()
    const reason = new Error('The visitor left.')
    const server = await startServer(() => controller.abort(reason))
    const error = await rejectionOf(clientOf(server).request({ ...call, signal: controller.signal }))
    expect(error).toMatchObject({
      name: 'AgoraAbortError',
      code: 'ERR_ABORTED',
      cause: reason,
      attempts: [{ host: server.host, failure: 'ERR_ABORTED' }],
    })
    await vi.waitFor(() => expect(server.sockets[0]?.destroyed).toBe(true))
  })

  test('ends a call whose answer has begun', async () => {
    const controller = new AbortController()
    const server = await startServer((_, response) => {
      response.write('{"result":', () => controller.abort())
    })
    const error = await rejectionOf(clientOf(server).request({ ...call, signal: controller.signal }))
    expect(error.code).toBe('ERR_ABORTED')
    expect(error.cause).toBe(controller.signal.reason)
  })

  test('of AbortSignal.timeout is the caller’s own limit, not ours', async () => {
    const server = await startServer(() => undefined)
    const error = await rejectionOf(clientOf(server).request({ ...call, signal: AbortSignal.timeout(20) }))
    expect(error).toMatchObject({ code: 'ERR_ABORTED', cause: { name: 'TimeoutError' } })
  })
})
