import { Server } from 'node:http'
import { Module } from '@nestjs/common'
import type { DynamicModule, INestApplication, ModuleMetadata, NestApplicationOptions } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { AbstractHttpAdapter } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { expect, onTestFinished } from 'vitest'

/** Every test of this package runs on both, with Nest 11 and with Nest 12. */
export const platforms: readonly Platform[] = [
  { platform: 'Express', createAdapter: () => new ExpressAdapter() },
  { platform: 'Fastify', createAdapter: () => new FastifyAdapter() },
]

export interface Platform {
  readonly platform: string
  readonly createAdapter: () => AbstractHttpAdapter
}

/** One HTTP answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The parsed JSON body; the text itself when it is not JSON. */
  readonly body: unknown
}

/** An application that listens until the test is over. */
export interface Site {
  readonly app: INestApplication
  readonly isListening: () => boolean
  /** The errors that Nest's logger was told of. */
  readonly logged: readonly unknown[]
  readonly warnings: readonly unknown[]
  fetch(path: string, init?: RequestInit): Promise<Answer>
}

export interface Preparation extends NestApplicationOptions {
  /** What `main.ts` does before the application listens. */
  readonly prepare?: (app: INestApplication) => void
}

@Module({})
// oxlint-disable-next-line typescript/no-extraneous-class -- a Nest module is its decorator
class Part {}

/** A module of an application. */
export function moduleOf(metadata: ModuleMetadata): DynamicModule {
  return { module: Part, ...metadata }
}

/** Starts an application; rejects when it does not start. */
export async function serve(
  { createAdapter }: Platform,
  metadata: ModuleMetadata,
  { prepare, ...options }: Preparation = {},
): Promise<Site> {
  const logged: unknown[] = []
  const warnings: unknown[] = []
  const logger = {
    log: ignore,
    warn: (warning: unknown) => void warnings.push(warning),
    error: (error: unknown) => void logged.push(error),
  }
  const whole = { logger, abortOnError: false, ...options }
  const app = await NestFactory.create(moduleOf(metadata), createAdapter(), whole)
  prepare?.(app)
  return listen(app, logged, warnings)
}

function ignore(): void {}

export async function listen(
  app: INestApplication,
  logged: readonly unknown[] = [],
  warnings: readonly unknown[] = [],
): Promise<Site> {
  await app.listen(0, '127.0.0.1')
  onTestFinished(() => app.close())
  const url = await app.getUrl()
  const server: unknown = app.getHttpServer()
  if (!isHttpServer(server)) throw new TypeError('The application has no HTTP server.')
  return {
    app,
    isListening: () => server.listening,
    logged,
    warnings,
    fetch: async (path, init) => readAnswer(await fetch(`${url}${path}`, init)),
  }
}

function isHttpServer(value: unknown): value is Server {
  return value instanceof Server
}

async function readAnswer(response: Awaited<ReturnType<typeof fetch>>): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, body }
}

/** Starts a server that listens until the test is over, and gives its URL. */
export async function listenOn(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

/** As `expect.stringMatching`, without its type `any`. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
