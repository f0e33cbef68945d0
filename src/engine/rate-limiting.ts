import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import type * as z from 'zod'
import type { MalformedInput } from '../kernel/malformed-input.ts'
import type { RateLimitDecision, UnauthenticatedOperation } from '../ports/rate-limiter.ts'
import { callPort, type ServiceContext } from './context.ts'
import { endpoint, type Run } from './endpoint.ts'
import type { PortFailed, RateLimited, UnauthenticatedRefusal } from './refusals.ts'

/** A malformed decision means that the rate limiter failed; it never admits the attempt. */
const validDecision = (answer: RateLimitDecision): RateLimitDecision => {
  if (answer?.allowed === true) return answer
  const seconds = answer?.allowed === false ? answer.retryAfterSeconds : Number.NaN
  if (!(Number.isFinite(seconds) && seconds > 0))
    throw new Error(
      'the rate limiter must return { allowed: true }, or { allowed: false } with retryAfterSeconds above 0',
    )
  return answer
}

/**
 * Asks the rate limiter for a decision, if there is one.
 *
 * @returns nothing; or `rate-limited`; `malformed-input` if the host passed no `source`, because a route
 * without it would have no limit; `port-failed`.
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
    return err({ code: 'malformed-input', rule: 'API-01', field: 'context.source', problem })
  }
  const answer = await callPort(context, 'rateLimiter', async () =>
    validDecision(await rateLimiter.consume({ source, operation: act })),
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

/** Wraps an operation for unauthenticated callers: the rate limiter is asked before anything else. */
export const unauthenticatedEndpoint = <I, T, E>(
  context: ServiceContext,
  operation: UnauthenticatedOperation,
  shape: z.ZodType<I>,
  run: Run<I, T, E>,
): ((input: I) => ResultAsync<T, E | UnauthenticatedRefusal>) =>
  endpoint(
    context,
    operation,
    shape,
    async (input: I, context): Promise<Result<T, E | UnauthenticatedRefusal>> => {
      const answer = await checkRateLimit(context, operation, context.request?.source)
      return answer.isErr() ? err(answer.error) : run(input, context)
    },
  )
