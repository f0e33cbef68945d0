import { memoryOfService, type ServiceContext } from '../engine/context.ts'
import type { Instant } from '../kernel/instant.ts'
import {
  consumeRateLimit,
  emptyRateWindow,
  isWithinRateLimit,
  type RateWindow,
} from '../lockout/rate-window.ts'
import type { CommandOutcome } from '../records/handle-account-command.ts'

const memoryOf = /* @__PURE__ */ memoryOfService((): { window: RateWindow } => ({ window: emptyRateWindow }))

const countGuess = (context: ServiceContext, at: Instant): void => {
  const { alarm } = context.policy.enrolment
  const memory = memoryOf(context)
  const wasAllowed = isWithinRateLimit(memory.window, at, alarm)
  memory.window = consumeRateLimit(memory.window, at, alarm)
  if (!wasAllowed || isWithinRateLimit(memory.window, at, alarm)) return
  const { max, perSeconds } = alarm
  const error = new Error(`${max} wrong set-up codes within ${perSeconds} seconds, over all accounts`)
  context.onError({ port: 'library', error })
}

/**
 * Counts wrong set-up codes over all accounts of this process, and reports to the host's `onError` once per
 * period if they reach the policy's number. A few guesses at each of many accounts stay below every account's
 * own budget; only the sum shows them.
 *
 * @rule LOCK-15
 */
export const alertOnGuessing = (context: ServiceContext, { events, at }: CommandOutcome): void => {
  if (events.some(({ type }) => type === 'EnrolmentCodeRejected')) countGuess(context, at)
}
