import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { accountDecider } from '../account/decide.ts'
import type { OtpChannel } from '../account/state.ts'
import type { System } from '../identity/participant.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import { type Instant, SECOND } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { checkCodeForm } from '../otp/code.ts'
import { type PasswordExpiry, passwordExpiry } from '../password/expiry.ts'
import { hasIssued, mailCode } from './code-mail.ts'
import { ask, type Context } from './context.ts'
import { disclose, ofLoginChallenge, ofSignIn } from './disclosure.ts'
import { shutDoor } from './door.ts'
import { execute, type LoadedAccount, type Outcome } from './execute.ts'
import { face, givenPassword, readUserId, text, userIdText } from './face.ts'
import { type ChallengeHandle, challengeIdOf, newHandle, readHandle } from './handle.ts'
import { mintPrincipal, type Principal } from './principal.ts'
import {
  checkAnyCodeForm,
  deviceFact,
  emailFact,
  freshCode,
  hasChallenge,
  hashPassword,
  passwordHashOf,
  remembered,
  verifyPassword,
} from './proofs.ts'
import { nameInVault } from './vault.ts'

/** What follows a right password. */
export type SignInStep =
  /** The one-time code: of the app, or emailed just now. Give it to `confirmOtp`. */
  | { readonly next: 'otp'; readonly challenge: ChallengeHandle; readonly channel: OtpChannel }
  /** The password has expired: give a new one to `passwordSetUp.complete`, then log in anew (PW-11, PW-12). */
  | { readonly next: 'changePassword'; readonly challenge: ChallengeHandle; readonly expiredAt: Instant }
  /** The OTP channel is to be set up: go on with `channelSetUp.choose` (ACC-01, OTP-08). */
  | SetUpOtpStep

/** The OTP channel is to be set up; the mobile app is the suggested one. */
export interface SetUpOtpStep {
  readonly next: 'setUpOtp'
  readonly challenge: ChallengeHandle
  /** @rule OTP-02 */
  readonly suggested: 'MobileApp'
}

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

/** From the login page to the login. */
export interface SignIn {
  /**
   * LOG IN: a User ID and its password, at the login page of a system. It is also the consent to the
   * processing of personal data (ACC-11). A wrong password is counted.
   *
   * @returns what comes next; or `sign-in-refused`, whatever the reason; `no-registered-email`,
   * `too-many-codes` or `delivery-failed` where the password was right and the code can't be sent;
   * `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule LOCK-01
   * @rule LOCK-11
   * @rule PW-11
   * @rule ACC-11
   */
  begin(input: {
    readonly userId: string
    readonly password: string
    readonly system: System
  }): ResultAsync<SignInStep, Refusal>

  /**
   * The one-time code. A right one completes the login and clears the counters; a wrong, replayed or
   * outdated one is counted, and the third ends the challenge.
   *
   * @returns the principal, or the set-up of another device; or `code-refused` (another code may be tried),
   * `challenge-ended` (back to the login page), `malformed-code` (not counted), `busy`, `port-failed`.
   * @rule LOCK-02
   * @rule LOCK-05
   * @rule LOCK-06
   * @rule OTP-05
   */
  confirmOtp(input: { readonly challenge: string; readonly code: string }): ResultAsync<ConfirmedOtp, Refusal>

  /**
   * Emails another code; the one before it is no longer good. It is no attempt and resets nothing.
   *
   * @returns nothing; or `challenge-ended`, `not-by-email`, `no-registered-email`, `too-many-codes`,
   * `delivery-failed`, `busy`, `port-failed`.
   * @rule OTP-07
   */
  resendCode(input: { readonly challenge: string }): ResultAsync<void, Refusal>

  /**
   * Gives up what was begun; nothing is counted.
   *
   * @returns nothing; or `challenge-ended` if it was over already, `busy`, `port-failed`.
   * @rule LOCK-06
   */
  cancel(input: { readonly challenge: string }): ResultAsync<void, Refusal>
}

const nextStep = (
  handle: ChallengeHandle,
  { account, events }: Outcome,
  policy: Context['policy'],
): Result<SignInStep, Refusal> => {
  const accepted = events.find((event) => event.type === 'PasswordAccepted')
  if (accepted === undefined) return err(ofSignIn.otherwise)
  switch (accepted.challenge.awaits) {
    case 'channel':
      return ok({ next: 'setUpOtp', challenge: handle, suggested: 'MobileApp' })
    case 'expired-password-change': {
      const changedAt = 'password' in account ? account.password.changedAt : 0
      const expiry = passwordExpiry({ changedAt, now: accepted.at }, policy)
      return ok({
        next: 'changePassword',
        challenge: handle,
        expiredAt: expiry.status === 'expired' ? expiry.expiredAt : accepted.at,
      })
    }
    default:
      return account.stage === 'Initialised'
        ? ok({ next: 'otp', challenge: handle, channel: account.channel.kind })
        : err(ofSignIn.otherwise)
  }
}

const beginSignIn = async (
  context: Context,
  input: { userId: string; password: string; system: System },
): Promise<Result<SignInStep, Refusal>> => {
  const id = readUserId(context, input.userId)
  if (id.isErr()) return err(id.error)
  const handle = await newHandle(context, id.value)
  if (handle.isErr()) return err(handle.error)
  const code = await freshCode(context, id.value.userId, 'login')
  if (code.isErr()) return err(code.error)
  const verify = remembered(verifyPassword(context, input.password))
  const rehash = remembered(() => hashPassword(context, input.password))

  const outcome = await execute(context, {
    id: id.value,
    by: 'claimant',
    prepare: async (loaded) => {
      const hash = await passwordHashOf(context, loaded)
      if (hash.isErr()) return err(hash.error)
      const fits = await verify(hash.value.hash)
      if (fits.isErr()) return err(fits.error)
      const correct = fits.value && hash.value.real
      const command = {
        type: 'EnterPassword',
        at: loaded.now,
        correct,
        system: input.system,
        shut: shutDoor(context, id.value, loaded.account, input.system, loaded.now),
        challenge: challengeIdOf(handle.value),
        code: code.value.credential,
      } as const
      const vault = { [code.value.credential]: code.value.mac }
      // Hashed anew only where the login goes on: elsewhere the work would tell that the password was right.
      const decision = accountDecider.decide(loaded.account, command, context.policy)
      const goesOn = decision.isOk() && decision.value.some(({ type }) => type === 'PasswordAccepted')
      if (!goesOn) return ok({ command, vault })
      const weaker = await ask(context, 'passwordHasher', () =>
        context.ports.passwordHasher.needsRehash(hash.value.hash),
      )
      if (weaker.isErr()) return err(weaker.error)
      if (!weaker.value) return ok({ command, vault })
      const again = await rehash('')
      if (again.isErr()) return err(again.error)
      const rehashed = nameInVault(again.value)
      return ok({
        command: { ...command, rehashed },
        vault: { ...vault, [rehashed]: again.value },
      })
    },
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  if (refused !== undefined) return err(disclose(ofSignIn, refused.reason, account, context.policy))
  const next = nextStep(handle.value, outcome.value, context.policy)
  if (!hasIssued(outcome.value)) return next
  const mailed = await mailCode(context, id.value, 'login', outcome.value, code.value)
  return mailed.isErr() ? err(mailed.error) : next
}

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

const confirmOtp = async (
  context: Context,
  input: { challenge: string; code: string },
): Promise<Result<ConfirmedOtp, Refusal>> => {
  const { policy } = context
  const handle = readHandle(context, input.challenge)
  if (handle.isErr()) return err(handle.error)
  const form = checkAnyCodeForm(context, input.code)
  if (form.isErr()) return err(form.error)
  const { id, challenge } = handle.value
  const outcome = await execute(context, {
    id,
    by: 'claimant',
    prepare: async (loaded) => {
      const fact = hasChallenge(loaded.account, challenge)
        ? await loginFact(context, loaded, input.code)
        : ok(undefined)
      return fact.map((found) => ({
        command: { type: 'EnterLoginCode', at: loaded.now, challenge, fact: found } as const,
      }))
    },
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  return refused === undefined
    ? confirmed(context, id, input.challenge as ChallengeHandle, outcome.value)
    : err(disclose(ofLoginChallenge, refused.reason, account, policy))
}

const resendCode = async (context: Context, input: { challenge: string }): Promise<Result<void, Refusal>> => {
  const handle = readHandle(context, input.challenge)
  if (handle.isErr()) return err(handle.error)
  const { id, challenge } = handle.value
  const code = await freshCode(context, id.userId, 'login')
  if (code.isErr()) return err(code.error)
  const { credential, mac } = code.value
  const outcome = await execute(context, {
    id,
    by: 'claimant',
    prepare: async ({ now }) =>
      ok({
        command: { type: 'ResendLoginCode', at: now, challenge, code: credential },
        vault: { [credential]: mac },
      }),
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  return refused === undefined
    ? mailCode(context, id, 'login', outcome.value, code.value)
    : err(disclose(ofLoginChallenge, refused.reason, account, context.policy))
}

const cancel = async (context: Context, input: { challenge: string }): Promise<Result<void, Refusal>> => {
  const handle = readHandle(context, input.challenge)
  if (handle.isErr()) return err(handle.error)
  const { id, challenge } = handle.value
  const outcome = await execute(context, {
    id,
    by: 'claimant',
    prepare: async ({ now }) => ok({ command: { type: 'CancelChallenge', at: now, challenge } }),
  })
  return outcome.andThen(({ refused }) =>
    refused === undefined ? ok(undefined) : err(ofLoginChallenge.otherwise),
  )
}

/** The sign-in of a service. */
export const signIn = (context: Context): SignIn => {
  const onChallenge = z.object({ challenge: text })
  const login = z.object({
    userId: userIdText,
    password: givenPassword(context.policy),
    system: z.enum(['CCASS/CCMS', 'DMS']),
  })
  return {
    begin: face(context, login, (input) => beginSignIn(context, input)),
    confirmOtp: face(context, z.object({ challenge: text, code: text }), (input) =>
      confirmOtp(context, input),
    ),
    resendCode: face(context, onChallenge, (input) => resendCode(context, input)),
    cancel: face(context, onChallenge, (input) => cancel(context, input)),
  }
}
