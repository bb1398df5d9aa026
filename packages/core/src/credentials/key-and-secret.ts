import type { BasicCredentials } from './basic-credentials.js'
import { concealSecrets } from '../concealment.js'
import { AgoraConfigError } from '../errors.js'

// The console writes a full-width colon (U+FF1A); hand-made copies have ":" or "=".
const customerIdLine = /^\s*(?:key|customer[\s_]*id)\s*[:：=]\s*(\S+)\s*$/i
const customerSecretLine = /^\s*(?:secret|customer[\s_]*(?:secret|certificate))\s*[:：=]\s*(\S+)\s*$/i

/**
 * Reads the text of the `key_and_secret.txt` that Agora Console downloads once for each customer ID.
 *
 * The order of the lines, the notice line in the console's language and line endings do not matter. A value that is
 * not 32 hexadecimal characters, as the console makes them, is accepted with a process warning. Logged or turned into
 * JSON, the result shows a placeholder for the secret.
 *
 * @example
 * parseKeyAndSecret(await readFile('key_and_secret.txt', 'utf8'))
 * // { customerId: '…', customerSecret: '…' }
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` when a line is missing; `ERR_CONFIG_CONFLICT` when one is there
 * twice with two values; `ERR_CONFIG_INVALID` for what is no text.
 * @see https://docs.agora.io/en/signaling/rest-api/restful-authentication
 */
export function parseKeyAndSecret(text: string): BasicCredentials {
  requireText(text)
  const lines = text.replace(/^\u{feff}/u, '').split(/\r\n|\r|\n/)
  const customerId = onlyValue(lines, customerIdLine, 'key')
  const customerSecret = onlyValue(lines, customerSecretLine, 'secret')
  if (!isConsoleValue(customerId) || !isConsoleValue(customerSecret)) {
    process.emitWarning(
      'The key or the secret is not made of 32 hexadecimal characters as Agora Console writes them. Was the file edited?',
      { code: 'AGORA_KEY_AND_SECRET_FORMAT' },
    )
  }
  return concealSecrets({ customerId, customerSecret }, ['customerSecret'])
}

function requireText(text: unknown): void {
  if (typeof text === 'string') return
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    "parseKeyAndSecret() takes the text of key_and_secret.txt: readFileSync(path, 'utf8').",
  )
}

function onlyValue(lines: readonly string[], pattern: RegExp, name: string): string {
  const values = new Set(lines.map((line) => pattern.exec(line)?.[1]).filter((value) => value !== undefined))
  const [value] = values
  if (value === undefined) {
    throw new AgoraConfigError(
      'ERR_CONFIG_MISSING',
      `No line "${name}: …" was found. Expected the text of key_and_secret.txt as Agora Console downloads it: one line with "key", one with "secret".`,
    )
  }
  if (values.size > 1) {
    throw new AgoraConfigError(
      'ERR_CONFIG_CONFLICT',
      `The line "${name}: …" stands there more than once, with different values. Keep one pair in the file.`,
    )
  }
  return value
}

function isConsoleValue(value: string): boolean {
  return /^[0-9a-f]{32}$/i.test(value)
}
