import { describe, expect, test } from 'vitest'
import { appId, basicHeader } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { unchecked } from '../test-support/unchecked.js'
import type { RequestOptions } from './request.js'

useCleanEnvironment()

const common = {
  accept: 'application/json',
  'user-agent': 'agora-signaling-node',
  authorization: basicHeader,
}

describe('client.request', () => {
  test('reads an endpoint that has no method of its own', async () => {
    const agora = mockAgora()
    agora.answers({ status: 201, body: { projects: [1] }, headers: { 'x-request-id': 'abc' } })
    await expect(agora.basicClient().request({ method: 'GET', path: '/dev/v1/project' })).resolves.toEqual({
      status: 201,
      body: { projects: [1] },
      requestId: 'abc',
    })
    expect(agora.requests).toEqual([
      {
        origin: 'https://api.agora.io',
        method: 'GET',
        path: '/dev/v1/project',
        headers: common,
        body: undefined,
      },
    ])
  })

  test('sends query and body', async () => {
    const agora = mockAgora()
    agora.answers({ body: '' })
    const result = await agora.basicClient().request({
      method: 'POST',
      path: '/dev/v1/project_status',
      query: { name: 'a&b=ü', page: 2, all: true, nothing: undefined },
      body: { id: 'x', enable: true },
    })
    expect(result).toEqual({ status: 200, body: undefined, requestId: undefined })
    expect(agora.requests).toEqual([
      {
        origin: 'https://api.agora.io',
        method: 'POST',
        path: '/dev/v1/project_status?name=a%26b%3D%C3%BC&page=2&all=true',
        headers: { ...common, 'content-type': 'application/json' },
        body: '{"id":"x","enable":true}',
      },
    ])
  })

  test.each([{}, { nothing: undefined }])('an empty query (%j) leaves no question mark', async (query) => {
    const agora = mockAgora()
    agora.answers({})
    await agora.basicClient().request({ method: 'GET', path: '/dev/v1/projects', query })
    expect(agora.requests).toMatchObject([{ path: '/dev/v1/projects' }])
  })

  test('sends a text as it is', async () => {
    const agora = mockAgora()
    agora.answers({})
    await agora.basicClient().request({ method: 'PUT', path: '/x', body: '{"already":"JSON"}' })
    expect(agora.requests).toMatchObject([{ method: 'PUT', body: '{"already":"JSON"}' }])
  })

  test('sends 2.x paths to their own host', async () => {
    const agora = mockAgora()
    agora.answersHistory({})
    await agora.basicClient().request({ method: 'GET', path: `/rtm/v2/history/${appId}` })
    expect(agora.requests).toMatchObject([{ origin: 'https://api.sd-rtn.com' }])
  })

  test('acts for the user of the client', async () => {
    const agora = mockAgora()
    agora.answers({})
    await agora.tokenClient({ headerStyle: 'x-agora' }).as('alice').request({ method: 'GET', path: '/x' })
    expect(agora.requests[0]?.headers).toMatchObject({ 'x-agora-uid': 'alice' })
  })

  test.each(['OPTIONS', 'get', 'GET\r\nx: y', ''])('refuses method %j', async (method) => {
    const agora = mockAgora()
    const options: RequestOptions = unchecked({ method: 'GET', path: '/x' }, { method })
    const error = await rejectionOf(agora.basicClient().request(options))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', argument: 'method' })
    expect(agora.requests).toHaveLength(0)
  })

  test.each([
    ['/dev/v1/projects'],
    ['/dev/v2/project/x/rtm/users/a%2Eb/...'],
    ["/a/b-c._~!$&'()*+,;=:@/%25%C3%BC/"],
    ['/a//b'],
  ])('takes path %j', async (path) => {
    const agora = mockAgora()
    agora.answers({})
    await agora.basicClient().request({ method: 'GET', path })
    expect(agora.requests).toMatchObject([{ path }])
  })

  test.each([
    ['no slash at its start', 'dev/v1/projects'],
    ['nothing', ''],
    ['another host', '//evil.example/dev'],
    ['a whole URL', 'https://evil.example/'],
    ['a query', '/dev/v1/projects?a=b'],
    ['a fragment', '/dev/v1/projects#a'],
    ['a space', '/dev/v1/my projects'],
    ['a line break', '/dev\r\nx-admin: 1'],
    ['a null byte', '/dev\0'],
    ['a character outside ASCII', '/dev/ü'],
    ['a backslash', '/dev\\..\\x'],
    ['a quotation mark', '/dev/"x"'],
    ['a percent sign that encodes nothing', '/dev/%zz'],
    ['half an encoding', '/dev/%2'],
    ['a dot segment', '/dev/./x'],
    ['a double-dot segment', '/dev/v1/../v2'],
    ['a dot segment at its end', '/dev/..'],
    ['a dot segment at its start', '/../x'],
    ['an encoded dot segment', '/dev/%2e/x'],
    ['an encoded double-dot segment', '/dev/%2E%2e/x'],
    ['a half encoded one', '/dev/.%2e'],
    ['one behind an encoded slash', '/dev/a%2f..%2Fb'],
    ['one behind an encoded backslash', '/dev/a%5c..'],
    ['no text', 7],
    ['nothing at all', undefined],
  ])('refuses a path with %s before anything is sent', async (_, path) => {
    const agora = mockAgora()
    const options: RequestOptions = unchecked({ method: 'GET', path: '/x' }, { path })
    const error = await rejectionOf(agora.basicClient().request(options))
    expect(error).toMatchObject({ name: 'AgoraValidationError', code: 'ERR_INVALID_PATH', argument: 'path' })
    expect(agora.requests).toHaveLength(0)
  })
})
