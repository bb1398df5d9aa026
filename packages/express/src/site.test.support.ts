import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import express5 from 'express'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import express4 from 'express4'
import { expect, onTestFinished } from 'vitest'

/** Every test of this package runs on both. */
export const expressVersions: readonly { version: string; express: typeof express5 }[] = [
  { version: 'Express 4', express: express4 },
  { version: 'Express 5', express: express5 },
]

/** One HTTP answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The parsed JSON body; the text itself when it is not JSON. */
  readonly body: unknown
}

/** A site that listens for the rest of the test. */
export interface Site {
  readonly url: string
  get(path: string, init?: RequestInit): Promise<Answer>
}

export async function serve(listener: RequestListener): Promise<Site> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('The site listens on no port.')
  const url = `http://127.0.0.1:${address.port}`
  return { url, get: async (path, init) => readAnswer(await fetch(`${url}${path}`, init)) }
}

async function readAnswer(response: FetchResponse): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, body }
}

type FetchResponse = Awaited<ReturnType<typeof fetch>>

/** A route whose promise Express 4 follows, too. */
export function route(handle: (req: Request, res: Response) => Promise<void>): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    handle(req, res).catch(next)
  }
}

/** As `expect.stringMatching`, without its type `any`. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
