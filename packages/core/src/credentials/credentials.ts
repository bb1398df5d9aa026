import { concealSecrets } from '../concealment.js'
import { AgoraConfigError } from '../errors.js'
import {
  appCertificatePlace,
  appIdPlace,
  requireHexAppCertificate,
  requireHexAppId,
} from '../input/app-id.js'
import { readEnvironment } from './environment.js'
import type { Environment } from './environment.js'

/** Where each value stands in Agora Console. */
export const consolePlaces: Readonly<Record<'appId' | 'appCertificate' | 'customerPair', string>> = {
  appId: appIdPlace,
  appCertificate: appCertificatePlace,
  customerPair: 'Agora Console → Developer Toolkit → RESTful API → Add a secret',
}

interface CommonCredentials {
  readonly appId: string
  /** The host to talk to, when `AGORA_REST_BASE_URL` names one. */
  readonly baseUrl?: string
  /** The one other machine that plain http may go to, when `AGORA_ALLOW_INSECURE_HOST` names one. */
  readonly insecureHost?: string
}

/** Credentials for HTTP Basic; the certificate, when there is one, serves `issueToken`. */
export interface CustomerCredentials extends CommonCredentials {
  readonly customerId: string
  readonly customerSecret: string
  readonly appCertificate?: string
  readonly userId?: string
}

/** Credentials for tokens that are minted here for `userId`. */
export interface CertificateCredentials extends CommonCredentials {
  readonly customerId?: never
  readonly customerSecret?: never
  readonly appCertificate: string
  readonly userId: string
}

/** A complete set of credentials, as `createSignalingClient` takes them. */
export type Credentials = CustomerCredentials | CertificateCredentials

/**
 * Reads the credentials from the environment.
 *
 * HTTP Basic is used when there is a customer ID and secret. Otherwise tokens are used, which need the certificate and a user
 * ID. Pass the result to `createSignalingClient`. When it is logged or turned into JSON, it shows placeholders for secrets.
 *
 * @param env Default `process.env`.
 *
 * @example
 * const client = createSignalingClient(loadCredentials())
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` naming the variable and the console page, `ERR_CONFIG_INVALID` (also
 * for an `env` that is not one),
 * `ERR_CONFIG_CONFLICT` or `ERR_SECRET_EXPOSED`.
 * @throws {AgoraValidationError} `ERR_INVALID_APP_ID`, `ERR_INVALID_APP_CERTIFICATE`
 */
export function loadCredentials(env: Environment = process.env): Credentials {
  const settings = readEnvironment(env)
  const common = {
    appId: requireAppId(settings.appId),
    ...(settings.baseUrl === undefined ? {} : { baseUrl: settings.baseUrl }),
    ...(settings.insecureHost === undefined ? {} : { insecureHost: settings.insecureHost }),
  }
  const credentials: Credentials = { ...common, ...credentialsOfOneMode(settings) }
  refuseSameValues(credentials)
  return concealSecrets(credentials, ['customerSecret', 'appCertificate'])
}

/** The values a way to authenticate is chosen from. */
interface PossibleCredentials {
  readonly customerId?: string | undefined
  readonly customerSecret?: string | undefined
  readonly appCertificate?: string | undefined
  readonly userId?: string | undefined
}

/**
 * Chooses HTTP Basic when there is a customer ID or a customer secret, else tokens.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING`
 * @throws {AgoraValidationError} `ERR_INVALID_APP_CERTIFICATE`
 */
export function credentialsOfOneMode(
  possible: PossibleCredentials,
): Omit<CustomerCredentials, 'appId'> | Omit<CertificateCredentials, 'appId'> {
  const { customerId, customerSecret, appCertificate, userId } = possible
  if (appCertificate !== undefined) requireAppCertificate(appCertificate)
  if (customerId !== undefined || customerSecret !== undefined) {
    return {
      ...requireCustomerPair(customerId, customerSecret),
      ...(appCertificate === undefined ? {} : { appCertificate }),
      ...(userId === undefined ? {} : { userId }),
    }
  }
  if (appCertificate === undefined) {
    throw new AgoraConfigError(
      'ERR_CONFIG_MISSING',
      'No credentials are set. Set AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET ' +
        `(${consolePlaces.customerPair}), or AGORA_APP_CERTIFICATE (${consolePlaces.appCertificate}) and AGORA_USER_ID. ` +
        'AGORA_APP_CERTIFICATE counts for the App ID in AGORA_APP_ID only.',
    )
  }
  return { appCertificate, userId: requireServiceUserId(userId) }
}

/**
 * All four look alike, but Agora makes a different one for each. Two equal values mean that one was pasted in two places.
 * Two values that are swapped cannot be recognised here.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_CONFLICT`
 */
export function refuseSameValues(values: PossibleCredentials & { readonly appId: string }): void {
  const named = [
    ['The App ID (appId, AGORA_APP_ID)', values.appId],
    ['the app certificate (appCertificate, AGORA_APP_CERTIFICATE)', values.appCertificate],
    ['the customer ID (customerId, AGORA_CUSTOMER_ID)', values.customerId],
    ['the customer secret (customerSecret, AGORA_CUSTOMER_SECRET)', values.customerSecret],
  ] as const
  for (const [index, [name, value]] of named.entries()) {
    const other = named
      .slice(index + 1)
      .find(([, another]) => value !== undefined && value !== '' && another === value)
    if (other === undefined) continue
    throw new AgoraConfigError(
      'ERR_CONFIG_CONFLICT',
      `${name.replace(/^the /, 'The ')} and ${other[0]} are the same value, and Agora makes a different one for each. Copy both again from Agora Console.`,
    )
  }
}

/**
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` when there is none.
 * @throws {AgoraValidationError} `ERR_INVALID_APP_ID` when it is malformed.
 */
export function requireAppId(appId: unknown): string {
  if (appId === undefined || appId === null || appId === '') {
    throw new AgoraConfigError(
      'ERR_CONFIG_MISSING',
      `The App ID is missing. Pass appId, or set AGORA_APP_ID: ${consolePlaces.appId}.`,
    )
  }
  return requireHexAppId(appId, 'appId')
}

/** @throws {AgoraValidationError} `ERR_INVALID_APP_CERTIFICATE` */
export function requireAppCertificate(appCertificate: unknown): string {
  return requireHexAppCertificate(appCertificate, 'appCertificate')
}

/** @throws {AgoraConfigError} `ERR_CONFIG_MISSING` naming the half that is missing. */
function requireCustomerPair(
  customerId: string | undefined,
  customerSecret: string | undefined,
): { customerId: string; customerSecret: string } {
  if (customerId !== undefined && customerSecret !== undefined) return { customerId, customerSecret }
  const missing =
    customerId === undefined
      ? 'The customer ID (customerId, AGORA_CUSTOMER_ID)'
      : 'The customer secret (customerSecret, AGORA_CUSTOMER_SECRET)'
  throw new AgoraConfigError(
    'ERR_CONFIG_MISSING',
    `${missing} is missing, the other half of the pair is set: ${consolePlaces.customerPair}.`,
  )
}

/** @throws {AgoraConfigError} `ERR_CONFIG_MISSING` */
export function requireServiceUserId(userId: string | undefined): string {
  if (userId !== undefined) return userId
  throw new AgoraConfigError(
    'ERR_CONFIG_MISSING',
    'The user that the back end itself acts for is missing (userId, AGORA_USER_ID): with tokens, it acts as a user. Choose any name ' +
      'for it, for instance "server". Where userId is a function, which finds the users of requests, set AGORA_USER_ID.',
  )
}
