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
 * The sign-in page's "Forgot/Reset your password?": sets the first password, or a forgotten one, by a code
 * to the registered email; and the new password that follows an expired one. It signs no one in.
 *
 * @typeParam Context - what each call says about its origin; with a rate limiter, its source.
 * @rule ACC-01
 * @rule ACC-09
 * @rule ACC-10
 * @category Sign-in
 */
export interface PasswordSetUp<Context extends WithRequestContext = WithRequestContext> {
  /**
   * Asks for a code by email.
   *
   * @returns a challenge, regardless of who asks and of the outcome: whether the account is unknown, not
   * eligible, out of codes or served is not told (ACC-16); or `delivery-failed`, `malformed-user-id`,
   * `malformed-input`, `rate-limited`, `busy`, `port-failed`.
   * @rule ACC-02
   * @rule ACC-16
   * @rule OTP-07
   */
  begin(
    input: { readonly userId: string } & Context,
  ): ResultAsync<{ readonly challenge: ChallengeToken }, PasswordSetUpRefusals['begin']>

  /**
   * The emailed code. Wrong ones have a budget of their own and never count as sign-ins.
   *
   * @returns nothing: the same challenge now takes the new password; or `code-refused`, for every fault;
   * `malformed-code`, `challenge-ended` for what never was a challenge, `rate-limited`, `busy`, `port-failed`.
   * @rule LOCK-10
   */
  confirmCode(
    input: { readonly challenge: string; readonly code: string } & Context,
  ): ResultAsync<void, PasswordSetUpRefusals['confirmCode']>

  /**
   * The new password, twice. It serves from the next sign-in on; the counters stay as they are.
   *
   * @param input - a `challenge` whose code was confirmed, or one that `signIn.begin` answered with
   * `changePassword`.
   * @returns nothing; or `password-refused` with every unmet rule, `passwords-differ`, `challenge-ended`,
   * `malformed-input`, `rate-limited`, `busy`, `port-failed`. After `password-refused` and `passwords-differ` another
   * password may be tried.
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
    // Drawn above for every User ID alike: the work may not tell whether there is such an account (ACC-16).
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
  // The table asks for these only for a challenge whose code, or expired password, was given (LOCK-16).
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

/** The password set-up of a service. */
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
