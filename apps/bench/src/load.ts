import { Pool } from 'undici'
import type { Dispatcher } from 'undici'
import type { Sample } from './benchmark.js'
import type { ContenderProcess } from './contender-process.js'
import { inFlight } from './in-flight.js'

const connections = 32

type LoadRequest = Pick<Dispatcher.RequestOptions, 'path' | 'method' | 'headers' | 'body'>

/**
 * Sends a server requests over kept connections and says what they cost the server's process in CPU time. Wall time would
 * measure this process too: both share the machine.
 *
 * @throws when an answer is not 200.
 */
export function loader(request: LoadRequest): (server: ContenderProcess, count: number) => Promise<Sample> {
  return async (server, count) => {
    const pool = new Pool(server.address, { connections })
    const send = async (): Promise<void> => {
      const { statusCode, body } = await pool.request(request)
      const text = await body.text()
      if (statusCode !== 200) throw new Error(`A server answered ${statusCode}: ${text.slice(0, 200)}`)
    }
    // Connections are made before the clock starts.
    await inFlight(connections, connections, send)
    const cpuBeforeMs = await server.totalCpuMs()
    const startedMs = performance.now()
    await inFlight(count, connections, send)
    const wallMs = performance.now() - startedMs
    const cpuMs = (await server.totalCpuMs()) - cpuBeforeMs
    await pool.close()
    return { wallMs, cpuMs }
  }
}
