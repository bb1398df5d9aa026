import { describe, expect, test } from 'vitest'
import { inTurn, sendRaw, useEmulator } from './rest.test.support.js'

const rig = useEmulator()
const noRoute = { message: 'no Route matched with those values' }

describe('a path that is no call is 404 with the words of Agora’s gateway', () => {
  test.each([
    ['GET', '/', /^No call has this path\. There are: POST \/dev\/v2\/project\/\{appId\}/],
    ['POST', 'PROJECT/users/alice/peer_message', 'The path ends in peer_messages, with an s.'],
    ['POST', 'PROJECT/users/alice/channel_message', 'The path ends in channel_messages, with an s.'],
    [
      'POST',
      'PROJECT/users/alice/Peer_Messages',
      /^Paths are case-sensitive: write \/dev\/v2\/project\/\{appId\}\/rtm\/users\/\{userId\}\/peer_messages\.$/,
    ],
    ['GET', 'PROJECT/hook/channel_events', /\/rtm\/vendor\/channel_events/],
    ['GET', 'PROJECT/vendor/user_events/', 'The path ends in a slash: remove it.'],
    ['POST', 'PROJECT/users//peer_messages', /empty segment/],
    ['POST', 'PROJECT/message/history/query', /^The 1\.x history calls are withdrawn/],
    ['GET', 'PROJECT/message/history/query/123456', /^The 1\.x history calls are withdrawn/],
    [
      'GET',
      'PROJECT/message/history/count?source=alice',
      /^The 1\.x history calls are withdrawn.* nothing counts/,
    ],
    [
      'GET',
      'PROJECT/message/history',
      /^The 1\.x history calls are withdrawn.*GET \/rtm\/v2\/history\/\{appId\}/,
    ],
    ['POST', '/dev/v2/project/x/rtm/Message/History/query', /^The 1\.x history calls are withdrawn/],
    ['GET', 'PROJECT/message/historyquery', /^No call has this path/],
    ['GET', 'http://api.agora.io/dev/v1/projects', /^The request line has a whole URL.*HTTP_PROXY\?$/],
    ['GET', 'https://api.agora.io/?a=b', /^The request line has a whole URL/],
    [
      'POST',
      'PROJECT/users/alice/peer_messageswait_for_ack=true',
      /^The query is glued to the path: .* \?wait_for_ack=/,
    ],
    ['POST', 'PROJECT/users/alice/peer_messages&wait_for_ack=true', /^The query is glued to the path/],
    ['GET', '/dev/v2/projects', 'The projects are at GET /dev/v1/projects.'],
    ['GET', '/Dev/v1/projects', /^Paths are case-sensitive/],
    ['GET', '/dev/v1/project', /^No call has this path/],
  ])('%s %s', async (method, path, reason) => {
    const answer = await rig().call({ method, path: path.replace('PROJECT', rig().project) })
    expect(answer).toMatchObject({ status: 404, body: noRoute, synthetic: false })
    expect(answer.reason).toMatch(reason)
  })

  test('also without credentials', async () => {
    expect(await rig().get('/nowhere', {})).toMatchObject({ status: 404, body: noRoute })
  })

  test('a literal word inside the path counts as well', async () => {
    const path = rig().historyPath('lobby').replace('/userId/', '/userid/')
    expect(await rig().get(path)).toMatchObject({ status: 404, body: noRoute })
  })
})

test.each([
  ['GET', 'users/alice/peer_messages', 'POST'],
  ['PUT', 'users/alice/channel_messages', 'POST'],
  ['POST', 'vendor/user_events', 'GET'],
  ['DELETE', 'vendor/channel_events', 'GET'],
  ['OPTIONS', 'vendor/channel_events', 'GET'],
])('the wrong method, %s %s, is 404 too, which is a guess', async (method, path, right) => {
  const answer = await rig().call({ method, path: `${rig().project}/${path}` })
  expect(answer).toMatchObject({
    status: 404,
    body: noRoute,
    synthetic: true,
    reason: `This path takes ${right}, not ${method}.`,
  })
})

describe('a query that is glued to the path is 400 with the reason', () => {
  const paths = [
    (): string => rig().historyPath('lobbystart=0'),
    (): string => rig().historyPath('lobby&start=0&end=0'),
    (): string => rig().historyPath('lobbyend=0', { query: '?messageCount=1' }),
    (): string => rig().historyPath('lobby%3FmessageCount=10'),
    (): string => rig().publishPath('lobbystoreInHistory=true'),
    (): string => rig().publishPath('lobbycustomType=text'),
  ]

  test('on the calls whose path ends in a channel', async () => {
    const answers = await inTurn(paths, (path) =>
      rig().call({ method: path().includes('publish') ? 'POST' : 'GET', path: path() }),
    )
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 400, body: { error: true, errorCode: 400 }, synthetic: true })
      expect(answer.reason).toMatch(/^The query is glued to the path: write a question mark in front of it/)
    }
  })

  test('but a channel may have such a name, encoded as encodeURIComponent does', async () => {
    await rig().sendChannel({ channel_name: 'lobbystart=0' })
    const path = rig().historyPath(encodeURIComponent('lobbystart=0'))
    expect(await rig().get(path)).toMatchObject({ status: 200, body: { data: { count: 1 } } })
  })

  test('and an equals sign that belongs to no parameter is part of the channel', async () => {
    expect(await rig().get(rig().historyPath('a=b'))).toMatchObject({ status: 200 })
    const byUser = rig().historyPath('lobby').replace('/alice/', '/start=1/')
    expect(await rig().get(byUser)).toMatchObject({ status: 200 })
  })
})

describe('dot segments never match, as no client can be sure to send them', () => {
  test.each(['.', '..', '%2E', '%2e%2E', '.%2e'])('a user ID %s in the path', async (segment) => {
    const answer = await rig().post(`${rig().project}/users/${segment}/peer_messages`, {
      destination: 'bob',
      payload: 'x',
    })
    expect(answer).toMatchObject({ status: 404, body: noRoute })
    expect(answer.reason).toMatch(/^The path has the segment \.\.?: URL parsers remove it/)
  })

  test('nor are they resolved', async () => {
    const path = `${rig().project}/users/bob/../alice/peer_messages`
    expect(await rig().post(path, { destination: 'bob', payload: 'x' })).toMatchObject({ status: 404 })
  })

  test('in a body such a user ID is legal', async () => {
    expect(await rig().sendPeer({ destination: '..' })).toMatchObject({ status: 200 })
  })
})

describe('malformed percent-encoding is 400', () => {
  test.each(['%', '%z1', '%C3', '100%'])('a user ID %s', async (segment) => {
    const answer = await rig().post(`${rig().project}/users/${segment}/peer_messages`, {
      destination: 'bob',
      payload: 'x',
    })
    expect(answer).toMatchObject({ status: 400, body: { result: 'failed', code: 'invalid_request' } })
    expect(answer.reason).toMatch(/^The path is not valid percent-encoding/)
  })

  test('on /rtm/v2 with the body of that family', async () => {
    expect(await rig().get(rig().historyPath('%C3'))).toMatchObject({
      status: 400,
      body: { error: true, errorCode: 400 },
    })
  })
})

describe('a request that is no HTTP', () => {
  test('with a space in the URL, as a published sample has it, is answered with the reason', async () => {
    const target = `${rig().historyPath('lobby')}?start=1 & end = 2`
    const answer = await sendRaw(rig().emulator.url, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer).toMatch(/\r\nx-emulator-reason: The request is not valid HTTP\/1\.1: is there a space/)
  })

  test('with a backslash in the path is answered with the reason', async () => {
    const answer = await sendRaw(
      rig().emulator.url,
      'GET /dev\\v1\\projects HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer).toMatch(
      /\r\nx-emulator-reason: The URL or the Host header is not valid: Backslash in request path\.\r\n/,
    )
  })

  test.each([
    [
      'for a proxy',
      'CONNECT api.agora.io:443 HTTP/1.1\r\nHost: api.agora.io:443\r\n\r\n',
      /The emulator is no proxy/,
    ],
    ['without a Host', 'GET /dev/v1/projects HTTP/1.1\r\n\r\n', /Missing host header/],
    ['of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /not valid HTTP\/1\.1/],
    ['of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /not valid HTTP\/1\.1/],
    [
      'with huge headers',
      `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      /over 16 KiB/,
    ],
  ])('%s is answered with the reason', async (_, request, reason) => {
    const answer = await sendRaw(rig().emulator.url, request)
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(/\r\nx-emulator-reason: ([^\r]*)\r\n/.exec(answer)?.[1]).toMatch(reason)
  })
})
