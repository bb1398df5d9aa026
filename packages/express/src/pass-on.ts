import type { NextFunction } from 'express'

/**
 * Hands the reason of a rejected promise to Express. `next(undefined)` would mean success, and `next('route')` would
 * skip handlers, so a reason that is no object becomes an error.
 */
export function passOn(next: NextFunction): (reason: unknown) => void {
  return (reason) => {
    const isErrorLike = typeof reason === 'object' && reason !== null
    next(isErrorLike ? reason : new Error('A callback was rejected without an error.', { cause: reason }))
  }
}
