import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { isExistingAccount } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import { readUserId } from '../engine/endpoint.ts'
import { unauthenticatedEndpoint } from '../engine/rate-limiting.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { userIdText } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { opaqueText } from '../fields/text.ts'
import { checkCodeFormat } from '../otp/code.ts'
import { disclose } from '../records/disclosure.ts'
import { handleAccountCommand } from '../records/handle-account-command.ts'
import { signInDenial } from '../session/access-check.ts'
import {
  type ChallengeToken,
  newChallengeToken,
  onChallenge,
  type ParsedChallengeToken,
} from './challenge-token.ts'
import { codeCredential, emailFact, freshCode } from './credentials.ts'
import { newPasswordDisclosure, passwordCodeDisclosure } from './disclosure.ts'
import { newPassword } from './new-password.ts'
import type { PasswordSetUpRefusals } from './refusals.ts'
import { hasIssued, sendCode } from './send-code.ts'
import { verifyCode } from './verify-code.ts'

/**
 * The sign-in page's "Forgot/Reset your password?": sets the first or a forgotten password with a code sent
 * to the registered email, or the new password after an expired one. It does not sign the holder in.
 *
 * @typeParam Context - what each call states about its origin; with a rate limiter, its source.
 * @rule ACC-01
 * @rule ACC-09
 * @rule ACC-10
 * @category Sign-in
 */
export interface PasswordSetUp<Context extends WithRequestContext = WithRequestContext> {
  /**
   * Requests a code by email. An account whose one-time codes come by email is not eligible (ACC-09): it is
   * unlocked instead, by a Delegated Administrator or HKEX.
   *
   * @returns a challenge, for every caller and outcome: it does not reveal whether the account is unknown,
   * not eligible, out of codes, or was sent one (ACC-16). Or `delivery-failed`, `malformed-user-id`,
   * `malformed-input`, `rate-limited`, `busy`, `port-failed`.
   * @rule ACC-02
   * @rule ACC-16
   * @rule OTP-07
   */
  begin(
    input: { readonly userId: string } & Context,
  ): ResultAsync<{ readonly challenge: ChallengeToken }, PasswordSetUpRefusals['begin']>

  /**
   * Confirms the emailed code. Wrong codes have a separate budget and never count as failed sign-ins.
   *
   * @returns nothing: the same challenge now accepts the new password. Or `code-refused` for every failure;
   * `malformed-code`, `challenge-ended` if it never was a challenge, `malformed-input`, `rate-limited`, `busy`,
   * `port-failed`.
   * @rule LOCK-10
   */
  confirmCode(
    input: { readonly challenge: string; readonly code: string } & Context,
  ): ResultAsync<void, PasswordSetUpRefusals['confirmCode']>

  /**
   * Sets the new password, entered twice. It is valid from the next sign-in on; the counters are unchanged.
   *
   * @param input - `challenge`: one whose code was confirmed, or of a `signIn.begin` answer whose `next` is
   * `changePassword`.
   * @returns nothing; or `password-refused` with every unmet rule, `passwords-differ`, `challenge-ended`,
   * `malformed-input`, `rate-limited`, `busy`, `port-failed`. After `password-refused` and
   * `passwords-differ`, another password can be tried.
   * @rule PW-04
   * @rule PW-05
   * @rule PW-12
   * @rule ACC-10
   */
  complete(
    input: {
      readonly challenge: string
      readonly password: string
      readonly confirmation: string
    } & Context,
  ): ResultAsync<void, PasswordSetUpRefusals['complete']>
}

const begin = async (
  context: ServiceContext,
  input: { userId: string },
): Promise<Result<{ challenge: ChallengeToken }, PasswordSetUpRefusals['begin']>> => {
  const id = readUserId(context, input.userId)
  if (id.isErr()) return err(id.error)
  const handle = await newChallengeToken(context, id.value)
  if (handle.isErr()) return err(handle.error)
  const code = await freshCode(context, id.value.userId, 'password')
  if (code.isErr()) return err(code.error)
  const { token, challenge } = handle.value
  const outcome = await handleAccountCommand<'RequestPasswordCode'>(context, {
    id: id.value,
    actor: 'caller',
    command: ({ account, now: at }) => {
      const administrator = isExistingAccount(account) && account.role === 'DelegatedAdministrator'
      const denial = signInDenial(context, id.value, account, administrator ? 'DMS' : 'CCASS/CCMS', at)
      return { type: 'RequestPasswordCode', at, challenge, denial }
    },
    // The code was generated above for every User ID in the same way: the work must not reveal whether the
    // account exists (ACC-16).
    facts: { code: async () => ok(codeCredential(code.value)) },
  })
  if (outcome.isErr()) return err(outcome.error)
  const answer = ok({ challenge: token })
  if (!hasIssued(outcome.value)) return answer
  const mailed = await sendCode(context, id.value, 'password', outcome.value, code.value)
  return mailed.isErr() ? err(mailed.error) : answer
}

const confirmCode = async (
  context: ServiceContext,
  input: { challenge: ParsedChallengeToken; code: string },
): Promise<Result<void, PasswordSetUpRefusals['confirmCode']>> => {
  const outcome = await verifyCode(context, input.challenge, {
    type: 'EnterPasswordCode',
    form: checkCodeFormat(input.code, context.policy.enrolment.codeDigits),
    fact: (loaded) => emailFact(context, loaded, 'password', input.code),
    always: true,
  })
  return outcome.andThen(({ events }) =>
    events.some(({ type }) => type === 'PasswordCodeAccepted')
      ? ok(undefined)
      : err(passwordCodeDisclosure.otherwise),
  )
}

const complete = async (
  context: ServiceContext,
  input: { challenge: ParsedChallengeToken; password: string; confirmation: string },
): Promise<Result<void, PasswordSetUpRefusals['complete']>> => {
  const checked = await newPassword(context, input)
  if (checked.isErr()) return err(checked.error)
  const { id, challenge } = input.challenge
  // The table requests these only if the challenge's code, or the expired password, was entered (LOCK-16).
  const { reused, credential } = checked.value
  const outcome = await handleAccountCommand<'SetPassword', PortFailed>(context, {
    id,
    actor: 'caller',
    command: ({ now: at }) => ({ type: 'SetPassword', at, challenge }),
    facts: { reused, credential },
  })
  return outcome.andThen(({ refused, account }) =>
    refused === undefined
      ? ok(undefined)
      : err(disclose(newPasswordDisclosure, refused.reason, account, context.policy)),
  )
}

/** Creates the password set-up operations of a service. */
export const passwordSetUp = (context: ServiceContext): PasswordSetUp => {
  const onUserId = z.object({ userId: userIdText })
  const withCode = z.object({ challenge: opaqueText, code: opaqueText })
  const withPassword = z.object({
    challenge: opaqueText,
    password: z.string(),
    confirmation: z.string(),
  })
  return {
    begin: unauthenticatedEndpoint(context, 'passwordSetUp.begin', onUserId, (input, context) =>
      begin(context, input),
    ),
    confirmCode: unauthenticatedEndpoint(
      context,
      'passwordSetUp.confirmCode',
      withCode,
      onChallenge((input, context) => confirmCode(context, input)),
    ),
    complete: unauthenticatedEndpoint(
      context,
      'passwordSetUp.complete',
      withPassword,
      onChallenge((input, context) => complete(context, input)),
    ),
  }
}
