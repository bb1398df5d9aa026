import type official from 'agora-token'
import { expectTypeOf } from 'vitest'
import type * as ours from '../agora-token.js'

// Whoever has a variable, a parameter or a mock of the official types can put ours there.
expectTypeOf<typeof ours>().toExtend<typeof official>()
expectTypeOf<keyof typeof ours>().toEqualTypeOf<keyof typeof official>()
expectTypeOf<ours.Rtm2Permissions>().toExtend<InstanceType<typeof official.Rtm2Permissions>>()
// Our builders take permissions that the official class made.
expectTypeOf<InstanceType<typeof official.Rtm2Permissions>>().toExtend<ours.Rtm2Permissions>()
// `privilegeExpire` may be left out, as the official code has it and its types do not.
expectTypeOf<Parameters<typeof ours.RtcTokenBuilder.buildTokenWithUid>['length']>().toEqualTypeOf<6 | 7>()
