import { randomUUID } from 'node:crypto'
import { Agora } from '@agora-signaling/nestjs'
import type { SignalingClient } from '@agora-signaling/nestjs'
import { Body, Controller, HttpCode, Inject, Injectable, Post, UnauthorizedException } from '@nestjs/common'
import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { z } from 'zod'

const login = z.object({ userId: z.string() })

/** The user IDs, by session. */
@Injectable()
export class Sessions extends Map<string, string> {}

interface SessionRequest {
  readonly headers: { readonly authorization?: string }
  user?: { readonly id: string }
}

/** Lets nobody in without a session, and leaves its user where `AgoraSignalingModule` finds it. */
@Injectable()
export class SessionGuard implements CanActivate {
  readonly #sessions: Sessions

  constructor(@Inject(Sessions) sessions: Sessions) {
    this.#sessions = sessions
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SessionRequest>()
    const id = this.#sessions.get(/^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '')
    if (id === undefined) throw new UnauthorizedException('Sign in first: POST /login.')
    request.user = { id }
    return true
  }
}

/** A stub in place of a login: anyone may be anyone. Put your own sign-in here, and let the guard read its session. */
@Controller('login')
export class Login {
  readonly #sessions: Sessions

  constructor(@Inject(Sessions) sessions: Sessions) {
    this.#sessions = sessions
  }

  @Post()
  @HttpCode(200)
  logIn(
    @Agora() agora: SignalingClient,
    @Body({ schema: login }) { userId }: z.infer<typeof login>,
  ): unknown {
    agora.as(userId) // refuses an ID that Agora would refuse
    const session = randomUUID()
    this.#sessions.set(session, userId)
    return { session }
  }
}
