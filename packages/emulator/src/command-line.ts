import { parseArgs } from 'node:util'
import { isAgoraError } from '@agora-signaling/core'
import { nearestName } from '@agora-signaling/core/adapter'
import type { EmulatorCredentials } from './credentials.js'
import { createEmulator } from './emulator.js'
import type { Emulator } from './emulator.js'
import { visibleAscii } from './http/header-text.js'
import type { EmulatorOptions } from './options.js'
import { shortened } from './redaction.js'
import { address, hostName } from './rules.js'
import type { RequestRecord } from './state/request-log.js'

const usage = `Usage: agora-signaling-emulator [options]

A local Agora Signaling REST server. It prints the environment variables to paste, then one line for each request.

  --port <number>             port to listen on, 0 for any free one (default 4010)
  --host <address>            address to listen on (default 127.0.0.1)
  --allowed-hosts <names>     further host names to be called by, separated by commas, as in a network of containers
  --app-id <hex>              App ID, 32 hexadecimal characters (default: made up)
  --app-certificate <hex>     app certificate, 32 hexadecimal characters (default: made up)
  --customer-id <text>        customer ID (default: made up)
  --customer-secret <text>    customer secret (default: made up)
  --limits <documented|off>   answer 429 over Agora's documented limits (default off)
  --no-history                a project without message history
  --help                      this text
`

/** What is wrong with the arguments, in one sentence. */
class UsageError extends Error {}

/** Where the command writes. */
export interface Terminal {
  readonly out: (text: string) => unknown
  readonly err: (text: string) => unknown
}

/**
 * Runs the command. With an emulator started, it goes on until SIGINT or SIGTERM.
 *
 * @returns The exit code: 1 when something is wrong with the arguments.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<0 | 1> {
  try {
    const options = readArguments(args)
    if (options === 'help') terminal.out(usage)
    else await serve(options, terminal)
    return 0
  } catch (error) {
    if (!(error instanceof UsageError) && !isAgoraError(error)) throw error
    terminal.err(`agora-signaling-emulator: ${error.message}\n`)
    return 1
  }
}

async function serve(options: EmulatorOptions, { out }: Terminal): Promise<void> {
  const emulator = await createEmulator({
    ...options,
    onRequest: (request) => out(`${describeRequest(request, emulator.credentials)}\n`),
    onWarning: (warning) => out(`warning: ${visibleAscii(warning)}\n`),
  })
  const stop = (): void => void emulator.close()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  out(describeStart(emulator))
}

function readArguments(args: readonly string[]): EmulatorOptions | 'help' {
  const { values } = parse(args)
  if (values.help) return 'help'
  if (values.limits !== 'documented' && values.limits !== 'off') {
    throw new UsageError('--limits must be documented or off.')
  }
  return {
    port: readPort(values.port),
    host: readHost(values.host),
    allowedHosts: readNames(values['allowed-hosts']),
    limits: values.limits,
    features: { history: !values['no-history'] },
    credentials: {
      appId: values['app-id'],
      appCertificate: values['app-certificate'],
      customerId: values['customer-id'],
      customerSecret: values['customer-secret'],
    },
  }
}

function parse(args: readonly string[]): ReturnType<typeof parseStrictly> {
  try {
    return parseStrictly(args)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`${explainParseError(error)} See --help.`, { cause: error })
  }
}

function explainParseError(error: TypeError & { code?: string }): string {
  // Node quotes a stray argument, which may be a secret whose option got lost.
  if (error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
    return 'Every argument belongs to an option with --.'
  // The first sentence names the option, the rest is about kinds of arguments that this command does not have.
  const [, unknown] = /^Unknown option '--([\w-]+)'/.exec(error.message) ?? []
  const meant = unknown === undefined ? undefined : nearestName(unknown, Object.keys(flags))
  if (meant !== undefined) return `Unknown option '--${unknown}'. Did you mean --${meant}?`
  return `${error.message.split(/\.?(?:\s(?=[A-Z])|$)/)[0]}.`
}

const flags = {
  port: { type: 'string', default: '4010' },
  host: { type: 'string', default: '127.0.0.1' },
  'allowed-hosts': { type: 'string', default: '' },
  'app-id': { type: 'string' },
  'app-certificate': { type: 'string' },
  'customer-id': { type: 'string' },
  'customer-secret': { type: 'string' },
  limits: { type: 'string', default: 'off' },
  'no-history': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

function parseStrictly(args: readonly string[]) {
  return parseArgs({ args: [...args], strict: true, allowPositionals: false, options: flags })
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError('--port must be a whole number from 0 to 65535.')
}

function readHost(host: string): string {
  if (address.accepts(host)) return host
  throw new UsageError(`--host must be ${address.expected}.`)
}

function readNames(list: string): string[] {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.every((name) => hostName.accepts(name))) return names
  throw new UsageError(`--allowed-hosts must be names separated by commas, each ${hostName.expected}.`)
}

function describeStart({ url, env }: Emulator): string {
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${shellWord(String(value))}`)
  return `Agora Signaling emulator on ${url}

${lines.join('\n')}

`
}

function describeRequest(request: RequestRecord, { appId }: EmulatorCredentials): string {
  const { method, path, query, status, authentication, userId, reason, warning } = request
  const target = query === '' ? path : `${path}?${query}`
  const who = userId === undefined ? authentication : `${authentication}, ${userId}`
  const line = [
    `${status} ${method} ${target} (${who})`,
    ...(reason === undefined ? [] : [reason]),
    ...(warning === undefined ? [] : [`warning: ${warning}`]),
  ].join(': ')
  // The App ID is long and in every path. And whoever has swapped it with the certificate would print that.
  return visibleAscii(line).replaceAll(appId, shortened(appId))
}

/** Quotes what a shell would take apart. */
function shellWord(text: string): string {
  return /^[\w.:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
