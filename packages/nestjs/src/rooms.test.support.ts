import { setImmediate } from 'node:timers/promises'
import { Body, Controller, Param, Post, UseGuards } from '@nestjs/common'
import type { CanActivate, DynamicModule, ExecutionContext } from '@nestjs/common'
import { Agora, InjectAgora } from './index.js'
import type { SignalingClient } from './index.js'
import { moduleOf } from './site.test.support.js'

interface UserRequest {
  readonly headers: Readonly<Record<string, string | undefined>>
  user?: { readonly id: string }
}

/** Signs in whom the header names, as a session would: after the middleware, and in its own time. */
export class SessionGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<UserRequest>()
    const id = request.headers['x-session']
    await setImmediate()
    if (id !== undefined) request.user = { id }
    return true
  }
}

/** A request of somebody who is signed in. */
export function as(user: string, init: RequestInit = {}): RequestInit {
  const headers = new Headers(init.headers)
  headers.set('x-session', user)
  return { ...init, headers }
}

/** Says hello, for `/rooms/:room/messages`. */
export const hello: RequestInit = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ text: 'hello' }),
}

@UseGuards(SessionGuard)
@Controller('rooms')
class RoomsController {
  readonly #agora: SignalingClient

  constructor(@InjectAgora() agora: SignalingClient) {
    this.#agora = agora
  }

  @Post(':room/messages')
  async send(
    @Agora() agora: SignalingClient,
    @Param('room') channel: string,
    @Body('text') payload: string,
  ): Promise<unknown> {
    return agora.messages.sendToChannel({ channel, payload })
  }

  @Post(':room/announcements')
  async announce(@Param('room') channel: string, @Body('text') payload: string): Promise<unknown> {
    return this.#agora.messages.sendToChannel({ from: 'announcer', channel, payload })
  }
}

/** A feature of an application: it imports nothing of ours. */
export const RoomsModule: DynamicModule = moduleOf({ controllers: [RoomsController] })
