import { once } from 'node:events'
import { createApp } from '@agora-signaling-apps/express'
import { createSignalingClient, loadCredentials } from '@agora-signaling/core'
import type { AuthStrategy, BasicCredentials, Credentials, SignalingClient } from '@agora-signaling/core'
import { createEmulator } from '@agora-signaling/emulator'
import type { Emulator } from '@agora-signaling/emulator'
import { createMasker } from './masking.js'

/** Where a walk takes place: Agora or the emulator, and the Express app in front of it. */
export interface Place {
  /** Nothing when this is Agora itself. */
  readonly emulator: Emulator | undefined
  readonly credentials: Credentials
  /** What is said in the lobby: different each time, to be found again. */
  readonly greeting: string
  /** Where the Express app listens. */
  readonly chatUrl: string
  /** Why the Express app last answered 500 or more: it does not tell its callers. */
  readonly lastServerError: () => unknown
  /** A client of the project that authenticates in its own way. */
  readonly connect: (auth: AuthStrategy) => SignalingClient
  /** Masks the secrets of this place, and its App ID, in a text. */
  readonly conceal: (text: string) => string
  readonly close: () => Promise<void>
}

/** An emulator of our own, with credentials made up on the spot. */
export async function openEmulator(): Promise<Place> {
  const emulator = await createEmulator()
  return openPlace({ ...emulator.credentials, baseUrl: emulator.url }, emulator)
}

/**
 * Agora itself, with the credentials of the environment.
 *
 * @throws {AgoraConfigError} naming the variable that is missing and where the console shows its value.
 */
export async function openAgora(): Promise<Place> {
  return openPlace(loadCredentials(), undefined)
}

async function openPlace(credentials: Credentials, emulator: Emulator | undefined): Promise<Place> {
  const { appId, baseUrl } = credentials
  let serverError: unknown
  const client = createSignalingClient(credentials)
  const chat = createApp({ client }, (error) => {
    serverError = error
  })
  const server = chat.app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const clients = [client]
  return {
    emulator,
    credentials,
    greeting: `Hello from the demo, ${new Date().toISOString()}`,
    chatUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    lastServerError: () => serverError,
    connect: (auth) => {
      const connected = createSignalingClient({ appId, baseUrl, auth })
      clients.push(connected)
      return connected
    },
    conceal: createMasker(secretsOf(credentials)),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await Promise.all(clients.map((each) => each.close()))
      await emulator?.close()
    },
  }
}

function secretsOf({
  appId,
  appCertificate = '',
  customerId = '',
  customerSecret = '',
}: Credentials): string[] {
  const basic = Buffer.from(`${customerId}:${customerSecret}`).toString('base64')
  return [basic, customerSecret, appCertificate, appId, customerId]
}

/** A step cannot be taken with the credentials there are; the message says which to set. */
export class CredentialsMissing extends Error {}

export function requireCustomerPair({ customerId, customerSecret }: Credentials): BasicCredentials {
  if (customerId !== undefined) return { customerId, customerSecret }
  throw new CredentialsMissing(
    'needs AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET: Agora Console → Developer Toolkit → RESTful API',
  )
}

export function requireAppCertificate({ appCertificate }: Credentials): string {
  if (appCertificate !== undefined) return appCertificate
  throw new CredentialsMissing(
    'needs AGORA_APP_CERTIFICATE: Agora Console → Project Management → the project → Edit → Primary certificate',
  )
}
