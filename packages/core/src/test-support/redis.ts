import { once } from 'node:events'
import { connect } from 'node:net'

/** Where the tests look for Redis: start one with `redis-server --port 6379`. */
export const redisUrl: string = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'

export async function redisAnswers(): Promise<boolean> {
  const { hostname, port } = new URL(redisUrl)
  const socket = connect(Number(port === '' ? 6379 : port), hostname)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
