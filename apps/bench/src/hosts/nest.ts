import { Agora, AgoraSignalingModule } from '@agora-signaling/nestjs'
import type { SignalingClient } from '@agora-signaling/core'
import { Controller, Get, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { callbacks, projectOptions } from './variant.js'
import type { Variant } from './variant.js'

@Controller()
class BareController {
  @Get()
  empty(): string {
    return ''
  }
}

/** Nest makes the client of a request when a handler asks for it: an empty route that does not ask costs nothing. */
@Controller()
class ClientController {
  @Get()
  empty(@Agora() agora: SignalingClient): string {
    return agora.userId === '' ? 'nobody' : ''
  }
}

/* oxlint-disable typescript/no-extraneous-class -- a Nest module is its decorator */
@Module({ controllers: [BareController] })
class BareModule {}

@Module({ imports: [AgoraSignalingModule.forRoot(projectOptions)], controllers: [ClientController] })
class AttachedModule {}

@Module({
  imports: [AgoraSignalingModule.forRoot({ ...projectOptions, ...callbacks })],
  controllers: [ClientController],
})
class CallbacksModule {}

/* oxlint-enable typescript/no-extraneous-class */

const modules = { bare: BareModule, attached: AttachedModule, callbacks: CallbacksModule } as const

export async function startNest(variant: Variant): Promise<string> {
  const app = await NestFactory.create(modules[variant], { logger: false })
  await app.listen(0, '127.0.0.1')
  return app.getUrl()
}
