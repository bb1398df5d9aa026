import { timeLimitRules } from '../client/call-time-limits.js'
import type { PullOptions } from '../client/events.js'
import { clientOptionRules } from '../client/option-rules.js'
import type { UncheckedClientOptions } from '../client/options.js'
import { checkArguments, checkOptions } from './options.js'
import type { OptionRules } from './options.js'
import { text } from './rule.js'

interface WithNewArgument extends PullOptions {
  readonly newArgument?: string
}
interface WithNewOption extends UncheckedClientOptions {
  readonly newOption?: string
}
declare const args: WithNewArgument
declare const options: WithNewOption

checkArguments<PullOptions>('pullUserEvents()', {}, timeLimitRules)
checkOptions<UncheckedClientOptions>('createSignalingClient()', {}, clientOptionRules)
checkOptions('createSignalingClient()', options, { ...clientOptionRules, newOption: text })

// An option that has no rule does not compile.
// @ts-expect-error -- no rule for newArgument
checkArguments('pullUserEvents()', args, timeLimitRules)
// @ts-expect-error -- no rule for newOption
checkOptions('createSignalingClient()', options, clientOptionRules)
// @ts-expect-error -- no rule for newOption
export const incomplete: OptionRules<WithNewOption> = clientOptionRules
