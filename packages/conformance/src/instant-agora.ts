import { Dispatcher } from 'undici'

const headers = { 'content-type': 'application/json' }
const sent = Buffer.from('{"result":"success","request_id":"1","code":"message_sent"}')

/** Stands in for the network: every call is answered at once, as a message that was sent. */
export class InstantAgora extends Dispatcher {
  override dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const controller: Dispatcher.DispatchController = {
      aborted: false,
      paused: false,
      reason: null,
      pause: () => {},
      resume: () => {},
      abort: () => {},
    }
    handler.onRequestStart?.(controller, {})
    handler.onResponseStart?.(controller, 200, headers, 'OK')
    handler.onResponseData?.(controller, sent)
    handler.onResponseEnd?.(controller, {})
    return true
  }
}
