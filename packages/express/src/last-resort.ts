import type { Application } from 'express'
import { agoraErrorHandler } from './error-handler.js'

const prepared = new WeakSet<Application>()

/**
 * Mounts {@link agoraErrorHandler} behind everything an application has, once.
 *
 * Express asks error handlers in the order they were mounted. At the first request an application has all of its own,
 * so that this one only gets errors that nobody else answered: without it they would become a 500.
 */
export function answerErrorsNobodyAnswers(app: Application): void {
  if (prepared.has(app)) return
  prepared.add(app)
  app.use(agoraErrorHandler())
}
