import { createServer } from 'node:http'
import { Catch, ConflictException, Controller, Get, Header, Res, UseFilters } from '@nestjs/common'
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common'
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core'
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js'
import { firstValueFrom, isObservable } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { optionsFor, useEmulator } from './emulator.test.support.js'
import { Agora, AgoraConfigError, AgoraError, AgoraExceptionFilter, AgoraSignalingModule } from './index.js'
import type { AgoraRootOptions, SignalingClient } from './index.js'
import { listenOn, matching, platforms, serve } from './site.test.support.js'
import type { Preparation, Site } from './site.test.support.js'

const emulator = useEmulator()

@Controller()
class LobbyController {
  @Get()
  async send(@Agora() agora: SignalingClient): Promise<unknown> {
    return agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
  }
}

interface NodeAnswer {
  write(text: string): void
}

/** The application's own: its answer looks like no other. */
class TeapotFilter implements ExceptionFilter {
  catch(_error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{ status(code: number): { send(body: object): void } }>()
    response.status(418).send({ code: 'TEAPOT' })
  }
}

async function upstreamThatAnswers(
  status: number,
  headers: Record<string, string> = {},
): Promise<{ baseUrl: string }> {
  const baseUrl = await listenOn(
    createServer((_req, res) => {
      res
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end('{"message":"words of Agora"}')
    }),
  )
  return { baseUrl }
}

describe.each(platforms)('errors of Agora calls with $platform', (platform) => {
  async function open(
    options: Pick<AgoraRootOptions, 'baseUrl' | 'userId'> = {},
    controllers: NonNullable<Parameters<typeof serve>[1]['controllers']> = [LobbyController],
    providers: NonNullable<Parameters<typeof serve>[1]['providers']> = [],
    preparation?: Preparation,
  ): Promise<Site> {
    const agora = AgoraSignalingModule.forRoot({ ...optionsFor(emulator()), userId: 'server', ...options })
    return serve(platform, { imports: [agora], controllers, providers }, preparation)
  }

  test.each([
    [401, 502, 'ERR_UNAUTHORIZED', 'logged'],
    [403, 502, 'ERR_FORBIDDEN', 'logged'],
    [435, 422, 'ERR_REJECTED_CONTENT', 'not logged'],
    [500, 502, 'ERR_UPSTREAM', 'logged'],
  ])(
    'Agora’s %d is our %d, %s, and %s; the reason is for the developer alone',
    async (upstreamStatus, status, code, logged) => {
      const site = await open(await upstreamThatAnswers(upstreamStatus))
      const answer = await site.fetch('/')
      expect(answer).toMatchObject({ status, body: { code } })
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(JSON.stringify(answer.body)).not.toMatch(/words of Agora|secret|customer/i)
      const error: unknown = expect.objectContaining({ code, upstreamStatus })
      expect(site.logged).toEqual(logged === 'logged' ? [error] : [])
    },
  )

  test('a quota refusal is our 503, with the time to wait', async () => {
    const site = await open(await upstreamThatAnswers(429, { 'retry-after': '7' }))
    const answer = await site.fetch('/')
    expect(answer).toMatchObject({ status: 503, body: { code: 'ERR_RATE_LIMITED' } })
    expect(answer.headers.get('retry-after')).toBe('7')
  })

  test('what the caller did wrong is 400, and not logged', async () => {
    const site = await open({ userId: () => 'alice/bob' })
    expect(await site.fetch('/')).toMatchObject({ status: 400, body: { code: 'ERR_INVALID_USER_ID' } })
    expect(site.logged).toEqual([])
  })

  test('is known also when it comes from another copy of core', async () => {
    const brand = Symbol.for('@agora-signaling/core.error')
    const foreign = Object.assign(new Error('of another copy'), {
      [brand]: true,
      code: 'ERR_IDENTITY_MISSING',
    })
    @Controller()
    class ForeignController {
      @Get()
      fail(): never {
        throw foreign
      }
    }
    const site = await open({}, [ForeignController])
    expect(await site.fetch('/')).toMatchObject({ status: 401, body: { code: 'ERR_IDENTITY_MISSING' } })
  })

  test('is answered with JSON, whatever the handler has announced', async () => {
    @Controller()
    class ReportController {
      @Get()
      @Header('content-type', 'text/csv')
      @Header('cache-control', 'public, max-age=600')
      async report(@Agora() agora: SignalingClient): Promise<unknown> {
        return agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
      }
    }
    const site = await open({ userId: () => undefined }, [ReportController])
    const { status, headers, body } = await site.fetch('/')
    expect([status, body]).toMatchObject([401, { code: 'ERR_IDENTITY_MISSING' }])
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('an answer that has begun is cut off, not completed', async () => {
    @Controller()
    class StreamController {
      @Get()
      async stream(
        @Agora() agora: SignalingClient,
        @Res() response: { raw?: NodeAnswer } & NodeAnswer,
      ): Promise<void> {
        const native = response.raw ?? response
        native.write('the beginning')
        await agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
      }
    }
    const site = await open(await upstreamThatAnswers(401), [StreamController])
    await expect(site.fetch('/')).rejects.toThrow('terminated')
    expect(site.logged).toEqual([expect.objectContaining({ code: 'ERR_UNAUTHORIZED' })])
  })

  describe('and filters of the application', () => {
    @Controller()
    class OwnErrorsController {
      @Get('conflict')
      conflict(): never {
        throw new ConflictException('taken')
      }
      @Get('fault')
      fault(): never {
        throw new Error('of the application')
      }
    }

    test('other errors are answered as ever', async () => {
      const site = await open({}, [OwnErrorsController])
      expect(await site.fetch('/conflict')).toMatchObject({ status: 409, body: { message: 'taken' } })
      expect(await site.fetch('/fault')).toMatchObject({ status: 500, body: { statusCode: 500 } })
    })

    test('a filter for everything gets all other errors', async () => {
      Catch()(TeapotFilter)
      const providers = [{ provide: APP_FILTER, useClass: TeapotFilter }]
      const site = await open({ userId: () => undefined }, [OwnErrorsController, LobbyController], providers)
      expect(await site.fetch('/conflict')).toMatchObject({ status: 418 })
      expect(await site.fetch('/fault')).toMatchObject({ status: 418 })
      expect(await site.fetch('/')).toMatchObject({ status: 401 })
    })

    @Catch(AgoraError)
    class OwnAgoraFilter extends TeapotFilter {}

    test('one of useGlobalFilters() comes first', async () => {
      const site = await open({ userId: () => undefined }, [LobbyController], [], {
        prepare: (app) => app.useGlobalFilters(new OwnAgoraFilter()),
      })
      expect(await site.fetch('/')).toMatchObject({ status: 418 })
    })

    test('one of a controller comes first', async () => {
      @UseFilters(OwnAgoraFilter)
      @Controller()
      class FilteredController extends LobbyController {}
      const site = await open({ userId: () => undefined }, [FilteredController])
      expect(await site.fetch('/')).toMatchObject({ status: 418 })
    })
  })
})

describe('outside of HTTP', () => {
  const error = new AgoraConfigError('ERR_CONFIG_MISSING', 'The App ID is missing.')
  const catchIn = (type: string): unknown => {
    const host = new ExecutionContextHost([])
    host.setType(type)
    return new AgoraExceptionFilter(new HttpAdapterHost()).catch(error, host)
  }

  test('a microservice gets what an HTTP caller would get', async () => {
    const answer = catchIn('rpc')
    if (!isObservable(answer)) throw new TypeError('A microservice takes a stream.')
    await expect(firstValueFrom(answer)).rejects.toMatchObject({
      code: 'ERR_CONFIG_MISSING',
      message: matching(/^(?!.*App ID)/),
    })
  })

  test('GraphQL gets the error', () => {
    expect(catchIn('graphql')).toBe(error)
  })
})
