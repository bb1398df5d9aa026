import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { run as runCommand } from './command-line.js'
import { createEmulator } from './emulator.js'
import { basicHeader, inTurn, matching, send } from './rest.test.support.js'

// The compiled program: what `npx @agora-signaling/emulator` starts.
const program = fileURLToPath(new URL('../dist/esm/bin.js', import.meta.url))

/** The program as a process of its own, and what it has printed. */
class Run {
  readonly #process: ChildProcessByStdio<null, Readable, Readable>
  /** It has ended, and everything that it printed was read. */
  readonly exited: Promise<unknown[]>
  /** It has ended. */
  readonly ended: Promise<unknown[]>
  output = ''
  errors = ''

  constructor(args: readonly string[]) {
    this.#process = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    this.ended = once(this.#process, 'exit')
    this.exited = once(this.#process, 'close')
  }

  stopReading(): void {
    this.#process.stdout.removeAllListeners('data').pause()
  }

  closeOutput(): void {
    this.#process.stdout.destroy()
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Resolves as soon as the program has printed what matches. */
  async printed(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output)) {
      await once(this.#process.stdout, 'data')
    }
  }

  /** The variables it tells to paste. */
  async variables(): Promise<Record<string, string>> {
    await this.printed(/AGORA_REST_BASE_URL=.*\n/)
    const pairs = this.output.matchAll(/^export (\w+)=(.*)$/gm)
    return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]))
  }
}

// A process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const runs: Run[] = []

function run(...args: string[]): Run {
  const started = new Run(args)
  runs.push(started)
  return started
}

afterEach(() => {
  for (const started of runs.splice(0)) started.kill('SIGKILL')
})

test('prints the variables to paste, and a client with them is served', async () => {
  const started = run('--port', '0')
  const variables = await started.variables()
  expect(variables).toEqual({
    AGORA_APP_ID: matching(/^[0-9a-f]{32}$/),
    AGORA_APP_CERTIFICATE: matching(/^[0-9a-f]{32}$/),
    AGORA_CUSTOMER_ID: matching(/^[0-9a-f]{32}$/),
    AGORA_CUSTOMER_SECRET: matching(/^[0-9a-f]{32}$/),
    AGORA_REST_BASE_URL: matching(/^http:\/\/127\.0\.0\.1:\d+$/),
  })
  const headers = basicHeader(
    String(variables['AGORA_CUSTOMER_ID']),
    String(variables['AGORA_CUSTOMER_SECRET']),
  )
  const answer = await send(String(variables['AGORA_REST_BASE_URL']), { path: '/dev/v1/projects', headers })
  expect(answer).toMatchObject({ status: 200 })
})

test('prints a line for each request, with the reason when it is refused', async () => {
  const started = run('--port', '0')
  const url = String((await started.variables())['AGORA_REST_BASE_URL'])
  await send(url, { path: '/dev/v2/projects?x=1' })
  await started.printed(/^404 .*\n/m)
  expect(started.output).toMatch(
    /^404 GET \/dev\/v2\/projects\?x=1 \(none\): The projects are at GET \/dev\/v1\/projects\.$/m,
  )
})

test('takes the credentials it is given, and quotes what a shell would take apart', async () => {
  const started = run(
    '--port=0',
    `--app-id=${'a1'.repeat(16)}`,
    `--app-certificate=${'b2'.repeat(16)}`,
    '--customer-id=me',
    "--customer-secret=it's $HOME",
  )
  expect(await started.variables()).toMatchObject({
    AGORA_APP_ID: 'a1'.repeat(16),
    AGORA_APP_CERTIFICATE: 'b2'.repeat(16),
    AGORA_CUSTOMER_ID: 'me',
    AGORA_CUSTOMER_SECRET: String.raw`'it'\''s $HOME'`,
  })
})

test('--limits documented and --no-history are the options of the same names', async () => {
  const started = run('--port', '0', '--limits', 'documented', '--no-history')
  const variables = await started.variables()
  const url = String(variables['AGORA_REST_BASE_URL'])
  const headers = basicHeader(
    String(variables['AGORA_CUSTOMER_ID']),
    String(variables['AGORA_CUSTOMER_SECRET']),
  )
  const history = `/rtm/v2/history/${variables['AGORA_APP_ID']}/userId/a/channelType/message/channel/b`
  expect(await send(url, { path: history, headers })).toMatchObject({ status: 403 })
  await expect
    .poll(async () => (await send(url, { path: '/dev/v1/projects', headers })).status, {
      interval: 1,
      timeout: 10_000,
    })
    .toBe(429)
})

test('--allowed-hosts lets a container be called by its name', async () => {
  const started = run('--port', '0', '--host', '0.0.0.0', '--allowed-hosts', 'emulator, agora.internal')
  const url = String((await started.variables())['AGORA_REST_BASE_URL'])
  const statuses = ['emulator:4010', 'agora.internal', '127.0.0.1', 'evil.example'].map(
    async (host) => (await send(url, { path: '/_emulator/health', headers: { host } })).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 200, 200, 403])
})

describe.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with code 0', (signal) => {
  test('when nothing goes on', async () => {
    const started = run('--port', '0')
    await started.variables()
    started.kill(signal)
    expect(await started.exited).toEqual([0, null])
  })

  test('with a request that never ends', async () => {
    const started = run('--port', '0')
    const { port } = new URL(String((await started.variables())['AGORA_REST_BASE_URL']))
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('GET / HT'))
    socket.on('error', () => {})
    await once(socket, 'connect')
    started.kill(signal)
    expect(await started.exited).toEqual([0, null])
    socket.destroy()
  })

  test('when nobody reads what it prints', async () => {
    const started = run('--port', '0')
    const url = String((await started.variables())['AGORA_REST_BASE_URL'])
    started.stopReading()
    // More than a pipe holds.
    await inTurn(Array.from({ length: 60 }), () => send(url, { path: `/${'x'.repeat(5_000)}` }))
    started.kill(signal)
    expect(await started.ended).toEqual([0, null])
  })
})

test('serves on when what it prints is no longer wanted', async () => {
  const started = run('--port', '0')
  const url = String((await started.variables())['AGORA_REST_BASE_URL'])
  started.closeOutput()
  const answers = await inTurn([1, 2, 3], () => send(url, { path: '/nothing' }))
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
  started.kill('SIGTERM')
  expect(await started.exited).toEqual([0, null])
  expect(started.errors).toBe('')
})

test('wrong arguments end it with code 1', async () => {
  const started = run('--port', 'abc')
  expect(await started.exited).toEqual([1, null])
  expect(started.errors).toBe('agora-signaling-emulator: --port must be a whole number from 0 to 65535.\n')
})

describe('what it says', () => {
  test('--help: the options there are', async () => {
    const { code, out } = await say('--help')
    expect(code).toBe(0)
    expect(out).toMatch(/^Usage: agora-signaling-emulator \[options\]\n/)
  })

  const secret = 'not-a-certificate-but-secret'

  test.each([
    [['--port', 'abc'], /^--port must be a whole number from 0 to 65535\.$/],
    [['--port', '70000'], /^--port must be a whole number from 0 to 65535\.$/],
    [['--port'], /^Option '--port <value>' argument missing\. See --help\.$/],
    [['--limits', 'some'], /^--limits must be documented or off\.$/],
    [['--pot', '1'], /^Unknown option '--pot'\. Did you mean --port\? See --help\.$/],
    [
      ['--allowed-host', 'x'],
      /^Unknown option '--allowed-host'\. Did you mean --allowed-hosts\? See --help\.$/,
    ],
    [['--nothing-like-it'], /^Unknown option '--nothing-like-it'\. See --help\.$/],
    [['--host', ''], /^--host must be an address or host name, for instance 127\.0\.0\.1\.$/],
    [
      ['--allowed-hosts', 'a,http://b'],
      /^--allowed-hosts must be names separated by commas, each a host name/,
    ],
    [['--allowed-hosts', 'emulator:4010'], /^--allowed-hosts must be/],
    [['--no-history=yes'], /^Option '--no-history' does not take an argument\. See --help\.$/],
    [[secret], /^Every argument belongs to an option with --\. See --help\.$/],
    [['--app-id', 'short'], /^The App ID \(credentials\.appId, --app-id\) must be 32 hexadecimal characters/],
    [
      ['--app-certificate', secret],
      /^The app certificate \(credentials\.appCertificate, --app-certificate\)/,
    ],
    [['--customer-id', 'a:b'], /^The customer ID .* must not contain a colon/],
    [['--host', '192.0.2.1', '--port', '0'], /^192\.0\.2\.1 is not an address of this machine/],
  ])('%j: one sentence, without the secret', async (args, sentence) => {
    const { code, out, err } = await say(...args)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    const [, said] = /^agora-signaling-emulator: ([^\n]*)\n$/.exec(err) ?? []
    expect(said).toMatch(sentence)
    expect(err).not.toContain(secret)
  })

  test('a port that is taken', async () => {
    const emulator = await createEmulator()
    const { port } = new URL(emulator.url)
    expect(await say('--port', port)).toEqual({
      code: 1,
      out: '',
      err: `agora-signaling-emulator: Port ${port} on 127.0.0.1 is taken: choose another port, or 0 for any free one.\n`,
    })
    await emulator.close()
  })
})

/** Runs the command in this process. */
async function say(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const code = await runCommand(args, {
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
  })
  return { code, ...said }
}
