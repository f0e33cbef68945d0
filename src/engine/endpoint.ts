import { err, type Result, ResultAsync } from 'neverthrow'
import type * as z from 'zod'
import type { IdentityRefusal } from '../identity/refusals.ts'
import { type ParsedUserId, parseUserId } from '../identity/user-id.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { ServiceContext } from './context.ts'
import type { EndpointRefusal } from './refusals.ts'

/**
 * One function of the public face: what it is given is checked first, and anything that happens inside,
 * nothing is thrown and nothing rejects.
 *
 * @rule API-01
 * @rule API-02
 */
export const endpoint =
  <I, T, E>(context: ServiceContext, shape: z.ZodType<I>, run: (input: I) => Promise<Result<T, E>>) =>
  (input: I): ResultAsync<T, E | EndpointRefusal> => {
    const safely = async (): Promise<Result<T, E | EndpointRefusal>> => {
      try {
        const parsed = shape.safeParse(input)
        if (parsed.success) return await run(parsed.data)
        const [issue] = parsed.error.issues
        const field = issue?.path.join('.') ?? ''
        return err({ code: 'malformed-input', rule: 'API-01', field, problem: issue?.message ?? 'unknown' })
      } catch (error) {
        context.onFault({ port: 'library', error })
        return err({ code: 'internal-fault', rule: 'API-02' })
      }
    }
    return new ResultAsync(safely())
  }

/** Reads a User ID by the policy's reading of ID-06. */
export const readUserId = (
  context: ServiceContext,
  userId: string,
): Result<ParsedUserId, WithCode<IdentityRefusal, 'malformed-user-id'>> =>
  parseUserId(userId, context.policy.userId.seochAdministratorOrder)
