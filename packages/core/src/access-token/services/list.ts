/**
 * All services, each under its name in `ServiceType`. A new service is a new file and one line here. The types, the
 * numbers, reading, writing and checking follow.
 */
export { rtc as Rtc } from './rtc.js'
export { rtm as Rtm } from './rtm.js'
export { streaming as Streaming } from './streaming.js'
export { fpa as Fpa } from './fpa.js'
export { chat as Chat } from './chat.js'
export { fcdn as Fcdn } from './fcdn.js'
export { apaas as Apaas } from './apaas.js'
export { rtm2 as Rtm2 } from './rtm2.js'
export { convoAi as ConvoAi } from './convo-ai.js'
export { stt as Stt } from './stt.js'
