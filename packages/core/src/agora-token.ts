/** The builders of Agora's npm package `agora-token`, with errors that name the argument. */
export { ApaasTokenBuilder, EducationTokenBuilder } from './agora-token/apaas.js'
export { ChatTokenBuilder } from './agora-token/chat.js'
export { ConvoAITokenBuilder, SttTokenBuilder } from './agora-token/convo-ai-and-stt.js'
export { FpaTokenBuilder } from './agora-token/fpa.js'
export { RtcRole, RtcTokenBuilder } from './agora-token/rtc.js'
export { Rtm2Permissions } from './agora-token/rtm2-permissions.js'
export { RtmTokenBuilder } from './agora-token/rtm.js'
