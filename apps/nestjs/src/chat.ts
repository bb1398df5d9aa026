import { Agora } from '@agora-signaling/nestjs'
import type { SignalingClient } from '@agora-signaling/nestjs'
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common'
import { flag, text } from './fields.js'
import { SessionGuard } from './sessions.js'

@Controller('token')
@UseGuards(SessionGuard)
export class Tokens {
  @Get()
  @Header('cache-control', 'no-store')
  issue(@Agora() agora: SignalingClient): unknown {
    return agora.issueToken({ userId: agora.userId ?? '' })
  }
}

@Controller('channels/:name')
@UseGuards(SessionGuard)
export class Channels {
  @Post('messages')
  @HttpCode(200)
  send(
    @Agora() agora: SignalingClient,
    @Param('name') channel: string,
    @Body('text', text) payload: string,
  ): Promise<unknown> {
    return agora.messages.sendToChannel({ channel, payload })
  }

  @Get('history')
  async history(
    @Agora() agora: SignalingClient,
    @Param('name') channel: string,
    @Query('before') before: unknown,
    @Query('limit') limit: unknown = 50,
  ): Promise<unknown> {
    const { messages, nextBefore } = await agora.history
      .list({ channel, before: before === undefined ? undefined : Number(before), limit: Number(limit) })
      .page()
    return { messages, nextBefore }
  }
}

@Controller('users/:id/messages')
@UseGuards(SessionGuard)
export class Users {
  @Post()
  @HttpCode(200)
  send(
    @Agora() agora: SignalingClient,
    @Param('id') to: string,
    @Body('text', text) payload: string,
    @Body('waitForAck', flag) waitForAck: boolean,
  ): Promise<unknown> {
    return agora.messages.sendToUser({ to, payload, waitForAck })
  }
}

@Controller('events')
@UseGuards(SessionGuard)
export class Events {
  // Reading deletes: Agora gives each event away once, to whoever asks first. In earnest, let one consumer read, keep
  // what it read before it goes on, and let no user near it.
  @Get()
  @Header('cache-control', 'no-store')
  async read(@Agora() agora: SignalingClient): Promise<unknown> {
    const [users, channels] = await Promise.all([
      agora.events.pullUserEvents(),
      agora.events.pullChannelEvents(),
    ])
    return { users, channels }
  }
}
