import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { MalformedInput } from '../kernel/malformed-input.ts'
import type { RateLimitDecision, UnauthenticatedOperation } from '../ports/rate-limiter.ts'
import { callPort, type ServiceContext } from './context.ts'
import { endpoint } from './endpoint.ts'
import type { PortFailed, RateLimited, UnauthenticatedRefusal } from './refusals.ts'

/** Where an attempt comes from. */
export interface ClientSource {
  /**
   * What the rateLimiter counts by, 1–256 characters: an IP address, say, as the host's proxy vouches for it.
   * Must be given where there is a rateLimiter; not looked at where there is none.
   *
   * @rule LOCK-14
   */
  readonly source?: string | undefined
}

/** The field of {@link ClientSource}, for the shape of an input. */
export const clientSource = { source: z.string().min(1).max(256).optional() }

/** A malformed answer means that the rate limiter failed; it never admits the attempt. */
const validDecision = (answer: RateLimitDecision): RateLimitDecision => {
  if (answer?.allowed === true) return answer
  const seconds = answer?.allowed === false ? answer.retryAfterSeconds : Number.NaN
  if (!(Number.isFinite(seconds) && seconds > 0)) throw new Error('the rateLimiter gave no answer to go by')
  return answer
}

/**
 * Asks the rateLimiter, if there is one.
 *
 * @returns nothing; or `rate-limited`; `malformed-input` where the host keeps the source to itself: a limit
 * that one route forgets to ask for is none; `port-failed`.
 * @rule LOCK-14
 */
const checkRateLimit = async (
  context: ServiceContext,
  act: UnauthenticatedOperation,
  source: string | undefined,
): Promise<Result<void, MalformedInput | RateLimited | PortFailed>> => {
  const { rateLimiter } = context.ports
  if (rateLimiter === undefined) return ok(undefined)
  if (source === undefined) {
    const problem = 'must be given, for there is a rateLimiter'
    return err({ code: 'malformed-input', rule: 'API-01', field: 'source', problem })
  }
  const answer = await callPort(context, 'rateLimiter', async () =>
    validDecision(await rateLimiter.admit({ source, operation: act })),
  )
  return answer.andThen((admission) =>
    admission.allowed
      ? ok(undefined)
      : err({
          code: 'rate-limited' as const,
          rule: 'LOCK-14' as const,
          retryAfterSeconds: Math.ceil(admission.retryAfterSeconds),
        }),
  )
}

/** One function of the public face that is open to strangers: the rateLimiter is asked before all else. */
export const unauthenticatedEndpoint = <I extends ClientSource, T, E>(
  context: ServiceContext,
  act: UnauthenticatedOperation,
  shape: z.ZodType<I>,
  run: (input: I) => Promise<Result<T, E>>,
): ((input: I) => ResultAsync<T, E | UnauthenticatedRefusal>) =>
  endpoint(context, shape, async (input: I): Promise<Result<T, E | UnauthenticatedRefusal>> => {
    const answer = await checkRateLimit(context, act, input.source)
    return answer.isErr() ? err(answer.error) : run(input)
  })
