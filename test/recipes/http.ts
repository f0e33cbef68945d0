import type { Refusal, RequestContext } from 'ccass-2fa'
import { preferredLocale, problemHeaders, toProblemDetails } from 'ccass-2fa/messages'

/** The cookie of a session: this host only, no scripts, not from other sites. Browsers accept it on localhost too. */
export const cookieName = '__Host-session'
export const cookieOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

/** Where a call comes from: the rate limiter counts by it, and the trail records it. */
export const contextOf = (source: string | undefined, userAgent: string | undefined): RequestContext => ({
  source: source ?? 'unknown',
  userAgent,
})

/** A refusal as problem details (RFC 9457), in the caller’s language. */
export const problemOf = (refusal: Refusal, acceptLanguage: string | undefined) => {
  const messages = preferredLocale(acceptLanguage)
  return {
    body: toProblemDetails(refusal, { messages }),
    headers: problemHeaders(refusal, { messages, now: Date.now() }),
  }
}
