import { oneOf } from '../input/rule.js'
import type { Rule } from '../input/rule.js'

/**
 * How a token travels: `authorization` is `Authorization: agora token=…`, the form of the current pages; `x-agora`
 * is `x-agora-token` with `x-agora-uid`, the form of the older ones; `both` sends all three headers.
 */
export type TokenHeaderStyle = 'authorization' | 'x-agora' | 'both'

export const headerStyle: Rule<TokenHeaderStyle> = oneOf(['authorization', 'x-agora', 'both'])
