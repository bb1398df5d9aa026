import { Agora, AgoraSignalingModule } from '@agora-signaling/nestjs'
import type { SignalingClient } from '@agora-signaling/core'
import { Controller, createParamDecorator, Get, Module } from '@nestjs/common'
import type { MiddlewareConsumer, NestModule } from '@nestjs/common'
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

const Nothing = createParamDecorator(() => undefined)

@Controller()
class NothingController {
  @Get()
  empty(@Nothing() nothing: undefined): string {
    return nothing ?? ''
  }
}

@Module({ controllers: [NothingController] })
class EmptyModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply((_req: unknown, _res: unknown, next: () => void) => next()).forRoutes('{*splat}')
  }
}

@Module({ imports: [AgoraSignalingModule.forRoot(projectOptions)], controllers: [ClientController] })
class AttachedModule {}

@Module({
  imports: [AgoraSignalingModule.forRoot({ ...projectOptions, ...callbacks })],
  controllers: [ClientController],
})
class CallbacksModule {}

/* oxlint-enable typescript/no-extraneous-class */

const modules = {
  bare: BareModule,
  empty: EmptyModule,
  attached: AttachedModule,
  callbacks: CallbacksModule,
} as const

export async function startNest(variant: Variant): Promise<string> {
  const app = await NestFactory.create(modules[variant], { logger: false })
  await app.listen(0, '127.0.0.1')
  return app.getUrl()
}
