import type { Refusal } from 'ccass-2fa'
import { httpStatusOf, retryAfterOf } from 'ccass-2fa/messages'

/** What a refusal is over HTTP. */
export interface HttpRefusal {
  readonly status: number
  /** When to come back, in whole seconds: the header `retry-after`. */
  readonly retryAfter?: number
}

/** The status of a refusal, as the library suggests it. The body is the refusal itself: its caller may see it. */
export const httpRefusal = (refusal: Refusal, now: number): HttpRefusal => {
  const retryAfter = retryAfterOf(refusal, now)
  return { status: httpStatusOf(refusal), ...(retryAfter === undefined ? {} : { retryAfter }) }
}
