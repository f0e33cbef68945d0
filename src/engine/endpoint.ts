import { err, type Result, ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { type RequestContext, requestContextSchema } from '../fields/request-context.ts'
import type { IdentityRefusal } from '../identity/refusals.ts'
import { type ParsedUserId, parseUserId } from '../identity/user-id.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { MalformedInput } from '../kernel/malformed-input.ts'
import type { OperationName } from '../ports/operation.ts'
import { contextOfCall, type ServiceContext } from './context.ts'
import { observeOperation } from './notify-observer.ts'
import { type EndpointRefusal, internalError } from './refusals.ts'

const ofContext = z.object({ context: requestContextSchema.optional() })

const malformed = ({ issues: [issue] }: z.ZodError): MalformedInput => ({
  code: 'malformed-input',
  rule: 'API-01',
  field: issue?.path.join('.') ?? '',
  problem: issue?.message ?? 'unknown',
})

/** Separates the request context, which every operation accepts, from the rest of the input. */
const split = (input: unknown): { readonly rest: unknown; readonly given: unknown } => {
  if (typeof input !== 'object' || input === null || !('context' in input))
    return { rest: input, given: undefined }
  const { context: given, ...rest } = input
  return { rest, given }
}

/** Runs an operation on its input; `context` is the service's, with the request context of this call. */
export type Run<I, T, E> = (input: I, context: ServiceContext) => Promise<Result<T, E>>

/** Validates the input, runs the operation and notifies the observer. */
const runOperation = async <I, T, E>(
  service: ServiceContext,
  operation: OperationName,
  shape: z.ZodType<I>,
  input: unknown,
  run: Run<I, T, E>,
): Promise<Result<T, E | EndpointRefusal>> => {
  const context = contextOfCall(service)
  // Observed within the same promise: a further one would cost more than the observation.
  const observed = observeOperation(context, operation)
  let request: RequestContext | undefined
  let result: Result<T, E | EndpointRefusal>
  try {
    const { rest, given } = split(input)
    const named = given === undefined ? undefined : ofContext.safeParse({ context: given })
    request = named?.data?.context
    const parsed = named?.success === false ? named : shape.safeParse(rest)
    result = parsed.success
      ? await run(parsed.data, request === undefined ? context : { ...context, request })
      : err(malformed(parsed.error))
  } catch (error) {
    context.onError({ port: 'library', error })
    result = err(internalError)
  }
  observed?.(result, request)
  return result
}

/**
 * Wraps one operation of the service. It validates the input, and converts every failure to a refusal, so
 * that the result never rejects. The observer is notified when the operation has ended.
 *
 * @rule API-01
 * @rule API-02
 * @rule PRI-01
 * @rule OBS-01
 */
export const endpoint =
  <I, T, E>(context: ServiceContext, operation: OperationName, shape: z.ZodType<I>, run: Run<I, T, E>) =>
  (input: I): ResultAsync<T, E | EndpointRefusal> =>
    new ResultAsync(runOperation(context, operation, shape, input, run))

/** Parses a User ID with the policy's interpretation of ID-06. */
export const readUserId = (
  context: ServiceContext,
  userId: string,
): Result<ParsedUserId, WithCode<IdentityRefusal, 'malformed-user-id'>> =>
  parseUserId(userId, context.policy.userId.seochAdministratorOrder)
