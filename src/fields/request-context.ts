import * as z from 'zod'
import { lineOfText, replaceUnprintable } from './text.ts'

/**
 * The origin of a call, as the host knows it. It is personal data: the trail keeps it outside the hash chain,
 * so that it can be erased without breaking the chain.
 *
 * @rule PRI-01
 * @category Basics
 */
export interface RequestContext {
  /**
   * The network source, 1–256 characters: an IP address, as reported by a proxy that the host trusts. The
   * rate limiter counts by it (LOCK-14).
   */
  readonly source?: string | undefined
  /**
   * The `User-Agent` header as the client sent it: of its first 1,024 characters the printable ones are kept, and
   * no call is refused because of it.
   */
  readonly userAgent?: string | undefined
  /** The host's id of the request, 1–128 characters, to find the request in the host's logs. */
  readonly requestId?: string | undefined
}

/**
 * The request context, which every call accepts in addition to its own input.
 *
 * @category Basics
 */
export interface WithRequestContext {
  /**
   * The origin of the call. It is recorded with every trail entry that the call writes and passed to the
   * observer; its `source` is passed to the rate limiter.
   *
   * @rule PRI-01
   */
  readonly context?: RequestContext | undefined
}

/**
 * The request context of an unauthenticated call if a rate limiter counts by source: the source is required.
 *
 * @rule LOCK-14
 * @category Basics
 */
export interface WithClientSource {
  /** The origin of the call; the rate limiter counts by its `source`. */
  readonly context: RequestContext & { readonly source: string }
}

/** The client writes this header, so that no length and no character of it may end in a refusal. */
const userAgent = z
  .string()
  .transform((sent) => replaceUnprintable(sent.slice(0, 1_024), () => '') || undefined)

/**
 * The schema of a request context.
 *
 * @rule PRI-01
 */
export const requestContextSchema = z.strictObject({
  source: lineOfText(256).min(1).optional(),
  userAgent: userAgent.optional(),
  requestId: lineOfText(128).min(1).optional(),
})
