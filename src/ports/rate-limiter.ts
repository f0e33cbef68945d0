/**
 * The operations that unauthenticated callers can use. Each can cost the host a hash, a mail or a trail
 * entry.
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
 * An attempt by an unauthenticated caller, before it is admitted.
 *
 * @category Ports
 */
export interface RateLimitedAttempt {
  /** Where the request comes from, for example an IP address: 1–256 characters, chosen by the host. */
  readonly source: string
  readonly operation: UnauthenticatedOperation
}

/**
 * Whether an attempt is admitted.
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
 * Limits how many attempts one source may make, across all accounts. The rate limiter decides the limits.
 * Without a rate limiter, there is no limit by source.
 *
 * @rule LOCK-14
 * @category Ports
 */
export interface RateLimiter {
  /**
   * Counts an attempt and decides whether it is admitted, in one step: concurrent attempts never get more
   * admissions than consecutive ones. It is called before anything is loaded, hashed, counted or recorded. A
   * rejection means that the limiter cannot tell, and the attempt is not admitted.
   */
  consume(attempt: RateLimitedAttempt): Promise<RateLimitDecision>
}
