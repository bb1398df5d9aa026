import { AgoraSignalingModule } from '@agora-signaling/nestjs'
import type { AgoraRootOptions } from '@agora-signaling/nestjs'
import { BadRequestException, ConsoleLogger, Module, StandardSchemaValidationPipe } from '@nestjs/common'
import { APP_FILTER, NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { z } from 'zod'
import { Chat } from './chat.js'
import { ErrorFilter } from './error-filter.js'
import { Login, Sessions } from './sessions.js'

@Module({
  controllers: [Login, Chat],
  providers: [Sessions, { provide: APP_FILTER, useClass: ErrorFilter }],
})
// oxlint-disable-next-line typescript/no-extraneous-class -- a Nest module is its decorator
class ChatModule {}

/** A chat back end. Its options are those of `AgoraSignalingModule.forRoot()`. */
export async function createApp(options: AgoraRootOptions = {}): Promise<NestExpressApplication> {
  const agora = AgoraSignalingModule.forRoot({ ...options, userId: (req) => req.user?.id })
  const app = await NestFactory.create<NestExpressApplication>(
    { module: ChatModule, imports: [agora] },
    {
      // Mistakes in the set-up are thrown, for main.ts to tell.
      abortOnError: false,
      logger: false,
      // It would take forms, too.
      bodyParser: false,
    },
  )
  app.useLogger(new ConsoleLogger({ logLevels: ['error', 'warn'] }))
  // Room for the largest message, 32,768 bytes, with every character of it escaped.
  app.useBodyParser('json', { limit: '256kb' })
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({
      exceptionFactory: (issues) =>
        new BadRequestException(`The body must be valid application/json:\n${z.prettifyError({ issues })}`),
    }),
  )
  return app
}
