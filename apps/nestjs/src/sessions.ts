import { randomUUID } from 'node:crypto'
import { Agora } from '@agora-signaling/nestjs'
import type { SignalingClient } from '@agora-signaling/nestjs'
import { Body, Controller, HttpCode, Inject, Injectable, Post, UnauthorizedException } from '@nestjs/common'
import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { text } from './fields.js'

interface SessionRequest {
  readonly headers: { readonly authorization?: string }
  user?: { readonly id: string }
}

@Injectable()
export class Sessions {
  readonly #userIds = new Map<string, string>()

  begin(userId: string): string {
    const session = randomUUID()
    this.#userIds.set(session, userId)
    return session
  }

  userIdOf(session: string): string | undefined {
    return this.#userIds.get(session)
  }
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
    const session = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const id = this.#sessions.userIdOf(session)
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
  logIn(@Agora() agora: SignalingClient, @Body('userId', text) userId: string): { session: string } {
    agora.as(userId) // refuses an ID that Agora would refuse
    return { session: this.#sessions.begin(userId) }
  }
}
