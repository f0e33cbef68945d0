import * as z from 'zod'
import { lineOfText } from './text.ts'

/**
 * Where a call comes from, as the host knows it. It is personal data: the trail keeps it beside the hash chain, and
 * it can be erased without breaking the chain.
 *
 * @rule PRI-01
 * @category Basics
 */
export interface RequestContext {
  /**
   * The network source, 1–256 characters: an IP address, as a proxy that the host trusts reports it. The rate
   * limiter counts by it (LOCK-14).
   */
  readonly source?: string | undefined
  /** The `User-Agent` header, 1–1,024 characters. */
  readonly userAgent?: string | undefined
  /** The host's id of the request, 1–128 characters, to find it in the host's own logs. */
  readonly requestId?: string | undefined
}

/**
 * What every call accepts besides its own input.
 *
 * @category Basics
 */
export interface WithRequestContext {
  /**
   * Where the call comes from. It is recorded with every trail entry that the call writes, given to the observer,
   * and its `source` to the rate limiter.
   *
   * @rule PRI-01
   */
  readonly context?: RequestContext | undefined
}

/**
 * What a call of an unauthenticated caller accepts where a rate limiter counts by source: the source is required.
 *
 * @rule LOCK-14
 * @category Basics
 */
export interface WithClientSource {
  /** Where the call comes from; the rate limiter counts by its `source`. */
  readonly context: RequestContext & { readonly source: string }
}

/**
 * The schema of a request context.
 *
 * @rule PRI-01
 */
export const requestContextSchema = z.strictObject({
  source: lineOfText(256).min(1).optional(),
  userAgent: lineOfText(1_024).min(1).optional(),
  requestId: lineOfText(128).min(1).optional(),
})
