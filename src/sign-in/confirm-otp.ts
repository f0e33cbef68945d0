import { err, ok, type Result } from 'neverthrow'
import { openChallenge } from '../account/challenges.ts'
import type { ServiceContext } from '../engine/context.ts'
import { checkCodeFormat } from '../otp/code.ts'
import { type PasswordExpiry, passwordExpiry } from '../password/expiry.ts'
import { disclose } from '../records/disclosure.ts'
import type { LoadedAccount } from '../records/find-facts.ts'
import type { CommandOutcome } from '../records/handle-account-command.ts'
import { createSession, type Session } from '../session/session.ts'
import type { EnrolOtpStep } from './begin-sign-in.ts'
import type { ParsedChallengeToken } from './challenge-token.ts'
import { checkAnyCodeForm, deviceFact, emailFact } from './credentials.ts'
import { codeRefused, signInCodeDisclosure } from './disclosure.ts'
import type { SignInRefusalOf, SignInRefusals } from './refusals.ts'
import { verifyCode } from './verify-code.ts'

/**
 * The outcome of a correct code.
 *
 * @rule LOCK-02
 * @category Sign-in
 */
export type ConfirmedOtp =
  | {
      readonly next: 'done'
      readonly session: Session
      /** How long the password remains valid. */
      readonly password: PasswordExpiry
    }
  /**
   * A change of device was requested: the old device has proved it, and the new one must now be set up
   * (OTP-10).
   */
  | EnrolOtpStep

/**
 * Finds the fact about the code of a sign-in. The code's form is checked and the code verified only if the
 * challenge, which proves the password, is open (LOCK-16).
 */
const signInFact = async (
  context: ServiceContext,
  loaded: LoadedAccount,
  challenge: string,
  code: string,
) => {
  const { account, vault, now } = loaded
  const open = openChallenge(account, challenge, now, context.policy, 'sign-in-code')
  if (account.stage !== 'Initialised' || open === undefined) return ok(undefined)
  const { channel, userId } = account
  const digits = channel.kind === 'MobileApp' ? channel.totp.digits : context.policy.emailCode.digits
  const form = checkCodeFormat(code, digits)
  if (form.isErr()) return err(form.error)
  return channel.kind === 'MobileApp'
    ? deviceFact(context, { userId, vault, now }, channel, code)
    : emailFact(context, loaded, 'sign-in', code)
}

const confirmed = (
  context: ServiceContext,
  { id, token }: ParsedChallengeToken,
  { account, events, at }: CommandOutcome,
): Result<ConfirmedOtp, SignInRefusalOf<'challenge-ended' | 'code-refused'>> => {
  if (events.some(({ type }) => type === 'DeviceChangeVerified'))
    return ok({ next: 'enrolOtp', challenge: token, suggested: 'MobileApp' })
  const completed = events.find((event) => event.type === 'SignInCompleted')
  if (completed !== undefined && account.stage === 'Initialised') {
    const { userId, role, sessionEpoch, password } = account
    const session = createSession({
      id: completed.challenge,
      userId,
      participant: id.participant,
      role,
      system: completed.system,
      method: completed.channel,
      signedInAt: at,
      expiresAt: completed.expiresAt,
      lastUsedAt: at,
      sessionEpoch,
    })
    const expiry = passwordExpiry({ changedAt: password.changedAt, now: at }, context.policy)
    return ok({ next: 'done', session, password: expiry })
  }
  return events.some(({ type }) => type === 'ChallengeEnded' || type === 'Locked')
    ? err(signInCodeDisclosure.otherwise)
    : err(codeRefused)
}

/** Confirms the one-time code of a sign-in. */
export const confirmOtp = async (
  context: ServiceContext,
  input: { challenge: ParsedChallengeToken; code: string },
): Promise<Result<ConfirmedOtp, SignInRefusals['confirmOtp']>> => {
  const outcome = await verifyCode(context, input.challenge, {
    type: 'EnterSignInCode',
    form: checkAnyCodeForm(input.code),
    fact: (loaded, challenge) => signInFact(context, loaded, challenge, input.code),
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  return refused === undefined
    ? confirmed(context, input.challenge, outcome.value)
    : err(disclose(signInCodeDisclosure, refused.reason, account, context.policy))
}
