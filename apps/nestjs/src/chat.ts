import { Agora } from '@agora-signaling/nestjs'
import type { SignalingClient } from '@agora-signaling/nestjs'
import {
  Body,
  Controller,
  Get,
  Head,
  Header,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common'
import { z } from 'zod'
import { SessionGuard } from './sessions.js'

const message = z.object({ text: z.string(), waitForAck: z.boolean().optional() })
// What is no number is refused by Agora's client, like a number out of its range.
const page = z.object({ before: z.transform(Number).optional(), limit: z.transform(Number).default(50) })

@Controller()
@UseGuards(SessionGuard)
export class Chat {
  @Get('token')
  @Header('cache-control', 'no-store')
  issueToken(@Agora() agora: SignalingClient): unknown {
    return agora.issueToken({ userId: agora.userId ?? '' })
  }

  @Post('channels/:name/messages')
  @HttpCode(200)
  sendToChannel(
    @Agora() agora: SignalingClient,
    @Param('name') channel: string,
    @Body({ schema: message }) { text }: z.infer<typeof message>,
  ): Promise<unknown> {
    return agora.messages.sendToChannel({ channel, payload: text })
  }

  @Post('users/:id/messages')
  @HttpCode(200)
  sendToUser(
    @Agora() agora: SignalingClient,
    @Param('id') to: string,
    @Body({ schema: message }) { text, waitForAck }: z.infer<typeof message>,
  ): Promise<unknown> {
    return agora.messages.sendToUser({ to, payload: text, waitForAck })
  }

  @Get('channels/:name/history')
  async history(
    @Agora() agora: SignalingClient,
    @Param('name') channel: string,
    @Query({ schema: page }) { before, limit }: z.infer<typeof page>,
  ): Promise<unknown> {
    const { messages, nextBefore } = await agora.history.list({ channel, before, limit }).page()
    return { messages, nextBefore }
  }

  // Reading deletes: Agora gives each event away once, to whoever asks first. In earnest, let one consumer read, keep
  // what it read before it goes on, and let no user near it. HEAD would run the handler of GET, and lose what it read.
  @Head('events')
  refuseHead(): never {
    throw new NotFoundException()
  }

  @Get('events')
  @Header('cache-control', 'no-store')
  async readEvents(@Agora() agora: SignalingClient): Promise<unknown> {
    const [users, channels] = await Promise.all([
      agora.events.pullUserEvents(),
      agora.events.pullChannelEvents(),
    ])
    return { users, channels }
  }
}
