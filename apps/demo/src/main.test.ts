import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createEmulator } from '@agora-signaling/emulator'
import type { Emulator, EmulatorOptions } from '@agora-signaling/emulator'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'

// Starting Node takes its time on a busy machine.
vi.setConfig({ hookTimeout: 60_000, testTimeout: 60_000 })

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

interface Result {
  readonly exitCode: unknown
  readonly stdout: string
  readonly stderr: string
}

async function demo(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^AGORA_|^FORCE_COLOR$/.test(name))
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(inherited), ...environment },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const closing: unknown[] = await once(child, 'close')
  return { exitCode: closing[0], ...output }
}

async function startEmulator(options?: EmulatorOptions): Promise<Emulator> {
  const emulator = await createEmulator(options)
  onTestFinished(() => emulator.close())
  return emulator
}

/** The lines of the steps. */
function steps({ stdout }: Result): string[] {
  return stdout.split('\n').filter((line) => /^[✓✗-] /.test(line))
}

const anyToken = /007[\w+/=-]{8,}/

describe('without flags, on the emulator', () => {
  let result: Result
  beforeAll(async () => {
    result = await demo([])
  })

  test('every step does what it says', () => {
    expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    const masked = '[0-9A-Za-z+/]{4}…'
    const expected = [
      `✓ HTTP Basic       Authorization: Basic ${masked} → GET /dev/v1/projects → ".+", App ID [0-9a-f]{4}…`,
      '✓ AccessToken2     authorization: agora token=007e… → GET …/user_events → user.login of demo-alice',
      '✓ AccessToken2     x-agora-token: 007e…, x-agora-uid: demo-server → GET …/user_events → user.login of demo-bob',
      '✓ AccessToken2     authorization: agora token=007e…, x-agora-token: 007e…, x-agora-uid: demo-server → GET …/user_events → user.login of demo-mallory',
      '✓ Peer message     Express POST /users/demo-bob/messages → req.agora sends as demo-alice → delivered',
      '✓ Channel message  Express POST /channels/demo-lobby/messages → req.agora sends as demo-alice → sent',
      '✓ History          Express GET /channels/demo-lobby/history → "Hello from the demo, \\S+" from demo-alice',
      '✓ Front-end token  Express GET /token → 007e… → verified: demo-alice may log in until 2\\S+Z',
      '✓ Wrong user       token of demo-mallory, sending as demo-alice → 401: .*demo-mallory.*demo-alice.*',
    ]
    const lines = result.stdout.split('\n')
    expect(lines[0]).toMatch(
      /^Agora Signaling, step by step, on an emulator at http:\/\/127\.0\.0\.1:\d+; nothing leaves this machine\.$/,
    )
    expect(steps(result)).toHaveLength(expected.length)
    for (const [index, line] of steps(result).entries())
      expect(line).toMatch(new RegExp(`^${expected[index]}$`))
    expect(lines.at(-2)).toBe('9 steps did what they say.')
  })

  test('the output holds no token, and nothing as long as a secret', () => {
    const { stdout } = result
    expect(stdout).not.toMatch(anyToken)
    // The emulator's certificate and secret are 32 hexadecimal characters; the Basic header holds 88 of Base64.
    expect(stdout).not.toMatch(/[0-9a-f]{32}/i)
    expect(stdout).not.toMatch(/[\w+/=]{32}/)
  })

  test('the output is plain, as it goes to no terminal', () => {
    expect(result.stdout).not.toContain('\u001b')
  })
})

describe('with --live', () => {
  test('the same walk goes to the server and the credentials that the environment names', async () => {
    const emulator = await startEmulator()
    const result = await demo(['--live'], { ...emulator.env })
    expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    expect(result.stdout).toMatch(new RegExp(`^Agora Signaling, step by step, against ${emulator.url}\\.\n`))
    expect(steps(result)).toHaveLength(9)
    expect(emulator.requests().map(({ authentication }) => authentication)).toEqual([
      'basic',
      'token',
      'x-agora',
      'token and x-agora',
      // The Express app: a message, another, and the history.
      'basic',
      'basic',
      'basic',
      // The token of Mallory, as Mallory and as Alice.
      'token',
      'token',
    ])
    expect(emulator.messages()).toMatchObject([
      { kind: 'peer', from: 'demo-alice', to: 'demo-bob' },
      { kind: 'channel', from: 'demo-alice', channel: 'demo-lobby' },
      { kind: 'peer', from: 'demo-mallory', to: 'demo-bob' },
    ])
  })

  test('no secret is printed, also when every step fails', async () => {
    const emulator = await startEmulator()
    const { appId, appCertificate, customerId, customerSecret } = emulator.credentials
    const stranger = '00000000000000000000000000000001'
    const wrong = { AGORA_CUSTOMER_SECRET: 'canary-customer-secret', AGORA_APP_CERTIFICATE: stranger }
    const runs = [
      await demo(['--live'], { ...emulator.env }),
      await demo(['--live'], { ...emulator.env, ...wrong }),
    ]
    for (const { stdout, stderr } of runs) {
      const output = stdout + stderr
      for (const secret of [appCertificate, customerSecret, wrong.AGORA_CUSTOMER_SECRET, stranger, appId]) {
        expect(output).not.toContain(secret)
        expect(output).not.toContain(Buffer.from(`${customerId}:${secret}`).toString('base64'))
      }
      expect(output).not.toMatch(anyToken)
    }
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 1])
  })

  test('a step that fails says why, the others are still taken, and the exit code is 1', async () => {
    const emulator = await startEmulator({ features: { history: false } })
    const result = await demo(['--live'], { ...emulator.env })
    expect(result.exitCode).toBe(1)
    const failed = steps(result).filter((line) => line.startsWith('✗'))
    expect(failed).toHaveLength(1)
    expect(failed[0]).toMatch(
      /^✗ History {10}failed: The app answered 502: .* answered 403 .*Message history is not enabled/,
    )
    expect(result.stdout).toMatch(/\n1 of 9 steps failed\.\n$/)
  })

  test('an upstream that lets anybody be anybody fails the step of the wrong user', async () => {
    const { env } = await startEmulator()
    const gullible = createServer((req, res) => {
      const answers = {
        result: 'success',
        projects: [{ id: '1', name: 'p', vendor_key: env.AGORA_APP_ID }],
        data: { messageList: [] },
      }
      req.resume().on('end', () => res.end(JSON.stringify(answers)))
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void gullible.close())
    await once(gullible, 'listening')
    const address = gullible.address()
    const AGORA_REST_BASE_URL = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const result = await demo(['--live'], { ...env, AGORA_REST_BASE_URL })
    expect(result.exitCode).toBe(1)
    expect(steps(result).at(-1)).toBe(
      '✗ Wrong user       failed: A token of demo-mallory was good enough to send as demo-alice.',
    )
    expect(steps(result)[6]).toMatch(/^✓ History .*Agora has not stored the one of a moment ago, or not yet$/)
  })

  test('without a certificate the steps with tokens are skipped, with the variable to set', async () => {
    const { env } = await startEmulator()
    const result = await demo(['--live'], { ...env, AGORA_APP_CERTIFICATE: '' })
    expect(result.exitCode).toBe(0)
    const skipped = steps(result).filter((line) => line.startsWith('-'))
    expect(skipped).toHaveLength(5)
    for (const line of skipped) expect(line).toMatch(/skipped: needs AGORA_APP_CERTIFICATE: Agora Console → /)
    expect(result.stdout).toMatch(/\n4 steps did what they say, 5 skipped\.\n$/)
  })

  test('without a customer pair the step with Basic is skipped, and the app sends with tokens', async () => {
    const emulator = await startEmulator()
    const tokensOnly = { AGORA_CUSTOMER_ID: '', AGORA_CUSTOMER_SECRET: '', AGORA_USER_ID: 'server' }
    const result = await demo(['--live'], { ...emulator.env, ...tokensOnly })
    expect(result.exitCode).toBe(0)
    expect(steps(result)[0]).toMatch(
      /^- HTTP Basic {7}skipped: needs AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET: /,
    )
    expect(emulator.requests().filter(({ authentication }) => authentication === 'basic')).toEqual([])
    const senders = emulator.messages().map(({ from }) => from)
    expect(senders).toEqual(['demo-alice', 'demo-alice', 'demo-mallory'])
  })

  test.each([
    ['nothing', {}, /^demo: The App ID is missing\. .*AGORA_APP_ID.*\n$/],
    [
      'an App ID alone',
      { AGORA_APP_ID: '0123456789abcdef0123456789abcdef' },
      /^demo: No credentials are set\. .*\n$/,
    ],
  ])('%s in the environment is said in one line, with exit code 1', async (_, environment, sentence) => {
    const result = await demo(['--live'], environment)
    expect(result).toMatchObject({ exitCode: 1, stdout: '' })
    expect(result.stderr).toMatch(sentence)
  })
})

test.each([['--lvie'], ['live'], ['-l']])(
  '%s is answered with the flags there are, and exit code 1',
  async (flag) => {
    expect(await demo([flag])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'demo: The only flags are --live and --help.\n',
    })
  },
)

test('--help tells the flags, also after the -- that pnpm hands on', async () => {
  const result = await demo(['--', '--help'])
  expect(result).toMatchObject({ exitCode: 0, stderr: '' })
  expect(result.stdout).toMatch(/^Usage: npx pnpm demo \[--live\]\n/)
})
