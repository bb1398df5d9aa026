import { randomBytes } from 'node:crypto'
import { AgoraConfigError, AgoraValidationError } from '@agora-signaling/core'
import { checkOptions, isHexId, text } from '@agora-signaling/core/adapter'
import type { OptionRules } from '@agora-signaling/core/adapter'
import { printWithoutSecrets } from './printing.js'

/** The credentials an emulator accepts. Logged or turned into JSON, the secrets show as placeholders. */
export interface EmulatorCredentials {
  /** 32 hexadecimal characters. */
  readonly appId: string
  /** 32 hexadecimal characters. Secret. */
  readonly appCertificate: string
  /** The user name of HTTP Basic. */
  readonly customerId: string
  /** The password of HTTP Basic. Secret. */
  readonly customerSecret: string
}

/** Credentials of which any part may be left out. */
export type GivenCredentials = { readonly [Name in keyof EmulatorCredentials]?: string | undefined }

/** The variables that point `createSignalingClient` at an emulator. */
export interface EmulatorEnvironment {
  readonly AGORA_APP_ID: string
  readonly AGORA_APP_CERTIFICATE: string
  readonly AGORA_CUSTOMER_ID: string
  readonly AGORA_CUSTOMER_SECRET: string
  readonly AGORA_REST_BASE_URL: string
}

const credentialRules: OptionRules<GivenCredentials> = {
  appId: { ...text, code: 'ERR_INVALID_APP_ID' },
  appCertificate: { ...text, code: 'ERR_INVALID_APP_CERTIFICATE' },
  customerId: text,
  customerSecret: text,
}

/**
 * Fills in what is not given with random values.
 *
 * The codes are those that core gives for the same mistakes.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for a name that does not exist, or a customer ID or secret that is not
 * text; `ERR_CONFIG_MISSING` for one that is empty.
 * @throws {AgoraValidationError} `ERR_INVALID_APP_ID`, `ERR_INVALID_APP_CERTIFICATE`, `ERR_INVALID_CREDENTIAL`
 */
export function resolveCredentials(given: GivenCredentials = {}): EmulatorCredentials {
  checkOptions('credentials of createEmulator()', given, credentialRules)
  const credentials: EmulatorCredentials = {
    appId: given.appId ?? randomHex(),
    appCertificate: given.appCertificate ?? randomHex(),
    customerId: given.customerId ?? randomHex(),
    customerSecret: given.customerSecret ?? randomHex(),
  }
  if (!isHexId(credentials.appId)) throw notHex('ERR_INVALID_APP_ID', 'App ID', 'appId', credentials.appId)
  if (!isHexId(credentials.appCertificate))
    throw notHex(
      'ERR_INVALID_APP_CERTIFICATE',
      'app certificate',
      'appCertificate',
      credentials.appCertificate,
    )
  requireBasicPart(credentials.customerId, 'customer ID', 'customerId')
  requireBasicPart(credentials.customerSecret, 'customer secret', 'customerSecret')
  if (credentials.customerId.includes(':')) {
    // RFC 7617: the first colon ends the user name.
    throw new AgoraValidationError(
      'ERR_INVALID_CREDENTIAL',
      'credentials.customerId',
      'The customer ID (credentials.customerId, --customer-id) must not contain a colon: HTTP Basic ends it there.',
    )
  }
  return printWithoutSecrets(credentials, ['appCertificate', 'customerSecret'])
}

export function environmentFor(credentials: EmulatorCredentials, url: string): EmulatorEnvironment {
  const environment: EmulatorEnvironment = {
    AGORA_APP_ID: credentials.appId,
    AGORA_APP_CERTIFICATE: credentials.appCertificate,
    AGORA_CUSTOMER_ID: credentials.customerId,
    AGORA_CUSTOMER_SECRET: credentials.customerSecret,
    AGORA_REST_BASE_URL: url,
  }
  return printWithoutSecrets(environment, ['AGORA_APP_CERTIFICATE', 'AGORA_CUSTOMER_SECRET'])
}

function randomHex(): string {
  return randomBytes(16).toString('hex')
}

function notHex(
  code: 'ERR_INVALID_APP_ID' | 'ERR_INVALID_APP_CERTIFICATE',
  name: string,
  option: keyof EmulatorCredentials,
  value: string,
): AgoraValidationError {
  return new AgoraValidationError(
    code,
    `credentials.${option}`,
    `The ${name} (${optionNames(option)}) must be 32 hexadecimal characters, got ${value.length} characters: leave it out and the emulator makes one.`,
  )
}

function requireBasicPart(value: string, name: string, option: keyof EmulatorCredentials): void {
  const problem = `The ${name} (${optionNames(option)}) must not be empty or hold a control character: leave it out and the emulator makes one.`
  if (value === '') throw new AgoraConfigError('ERR_CONFIG_MISSING', problem)
  // RFC 7617 forbids control characters in both parts.
  if (/\p{Cc}/u.test(value)) {
    throw new AgoraValidationError('ERR_INVALID_CREDENTIAL', `credentials.${option}`, problem)
  }
}

function optionNames(option: keyof EmulatorCredentials): string {
  return `credentials.${option}, --${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
