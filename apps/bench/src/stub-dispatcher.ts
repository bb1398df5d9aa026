import { Dispatcher } from 'undici'

const answerBody = Buffer.from('{"result":"success","request_id":"1","code":"message_sent"}')

const controller: Dispatcher.DispatchController = {
  get aborted() {
    return false
  },
  get paused() {
    return false
  },
  get reason() {
    return null
  },
  abort() {},
  pause() {},
  resume() {},
}

/** Answers as Agora does without a socket: for what is about memory and not about time. */
export class StubDispatcher extends Dispatcher {
  override dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    handler.onRequestStart?.(controller, {})
    handler.onResponseStart?.(controller, 200, {}, 'OK')
    handler.onResponseData?.(controller, answerBody)
    handler.onResponseEnd?.(controller, {})
    return true
  }
}
