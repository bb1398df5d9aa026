import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

const answerBody = JSON.stringify({
  result: 'success',
  request_id: '10116762670167749259',
  code: 'message_sent',
})
const answer = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: keep-alive\r\n' +
    `content-length: ${answerBody.length}\r\n\r\n${answerBody}`,
)

/**
 * The cheapest server that answers as Agora does, so that the client under test is what limits the throughput. It reads
 * `content-length` bodies and nothing else of HTTP.
 */
export async function startStubAgora(): Promise<string> {
  const server = createServer(answerRequests)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${portOf(server.address())}`
}

export function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('The server listens on no port.')
}

function answerRequests(socket: Socket): void {
  let received = ''
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    for (;;) {
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd === -1) return
      const length = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, headEnd))?.[1] ?? '0'
      const end = headEnd + 4 + Number(length)
      if (received.length < end) return
      received = received.slice(end)
      socket.write(answer)
    }
  })
}
