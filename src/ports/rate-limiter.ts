/**
 * The operations of unauthenticated callers. Each can cost the host a hash, a mail or an entry in a trail.
 *
 * @category Ports
 */
export type UnauthenticatedOperation =
  | 'signIn.begin'
  | 'signIn.confirmOtp'
  | 'signIn.resendCode'
  | 'signIn.cancel'
  | 'passwordSetUp.begin'
  | 'passwordSetUp.confirmCode'
  | 'passwordSetUp.complete'
  | 'enrolment.chooseChannel'
  | 'enrolment.confirm'

/**
 * Someone is about to act.
 *
 * @category Ports
 */
export interface RateLimitedAttempt {
  /** Where the request comes from, 1–256 characters, as named by the host, for example an IP address. */
  readonly source: string
  readonly operation: UnauthenticatedOperation
}

/**
 * Whether an attempt may go on.
 *
 * @category Ports
 */
export type RateLimitDecision =
  | { readonly allowed: true }
  | {
      readonly allowed: false
      /** When to try again: a positive number of seconds, fractions allowed. */
      readonly retryAfterSeconds: number
    }

/**
 * Limits how much one source may attempt, whichever accounts it aims at. How much is too much, is the rate
 * limiter's to say. Without a rate limiter nothing is limited by source.
 *
 * @rule LOCK-14
 * @category Ports
 */
export interface RateLimiter {
  /**
   * Counts an attempt and answers whether it may go on, in one step: of attempts at the same time no more
   * are admitted than of attempts one after the other. It is asked before anything is loaded, hashed,
   * counted or recorded. A rejection means that it can't tell, and the attempt is not admitted.
   */
  consume(attempt: RateLimitedAttempt): Promise<RateLimitDecision>
}
