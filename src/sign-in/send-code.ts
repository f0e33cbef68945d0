import { err, ok, type Result } from 'neverthrow'
import { isExistingAccount } from '../account/state.ts'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import { type CommandOutcome, handleAccountCommand } from '../records/handle-account-command.ts'
import type { FreshCode } from './credentials.ts'
import type { SignInRefusalOf } from './refusals.ts'

/** Whether a command issued the emailed code that was passed with it. */
export const hasIssued = ({ events }: CommandOutcome): boolean =>
  events.some(({ type }) => type === 'CodeIssued')

/**
 * Emails a code after the commit that makes it valid; the code itself is never stored. A code that cannot be
 * delivered is voided at once, and costs the user nothing.
 *
 * @rule OTP-07
 */
export const sendCode = async (
  context: ServiceContext,
  id: ParsedUserId,
  purpose: CodePurpose,
  { account }: CommandOutcome,
  { code, credential }: FreshCode,
): Promise<Result<void, SignInRefusalOf<'delivery-failed'>>> => {
  const { ports, policy } = context
  const to = isExistingAccount(account) ? account.email : undefined
  // The account's table issues no code without an email.
  if (to === undefined) return err({ code: 'delivery-failed', rule: 'OTP-07', retry: false })
  const { validSeconds } = policy.emailCode
  const sent = await callPort(context, 'mailer', () =>
    ports.mailer.send({ type: 'code', to, userId: id.userId, purpose, code, validSeconds }),
  )
  if (sent.isOk() && sent.value === 'delivered') return ok(undefined)
  // If this commit also fails, the code expires by itself; the refusal is the same.
  await handleAccountCommand<'ReportUndelivered'>(context, {
    id,
    actor: 'mailer',
    command: ({ now }) => ({ type: 'ReportUndelivered', at: now, purpose, code: credential }),
  })
  const retry = !(sent.isOk() && sent.value === 'refused')
  return err({ code: 'delivery-failed', rule: 'OTP-07', retry })
}
