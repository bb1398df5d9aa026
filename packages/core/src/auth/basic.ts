import { checkOptions } from '../input/options.js'
import { concealSecrets } from '../concealment.js'
import { basicAuthHeaders, basicCredentialsRules } from './headers.js'
import type { BasicCredentials } from '../credentials/basic-credentials.js'
import type { AuthStrategy, Authorization } from './strategy.js'

/**
 * Authenticates with HTTP Basic: a customer ID and customer secret. Any user may be the sender of a message.
 *
 * @example
 * createSignalingClient({ appId, auth: basicAuth({ customerId, customerSecret }) })
 *
 * @throws as {@link basicAuthHeaders}
 * @see https://docs.agora.io/en/signaling/rest-api/restful-authentication
 */
export function basicAuth(credentials: BasicCredentials): AuthStrategy {
  checkOptions('basicAuth()', credentials, basicCredentialsRules)
  const headers = basicAuthHeaders(credentials)
  const given: Authorization = {
    headers,
    secrets: [headers.authorization.slice('Basic '.length), credentials.customerSecret],
    explainRefusal: () =>
      'Agora does not accept this customer ID and customer secret. Check that both come from the same line of Agora Console → ' +
      'Developer Toolkit → RESTful API, that the pair was not deleted there, and that it belongs to the account that owns the App ID. ' +
      'They are not the App ID and app certificate.',
  }
  const authorization = concealSecrets(given, ['headers', 'secrets'])
  return {
    kind: 'basic',
    userId: undefined,
    canActFor: () => true,
    authorize: () => authorization,
    renew: () => false,
  }
}
