import type { OptionRules } from '../input/options.js'
import { aFunction, aNumber, either, oneOf, text } from '../input/rule.js'
import type { Rule } from '../input/rule.js'
import { appCertificateText, appIdText, lifetimeInSeconds, userIdText } from '../input/values.js'
import type { AccessToken2AuthOptions } from './access-token2.js'
import type { BasicCredentials, TokenHeaderStyle, TokenHeadersOptions } from './headers.js'
import type { TokenAuthOptions } from './supplied-token.js'

/** How a token travels. */
export const headerStyle: Rule<TokenHeaderStyle> = oneOf(['authorization', 'x-agora', 'both'])

/** A token, or where one comes from. */
export const tokenSource: Rule<TokenAuthOptions['token']> = either(
  { ...text, expected: 'a token as text' },
  aFunction<() => string | Promise<string>>('a function that fetches one'),
)

export const basicCredentialsRules: OptionRules<BasicCredentials> = {
  customerId: text,
  customerSecret: text,
}

export const accessToken2AuthRules: OptionRules<AccessToken2AuthOptions> = {
  appId: appIdText,
  appCertificate: appCertificateText,
  userId: userIdText,
  ttlSeconds: lifetimeInSeconds,
  headerStyle,
  maxCachedTokens: aNumber('a number of tokens'),
}

export const tokenAuthRules: OptionRules<TokenAuthOptions> = {
  token: tokenSource,
  userId: userIdText,
  headerStyle,
}

export const tokenHeadersRules: OptionRules<TokenHeadersOptions> = {
  token: text,
  userId: userIdText,
  headerStyle,
}
