import { err, ok, type Result } from 'neverthrow'
import type { ParsedUserId } from '../identity/user-id.ts'
import { SECOND } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { checkCodeForm } from '../otp/code.ts'
import { type PasswordExpiry, passwordExpiry } from '../password/expiry.ts'
import { enterCode } from './verify-code.ts'
import type { Context } from '../engine/context.ts'
import { disclose, ofLoginChallenge } from './disclosure.ts'
import type { LoadedAccount, Outcome } from '../records/handle-account-command.ts'
import type { ChallengeHandle } from './challenge-token.ts'
import { mintPrincipal, type Principal } from '../session/session.ts'
import { checkAnyCodeForm, deviceFact, emailFact } from './credentials.ts'
import type { SetUpOtpStep } from './begin-sign-in.ts'

/** What follows a right code. */
export type ConfirmedOtp =
  | {
      readonly next: 'done'
      readonly principal: Principal
      /** How long the password is still good. */
      readonly password: PasswordExpiry
    }
  /** A change of device was asked for: the old one has proved it, now the new one is set up (OTP-10). */
  | SetUpOtpStep

/** What there is to know about a login's code, if there is anything to verify it against. */
const loginFact = async (context: Context, loaded: LoadedAccount, code: string) => {
  const { account, vault, now } = loaded
  if (account.stage !== 'Initialised') return ok(undefined)
  const { totp, emailCode } = context.policy
  const form = checkCodeForm(code, account.channel.kind === 'MobileApp' ? totp.digits : emailCode.digits)
  if (form.isErr()) return err(form.error)
  return account.channel.kind === 'MobileApp'
    ? deviceFact(context, { userId: account.userId, vault, now }, account.channel.credential, code)
    : emailFact(context, loaded, 'login', code)
}

const confirmed = (
  context: Context,
  id: ParsedUserId,
  handle: ChallengeHandle,
  { account, events, at }: Outcome,
): Result<ConfirmedOtp, Refusal> => {
  if (events.some(({ type }) => type === 'OldDeviceProved'))
    return ok({ next: 'setUpOtp', challenge: handle, suggested: 'MobileApp' })
  const login = events.find((event) => event.type === 'LoginCompleted')
  if (login !== undefined && account.stage === 'Initialised') {
    const { userId, role, generation, password } = account
    const principal = mintPrincipal({
      userId,
      participant: id.participant,
      role,
      system: login.system,
      method: login.channel,
      loggedInAt: at,
      expiresAt: at + context.policy.principal.validSeconds * SECOND,
      generation,
    })
    const expiry = passwordExpiry({ changedAt: password.changedAt, now: at }, context.policy)
    return ok({ next: 'done', principal, password: expiry })
  }
  return events.some(({ type }) => type === 'ChallengeEnded' || type === 'Locked')
    ? err(ofLoginChallenge.otherwise)
    : err({ code: 'code-refused', rule: 'LOCK-06' })
}

/** The one-time code of a login. */
export const confirmOtp = async (
  context: Context,
  input: { challenge: string; code: string },
): Promise<Result<ConfirmedOtp, Refusal>> => {
  const outcome = await enterCode(context, input.challenge, {
    type: 'EnterLoginCode',
    form: checkAnyCodeForm(context, input.code),
    fact: (loaded) => loginFact(context, loaded, input.code),
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account, id } = outcome.value
  return refused === undefined
    ? confirmed(context, id, input.challenge as ChallengeHandle, outcome.value)
    : err(disclose(ofLoginChallenge, refused.reason, account, context.policy))
}
