import { err, type Result, ResultAsync } from 'neverthrow'
import type * as z from 'zod'
import { type ParsedUserId, parseUserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { ServiceContext } from './context.ts'

/**
 * One function of the public face: what it is given is checked first, and whatever happens inside,
 * nothing is thrown and nothing rejects.
 *
 * @rule API-01
 * @rule API-02
 */
export const endpoint =
  <I, T>(context: ServiceContext, shape: z.ZodType<I>, run: (input: I) => Promise<Result<T, Refusal>>) =>
  (input: I): ResultAsync<T, Refusal> => {
    const safely = async (): Promise<Result<T, Refusal>> => {
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
export const readUserId = (context: ServiceContext, userId: string): Result<ParsedUserId, Refusal> =>
  parseUserId(userId, context.policy.userId.seochAdministratorOrder)
