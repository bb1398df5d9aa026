import { createControls } from './controls.js'
import type { EmulatorControls } from './controls.js'
import { environmentFor } from './credentials.js'
import type { EmulatorCredentials, EmulatorEnvironment } from './credentials.js'
import { createApp } from './http/app.js'
import type { Surroundings } from './surroundings.js'
import { LimitCounter } from './http/limits.js'
import { listen, stop, urlOf } from './http/server.js'
import { resolveOptions } from './options.js'
import type { EmulatorOptions } from './options.js'
import { printAs } from './printing.js'
import { createRedactor } from './redaction.js'
import { Drops } from './state/drops.js'
import { RingBuffer } from './state/ring-buffer.js'
import { Signaling } from './state/signaling.js'

/** A running emulator. Logged or turned into JSON, it shows no secret. */
export interface Emulator extends EmulatorControls {
  /** Where it listens, without a final slash: the value for `baseUrl` and `AGORA_REST_BASE_URL`. */
  readonly url: string
  readonly credentials: EmulatorCredentials
  /** The environment variables that point `createSignalingClient` at it. */
  readonly env: EmulatorEnvironment
  /** Stops it and cuts open connections. Safe to call twice. */
  readonly close: () => Promise<void>
}

/**
 * Starts a local Agora Signaling REST server, and resolves when it can be reached.
 *
 * It keeps state as Agora does, and is as strict as the documentation. The header `x-emulator-reason` of each refusal says
 * what is wrong and what to do. An answer that no public source shows has `x-emulator-synthetic: true`.
 *
 * @example
 * const emulator = await createEmulator()
 * const client = createSignalingClient({ ...emulator.credentials, baseUrl: emulator.url })
 * emulator.users.login('bob')
 * await client.messages.sendToUser({ from: 'alice', to: 'bob', payload: 'Hello', waitForAck: true })
 * await emulator.close()
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist or cannot be, which it names, and for
 * a port that is taken.
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const resolved = resolveOptions(options)
  const { credentials, now, history, recordLimit, warn } = resolved
  const closing = new AbortController()
  const drops = new Drops(warn)
  const surroundings: Surroundings = {
    options: resolved,
    project: new Signaling({ now, history, recordLimit, drops }),
    requests: new RingBuffer(recordLimit),
    limitCounter:
      resolved.limits === 'documented' ? new LimitCounter(now, () => drops.note('limitCounts')) : undefined,
    drops,
    redactor: createRedactor(credentials),
    createdSeconds: Math.floor(now() / 1_000),
    closing: closing.signal,
  }
  const controls = createControls(surroundings)
  const server = await listen(createApp(surroundings, controls), resolved)
  const url = urlOf(server)

  const emulator: Emulator = {
    url,
    credentials,
    env: environmentFor(credentials, url),
    ...controls,
    close: () => {
      closing.abort()
      return stop(server)
    },
  }
  return printAs(emulator, () => ({ url, credentials }))
}
