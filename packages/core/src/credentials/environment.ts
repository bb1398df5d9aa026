import { readFileSync } from 'node:fs'
import type { BasicCredentials } from './basic-credentials.js'
import { AgoraConfigError, isConfigError } from '../errors.js'
import { cleanCause } from '../clean-cause.js'
import { shownPath } from '../shown-path.js'
import { parseKeyAndSecret } from './key-and-secret.js'

/** Anything shaped like `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The settings in the environment, each trimmed and without quotes. A setting that is not there is `undefined`. */
export interface EnvironmentSettings {
  readonly appId: string | undefined
  readonly appCertificate: string | undefined
  readonly customerId: string | undefined
  readonly customerSecret: string | undefined
  readonly userId: string | undefined
  readonly baseUrl: string | undefined
  /** The one host besides this machine that plain http may go to. */
  readonly insecureHost: string | undefined
  readonly webhookSecret: string | undefined
  /** Not validated: other tools use this variable with other values. */
  readonly region: string | undefined
  readonly logLevel: string | undefined
}

/**
 * The variables of each setting, our names first, then those of Agora's own tools and samples and of many projects.
 * `NEXT_PUBLIC_AGORA_APP_ID` may be public: an App ID is no secret.
 */
const variables: Readonly<Record<keyof EnvironmentSettings, readonly string[]>> = {
  appId: ['AGORA_APP_ID', 'NEXT_PUBLIC_AGORA_APP_ID'],
  appCertificate: ['AGORA_APP_CERTIFICATE', 'NEXT_AGORA_APP_CERTIFICATE', 'AGORA_APP_CERT'],
  customerId: ['AGORA_CUSTOMER_ID', 'AGORA_CUSTOMER_KEY', 'AGORA_REST_KEY', 'AGORA_RESTFUL_ID'],
  customerSecret: ['AGORA_CUSTOMER_SECRET', 'AGORA_REST_SECRET', 'AGORA_RESTFUL_SECRET'],
  userId: ['AGORA_USER_ID'],
  baseUrl: ['AGORA_REST_BASE_URL'],
  insecureHost: ['AGORA_ALLOW_INSECURE_HOST'],
  webhookSecret: ['AGORA_WEBHOOK_SECRET', 'AGORA_NCS_SECRET'],
  region: ['AGORA_REGION'],
  logLevel: ['AGORA_LOG_LEVEL'],
}

const credentialsFileVariable = 'AGORA_CREDENTIALS_FILE'

/**
 * The settings in an environment. Read lazily: a variable that an option overrides is not validated.
 *
 * The settings throw `ERR_CONFIG_CONFLICT` when two names of one setting hold two values; those of the customer also
 * `ERR_CONFIG_INVALID` when the file that `AGORA_CREDENTIALS_FILE` names cannot be read.
 *
 * @throws {AgoraConfigError} `ERR_SECRET_EXPOSED` when a secret has a name that build tools copy into browser code.
 */
export function readEnvironment(env: Environment): EnvironmentSettings {
  requireEnvironment(env)
  refuseExposedSecrets(env)
  return new Settings(env)
}

function requireEnvironment(env: unknown): void {
  if (typeof env !== 'object' || env === null || Array.isArray(env)) {
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      'The environment must be an object of texts, as process.env is: { AGORA_APP_ID: "…" }.',
    )
  }
}

class Settings implements EnvironmentSettings {
  readonly #env: Environment
  #pairInFile: BasicCredentials | undefined

  constructor(env: Environment) {
    this.#env = env
  }

  get appId(): string | undefined {
    return readSetting(this.#env, 'appId')?.value
  }

  get appCertificate(): string | undefined {
    return readSetting(this.#env, 'appCertificate')?.value
  }

  get customerId(): string | undefined {
    return this.#halfOfPair('customerId')
  }

  get customerSecret(): string | undefined {
    return this.#halfOfPair('customerSecret')
  }

  get userId(): string | undefined {
    return readSetting(this.#env, 'userId')?.value
  }

  get baseUrl(): string | undefined {
    return readSetting(this.#env, 'baseUrl')?.value
  }

  get insecureHost(): string | undefined {
    return readSetting(this.#env, 'insecureHost')?.value
  }

  get webhookSecret(): string | undefined {
    return readSetting(this.#env, 'webhookSecret')?.value
  }

  get region(): string | undefined {
    return readSetting(this.#env, 'region')?.value
  }

  get logLevel(): string | undefined {
    return readSetting(this.#env, 'logLevel')?.value
  }

  #halfOfPair(half: keyof BasicCredentials): string | undefined {
    const setting = readSetting(this.#env, half)
    const path = unquote(variableOf(this.#env, credentialsFileVariable))
    if (path === undefined) return setting?.value
    this.#pairInFile ??= readCredentialsFile(path)
    if (setting !== undefined && setting.value !== this.#pairInFile[half]) {
      throw new AgoraConfigError(
        'ERR_CONFIG_CONFLICT',
        `${setting.variable} and the file that ${credentialsFileVariable} names hold different values. Remove one of the two.`,
      )
    }
    return this.#pairInFile[half]
  }
}

function readSetting(
  env: Environment,
  setting: keyof EnvironmentSettings,
): { variable: string; value: string } | undefined {
  let found: { variable: string; value: string } | undefined
  for (const variable of variables[setting]) {
    const value = unquote(variableOf(env, variable))
    if (value === undefined) continue
    if (found !== undefined && found.value !== value) {
      throw new AgoraConfigError(
        'ERR_CONFIG_CONFLICT',
        `${found.variable} and ${variable} are two names of one setting and hold different values. Remove one of the two.`,
      )
    }
    found ??= { variable, value }
  }
  return found
}

/** `process.env` holds only text. An object that the caller passes may hold anything. */
function variableOf(env: Environment, variable: string): string | undefined {
  const value: unknown = env[variable]
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    `${variable} must be text, as everything in process.env is.`,
  )
}

/** An empty value counts as not set. Some tools copy the quotes of `.env` files: one pair is removed. */
function unquote(raw: string | undefined): string | undefined {
  const trimmed = raw?.trim() ?? ''
  const quoted = /^(["'])(.*)\1$/s.exec(trimmed)
  const value = quoted?.[2]?.trim() ?? trimmed
  return value === '' ? undefined : value
}

function readCredentialsFile(path: string): BasicCredentials {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      `${credentialsFileVariable} names a file that cannot be read: ${shownFile(path)}. It should be the key_and_secret.txt of Agora Console.`,
      { cause: cleanCause(cause) },
    )
  }
  try {
    return parseKeyAndSecret(text)
  } catch (cause) {
    if (!isConfigError(cause)) throw cause
    throw new AgoraConfigError(
      cause.code,
      `${credentialsFileVariable} names ${shownFile(path)}: ${cause.message}`,
      {
        cause,
      },
    )
  }
}

/** The variable may hold the text of the file instead of its path. */
function shownFile(path: string): string {
  return /^[^\r\n:：=]{1,200}$/.test(path.replace(/^[A-Z]:/i, ''))
    ? shownPath(path)
    : 'a text that is no path'
}

// Next.js, Vite, Create React App, Vue CLI, Angular, Expo, Nuxt, Gatsby and SvelteKit copy variables with these prefixes
// into what browsers download.
const publicPrefix = /^(?:NEXT_PUBLIC|VITE|REACT_APP|VUE_APP|NG_APP|EXPO_PUBLIC|NUXT_PUBLIC|GATSBY|PUBLIC)_/
const secretName = /AGORA\w*(?:CERT|SECRET)|APP_CERT|CUSTOMER_(?:SECRET|CERT)/

function refuseExposedSecrets(env: Environment): void {
  for (const name of Object.keys(env)) {
    if (!publicPrefix.test(name) || !secretName.test(name.replace(publicPrefix, ''))) continue
    if (unquote(variableOf(env, name)) === undefined) continue
    throw new AgoraConfigError(
      'ERR_SECRET_EXPOSED',
      `${name} looks like an Agora secret, and build tools copy variables with that prefix into the code that browsers download. ` +
        'Rename it (AGORA_APP_CERTIFICATE, AGORA_CUSTOMER_SECRET), replace the secret in Agora Console, and keep it on the server.',
    )
  }
}
