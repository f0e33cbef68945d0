import type { Refusal } from 'ccass-2fa'
import { httpStatusOf, retryAfterOf } from 'ccass-2fa/messages'

/** A refusal over HTTP. */
export interface HttpRefusal {
  readonly status: number
  /** When to try again, in whole seconds, for the header `retry-after`. */
  readonly retryAfter?: number
}

/**
 * The HTTP status of a refusal, as the library suggests. The body is the refusal itself, which the caller may
 * see.
 */
export const httpRefusal = (refusal: Refusal, now: number): HttpRefusal => {
  const retryAfter = retryAfterOf(refusal, now)
  return { status: httpStatusOf(refusal), ...(retryAfter === undefined ? {} : { retryAfter }) }
}
