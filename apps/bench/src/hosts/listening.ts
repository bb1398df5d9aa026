import type { Server } from 'node:http'
import { portOf } from '../stub-agora.js'

/** Starts a server on a free port and gives its URL. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${portOf(server.address())}`
}
