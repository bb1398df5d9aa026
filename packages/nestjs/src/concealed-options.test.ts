import { inspect } from 'node:util'
import { NestFactory } from '@nestjs/core'
import { expect, onTestFinished, test } from 'vitest'
import { moduleOptions } from './clients.js'
import { optionsFor, useEmulator } from './emulator.test.support.js'
import { AgoraSignalingModule } from './index.js'
import { moduleOf } from './site.test.support.js'

const emulator = useEmulator()

test.each(['forRoot', 'forRootAsync'] as const)(
  'an application that is printed shows no secret of the options of %s',
  async (how) => {
    const route = {
      path: 'agora/notifications',
      onNotification: () => undefined,
      secret: 'canary-of-a-webhook',
    }
    const options = optionsFor(emulator())
    const agora =
      how === 'forRoot'
        ? AgoraSignalingModule.forRoot({ ...options, notificationRoute: route })
        : AgoraSignalingModule.forRootAsync({
            notificationRoute: { path: route.path },
            useFactory: () => ({ ...options, notificationRoute: route }),
          })
    const app = await NestFactory.createApplicationContext(moduleOf({ imports: [agora] }), { logger: false })
    onTestFinished(() => app.close())
    const kept: unknown = app.get(moduleOptions)
    // They are there, and can be read.
    expect(kept).toMatchObject({ ...options, notificationRoute: { secret: route.secret } })
    for (const shown of [
      inspect(kept, { depth: Infinity, showHidden: true }),
      inspect(kept, { depth: Infinity, customInspect: false }),
      inspect(app, { depth: 12, customInspect: false }),
      JSON.stringify(kept),
    ]) {
      for (const secret of [options.customerSecret, options.appCertificate, route.secret])
        expect(shown.split('\n').filter((line) => line.includes(secret))).toEqual([])
    }
  },
)
