import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { endpoints } from './routes/endpoints.js'
import { useEmulator } from './rest.test.support.js'

/**
 * Agora's published OpenAPI description: paths, parameters, schemas and examples. It types no failures.
 *
 * @see https://docs.agora.io/openapi/rtm/signaling-rest.en.yaml
 */
const contract: unknown = parse(
  readFileSync(new URL('../fixtures/signaling-rest.openapi.yaml', import.meta.url), 'utf8'),
)

interface Operation {
  readonly method: string
  /** With the path of the server the operation is on. */
  readonly path: string
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly requestExample: unknown
  readonly answerExample: unknown
  readonly answerSchema: unknown
}

const operations = readOperations()
const rig = useEmulator({ now: () => 1_800_000_000_000 })

test('the contract describes five calls', () => {
  expect(operations.map(({ method, path }) => `${method} ${path}`)).toHaveLength(5)
})

test.each(operations)('$method $path is served, by its letters', ({ method, path }) => {
  const served = endpoints.map((endpoint) => `${endpoint.method} ${withoutNames(endpoint.route)}`)
  expect(served).toContain(`${method} ${withoutNames(path)}`)
})

test.each(operations)('$method $path knows the query parameters of the contract', ({ path, parameters }) => {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
  const endpoint = endpoints.find(({ route }) => withoutNames(route) === withoutNames(path))
  expect(endpoint?.queryNames).toEqual(inQuery)
})

test.each(operations)('$method $path takes the example and answers in its shape', async (operation) => {
  const { emulator } = rig()
  // Something to find for the calls that read: what the examples show.
  emulator.users.login('rtmtest_RTM_4852_4857w7%')
  emulator.channels.join('example_channel_id', 'rtmtest_RTM_4852_4857w7%')
  emulator.history.add({
    channel: 'channelA',
    publisher: 'Tony',
    payload: 'Hello, how are you?',
    customType: 'text',
  })
  emulator.users.login('userB')

  const path = operation.path
    .replace(/\{app_?id\}/i, emulator.credentials.appId)
    .replace(/\{user_?id\}/i, 'userA')
    .replace('{channelType}', 'message')
    .replace('{channelName}', 'channelA')
  const example = operation.requestExample
  const answer = await rig().call({
    method: operation.method,
    path,
    ...(example === undefined ? {} : { body: JSON.stringify(example) }),
  })
  expect(answer).toMatchObject({ status: 200, synthetic: false })
  expect(shapeOf(answer.body)).toEqual(shapeOf(operation.answerExample))
  expect(departures(answer.body, operation.answerSchema)).toEqual([])
})

test('the example of a BINARY message in the history is the one the documentation shows', async () => {
  rig().emulator.history.add({
    channel: 'channelA',
    publisher: 'Alice',
    payload: Buffer.from('Hello World'),
    customType: 'image',
  })
  expect((await rig().get(rig().historyPath('channelA'))).body).toMatchObject({
    data: {
      messageList: [
        { messageType: 'BINARY', message: 'SGVsbG8gV29ybGQ=', customType: 'image', publisher: 'Alice' },
      ],
    },
  })
})

/** A path without the names of its parameters, which the contract and the router write differently. */
function withoutNames(path: string): string {
  return path.replaceAll(/\{\w+\}|:\w+/g, '{}')
}

/** Names and types, lists by their first item: what is left when the values are taken out. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (!isRecord(value)) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [name, shapeOf(content)]))
}

/** Where a value departs from its schema: another type, or something that has no schema. */
function departures(value: unknown, schema: unknown, at = 'the answer'): string[] {
  if (schema === undefined) return [`${at} is not in the contract`]
  const { type, items, properties } = record(schema)
  if (type === 'array' && Array.isArray(value)) {
    return value.flatMap((item, index) => departures(item, items, `${at}[${index}]`))
  }
  if (type === 'object' && isRecord(value)) {
    return Object.entries(value).flatMap(([name, content]) =>
      departures(content, record(properties)[name], `${at}.${name}`),
    )
  }
  const isRight = type === 'integer' ? Number.isInteger(value) : typeof value === type
  return isRight ? [] : [`${at} must be of type ${String(type)}`]
}

function readOperations(): Operation[] {
  const { paths, servers } = record(contract)
  return Object.entries(record(paths)).flatMap(([path, item]) => {
    const own = record(item)['servers'] ?? servers
    return ['get', 'post'].flatMap((method) => {
      const operation = record(item)[method]
      return operation === undefined
        ? []
        : [readOperation(method, `${serverPath(own)}${path}`, record(operation))]
    })
  })
}

function readOperation(
  method: string,
  path: string,
  operation: Readonly<Record<string, unknown>>,
): Operation {
  const answer = jsonContent(record(record(operation['responses'])['200']))
  const requestBody = operation['requestBody']
  return {
    method: method.toUpperCase(),
    path,
    parameters: list(operation['parameters']).map((parameter) => {
      const { name, in: place } = record(parameter)
      return { name: String(name), in: String(place) }
    }),
    requestExample: requestBody === undefined ? undefined : jsonContent(record(requestBody))['example'],
    answerExample: answer['example'],
    answerSchema: answer['schema'],
  }
}

function serverPath(servers: unknown): string {
  const { pathname } = new URL(String(record(list(servers)[0])['url']))
  return pathname === '/' ? '' : pathname
}

function jsonContent(holder: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return record(record(holder['content'])['application/json'])
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value
  throw new Error('The contract is not built as this test expects.')
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
