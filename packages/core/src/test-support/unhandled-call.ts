import { createSignalingClient } from '../client/client.js'

/*
 * A program that does not handle the failure of its call, so that Node prints it. Started with the address of Agora, an App ID,
 * a customer ID and secret, and a payload.
 */
const [baseUrl = '', appId = '', customerId = '', customerSecret = '', payload = ''] = process.argv.slice(2)

const client = createSignalingClient({ appId, customerId, customerSecret, baseUrl, logLevel: 'debug' })
await client.messages.sendToUser({ from: 'alice', to: 'bob', payload })
