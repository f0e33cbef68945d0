import { err, ok, type Result } from 'neverthrow'
import { exists } from '../account/state.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import { ask, type Context } from '../engine/context.ts'
import { execute, type Outcome } from '../records/handle-account-command.ts'
import type { FreshCode } from './credentials.ts'

/** Whether an act has issued the emailed code that it came with. */
export const hasIssued = ({ events }: Outcome): boolean => events.some(({ type }) => type === 'CodeIssued')

/**
 * Sends a code to whoever waits for it: after the commit that made it good, and never stored. One that
 * does not get through is void at once and costs the user nothing.
 *
 * @rule OTP-07
 */
export const mailCode = async (
  context: Context,
  id: ParsedUserId,
  purpose: CodePurpose,
  { account }: Outcome,
  { code, credential }: FreshCode,
): Promise<Result<void, Refusal>> => {
  const { ports, policy } = context
  const to = exists(account) ? account.email : undefined
  if (to === undefined) return err({ code: 'no-registered-email', rule: 'ACC-02' })
  const { validSeconds } = policy.emailCode
  const sent = await ask(context, 'mailer', () =>
    ports.mailer.send({ type: 'code', to, userId: id.userId, purpose, code, validSeconds }),
  )
  if (sent.isOk() && sent.value === 'delivered') return ok(undefined)
  // Should this commit fail too, the code runs out by itself: the answer is the same.
  await execute(context, {
    id,
    by: 'mailer',
    prepare: async ({ now }) =>
      ok({ command: { type: 'ReportUndelivered', at: now, purpose, code: credential } }),
  })
  const retry = !(sent.isOk() && sent.value === 'refused')
  return err({ code: 'delivery-failed', rule: 'OTP-07', retry })
}
