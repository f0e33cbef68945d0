import type { ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { ServiceContext } from '../engine/context.ts'
import { enteredPassword } from '../engine/input-schemas.ts'
import { unauthenticatedEndpoint } from '../engine/rate-limiting.ts'
import { userIdText } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { opaqueText } from '../fields/text.ts'
import { type System, systems } from '../identity/system.ts'
import { beginSignIn, type SignInStep } from './begin-sign-in.ts'
import { onChallenge } from './challenge-token.ts'
import { type ConfirmedOtp, confirmOtp } from './confirm-otp.ts'
import type { SignInRefusals } from './refusals.ts'
import { cancel, resendCode } from './resend-and-cancel.ts'

/**
 * The operations from the sign-in page to a completed sign-in.
 *
 * @typeParam Context - what each call states about its origin; with a rate limiter, its source.
 * @category Sign-in
 */
export interface SignIn<Context extends WithRequestContext = WithRequestContext> {
  /**
   * LOG IN: verifies a User ID and its password on the sign-in page of a system. It also records the consent
   * to the processing of personal data (ACC-11). A wrong password is counted.
   *
   * @returns the next step; or `sign-in-refused`, for every reason; `no-registered-email`, `too-many-codes`
   * or `delivery-failed` if the password was correct and the code can't be sent; `malformed-user-id`,
   * `malformed-input`, `rate-limited`, `busy`, `port-failed`.
   * @rule LOCK-01
   * @rule LOCK-11
   * @rule PW-11
   * @rule ACC-11
   */
  begin(
    input: {
      readonly userId: string
      readonly password: string
      readonly system: System
    } & Context,
  ): ResultAsync<SignInStep, SignInRefusals['begin']>

  /**
   * Confirms the one-time code. A correct code completes the sign-in and resets the counters. A wrong,
   * replayed or outdated code is counted, and the third ends the challenge.
   *
   * @returns the session, or the set-up of another device; or `code-refused` (another code can be tried),
   * `challenge-ended` (return to the sign-in page), `malformed-code` (not counted), `malformed-input`,
   * `rate-limited`, `busy`, `port-failed`.
   * @rule LOCK-02
   * @rule LOCK-05
   * @rule LOCK-06
   * @rule OTP-05
   */
  confirmOtp(
    input: { readonly challenge: string; readonly code: string } & Context,
  ): ResultAsync<ConfirmedOtp, SignInRefusals['confirmOtp']>

  /**
   * Emails another code, which voids the previous one. It counts as no attempt and resets nothing.
   *
   * @returns nothing; or `challenge-ended`, `not-an-email-user`, `no-registered-email`, `too-many-codes`,
   * `delivery-failed`, `malformed-input`, `rate-limited`, `busy`, `port-failed`.
   * @rule OTP-07
   */
  resendCode(input: { readonly challenge: string } & Context): ResultAsync<void, SignInRefusals['resendCode']>

  /**
   * Cancels the sign-in; nothing is counted.
   *
   * @returns nothing; or `challenge-ended` if it has already ended, `malformed-input`, `rate-limited`, `busy`,
   * `port-failed`.
   * @rule LOCK-06
   */
  cancel(input: { readonly challenge: string } & Context): ResultAsync<void, SignInRefusals['cancel']>
}

/** Creates the sign-in operations of a service. */
export const signIn = (context: ServiceContext): SignIn => {
  const ofChallenge = z.object({ challenge: opaqueText })
  const withCode = z.object({ challenge: opaqueText, code: opaqueText })
  const credentials = z.object({
    userId: userIdText,
    password: enteredPassword(context.policy),
    system: z.enum(systems),
  })
  return {
    begin: unauthenticatedEndpoint(context, 'signIn.begin', credentials, (input, context) =>
      beginSignIn(context, input),
    ),
    confirmOtp: unauthenticatedEndpoint(
      context,
      'signIn.confirmOtp',
      withCode,
      onChallenge((input, context) => confirmOtp(context, input)),
    ),
    resendCode: unauthenticatedEndpoint(
      context,
      'signIn.resendCode',
      ofChallenge,
      onChallenge(({ challenge }, context) => resendCode(context, challenge)),
    ),
    cancel: unauthenticatedEndpoint(
      context,
      'signIn.cancel',
      ofChallenge,
      onChallenge(({ challenge }, context) => cancel(context, challenge)),
    ),
  }
}
