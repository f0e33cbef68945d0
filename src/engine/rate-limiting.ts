import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { Refusal } from '../kernel/refusal.ts'
import type { Admission, StrangerAct } from '../ports/rate-limiter.ts'
import { ask, type Context } from './context.ts'
import { face } from './endpoint.ts'

/** Where an attempt comes from. */
export interface FromSource {
  /**
   * What the throttle counts by, 1–256 characters: an IP address, say, as the host's proxy vouches for it.
   * Must be given where there is a throttle; not looked at where there is none.
   *
   * @rule LOCK-14
   */
  readonly source?: string | undefined
}

/** The field of {@link FromSource}, for the shape of an input. */
export const fromSource = { source: z.string().min(1).max(256).optional() }

/** An answer that is none is a throttle that can't tell: never an open door. */
const understood = (answer: Admission): Admission => {
  if (answer?.admitted === true) return answer
  const seconds = answer?.admitted === false ? answer.retryAfterSeconds : Number.NaN
  if (!(Number.isFinite(seconds) && seconds > 0)) throw new Error('the throttle gave no answer to go by')
  return answer
}

/**
 * Asks the throttle, if there is one.
 *
 * @returns nothing; or `throttled`; `malformed-input` where the host keeps the source to itself: a limit
 * that one route forgets to ask for is none; `port-failed`.
 * @rule LOCK-14
 */
const admitted = async (
  context: Context,
  act: StrangerAct,
  source: string | undefined,
): Promise<Result<void, Refusal>> => {
  const { throttle } = context.ports
  if (throttle === undefined) return ok(undefined)
  if (source === undefined) {
    const problem = 'must be given, for there is a throttle'
    return err({ code: 'malformed-input', rule: 'API-01', field: 'source', problem })
  }
  const answer = await ask(context, 'throttle', async () => understood(await throttle.admit({ source, act })))
  return answer.andThen((admission) =>
    admission.admitted
      ? ok(undefined)
      : err({
          code: 'throttled' as const,
          rule: 'LOCK-14' as const,
          retryAfterSeconds: Math.ceil(admission.retryAfterSeconds),
        }),
  )
}

/** One function of the public face that is open to strangers: the throttle is asked before all else. */
export const strangerFace = <I extends FromSource, T>(
  context: Context,
  act: StrangerAct,
  shape: z.ZodType<I>,
  run: (input: I) => Promise<Result<T, Refusal>>,
): ((input: I) => ResultAsync<T, Refusal>) =>
  face(context, shape, async (input) => {
    const answer = await admitted(context, act, input.source)
    return answer.isErr() ? err(answer.error) : run(input)
  })
