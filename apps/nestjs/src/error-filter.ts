import { Catch, HttpException, Logger } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import { BaseExceptionFilter } from '@nestjs/core'

/** Answers what is no error of Agora. An `HttpException` is the caller's: our own, and those of Nest and its JSON parser. */
@Catch()
export class ErrorFilter extends BaseExceptionFilter {
  readonly #logger = new Logger('Chat')

  override catch(error: unknown, host: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : 500
    const body =
      error instanceof HttpException && status < 500
        ? { code: codes[status] ?? 'ERR_INVALID_REQUEST', message: error.message }
        : { code: 'ERR_INTERNAL', message: 'Something went wrong on the server.' }
    // The caller is told nothing of the reason, so the developer has to be.
    if (status >= 500) this.#logger.error(error)
    super.catch(new HttpException(body, status), host)
  }
}

const codes: Record<number, string> = { 401: 'ERR_IDENTITY_MISSING', 404: 'ERR_NO_SUCH_ROUTE' }
