import { once } from 'node:events'
import { ChatClient, defineChatContract } from '@agora-signaling-apps/contract'
import type { RunningChat } from '@agora-signaling-apps/contract'
import { createEmulator } from '@agora-signaling/emulator'
import type { EmulatorEnvironment } from '@agora-signaling/emulator'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createApp } from './app.js'

async function start(
  environment: EmulatorEnvironment,
  onError: (error: unknown) => void = () => {},
): Promise<RunningChat> {
  const options = {
    appId: environment.AGORA_APP_ID,
    appCertificate: environment.AGORA_APP_CERTIFICATE,
    customerId: environment.AGORA_CUSTOMER_ID,
    customerSecret: environment.AGORA_CUSTOMER_SECRET,
    baseUrl: environment.AGORA_REST_BASE_URL,
  }
  const { app, close } = createApp(options, onError)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await close()
    },
  }
}

defineChatContract('The Express app inside of another program', (environment) => start(environment))

test('callers are not told why Agora refused the server; the developer is', async () => {
  const emulator = await createEmulator()
  onTestFinished(() => emulator.close())
  const onError = vi.fn<(error: unknown) => void>()
  const chat = await start({ ...emulator.env, AGORA_CUSTOMER_SECRET: 'wrong' }, onError)
  onTestFinished(() => chat.stop())
  const alice = await new ChatClient(chat.url).logIn('alice')
  const answer = await alice.post('/channels/lobby/messages', { text: 'hello' })
  const hint = 'The customer secret does not match the customer ID.'
  expect(onError.mock.calls).toMatchObject([[{ code: 'ERR_UNAUTHORIZED', hint }]])
  expect(JSON.stringify(answer)).not.toContain(hint)
})
