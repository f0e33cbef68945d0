import { err, ok, type Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import { readUserId } from '../engine/endpoint.ts'
import type { PortFailed } from '../engine/refusals.ts'
import type { OtpChannel } from '../identity/otp-channel.ts'
import type { System } from '../identity/system.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import { credentialIdOf } from '../integrity/vault.ts'
import type { Instant } from '../kernel/instant.ts'
import { passwordExpiry } from '../password/expiry.ts'
import { disclose } from '../records/disclosure.ts'
import { type CommandOutcome, handleAccountCommand } from '../records/handle-account-command.ts'
import { signInDenial } from '../session/access-check.ts'
import { type ChallengeToken, newChallengeToken } from './challenge-token.ts'
import {
  codeCredential,
  decoyHash,
  freshCode,
  hashPassword,
  memoize,
  passwordHashOf,
  verifyPassword,
} from './credentials.ts'
import { signInDisclosure, signInRefused } from './disclosure.ts'
import type { SignInRefusalOf, SignInRefusals } from './refusals.ts'
import { hasIssued, sendCode } from './send-code.ts'

/**
 * The next step after a correct password.
 *
 * @category Sign-in
 */
export type SignInStep =
  /** Enter the one-time code of the authenticator app, or the one just emailed. Pass it to `confirmOtp`. */
  | { readonly next: 'otp'; readonly challenge: ChallengeToken; readonly channel: OtpChannel }
  /**
   * The password has expired: pass a new one to `passwordSetUp.complete`, then sign in again (PW-11, PW-12).
   */
  | { readonly next: 'changePassword'; readonly challenge: ChallengeToken; readonly expiredAt: Instant }
  /** The OTP channel must be set up: continue with `enrolment.chooseChannel` (ACC-01, OTP-08). */
  | EnrolOtpStep

/**
 * The step in which the OTP channel must be set up; the mobile app is the suggested one.
 *
 * @category Sign-in
 */
export interface EnrolOtpStep {
  readonly next: 'enrolOtp'
  readonly challenge: ChallengeToken
  /** @rule OTP-02 */
  readonly suggested: 'MobileApp'
}

const nextStep = (
  challenge: ChallengeToken,
  { account, events }: CommandOutcome,
  policy: ServiceContext['policy'],
): Result<SignInStep, SignInRefusalOf<'sign-in-refused'>> => {
  const accepted = events.find((event) => event.type === 'PasswordAccepted')
  if (accepted === undefined) return err(signInRefused)
  switch (accepted.challenge.awaits) {
    case 'enrolment':
      return ok({ next: 'enrolOtp', challenge, suggested: 'MobileApp' })
    case 'expired-password-change': {
      const changedAt = 'password' in account ? account.password.changedAt : 0
      const expiry = passwordExpiry({ changedAt, now: accepted.at }, policy)
      return ok({
        next: 'changePassword',
        challenge,
        expiredAt: expiry.status === 'expired' ? expiry.expiredAt : accepted.at,
      })
    }
    default:
      return account.stage === 'Initialised'
        ? ok({ next: 'otp', challenge, channel: account.channel.kind })
        : err(signInRefused)
  }
}

/**
 * Whether a password matches a hash, and whether the hash was made with weaker settings than the present
 * ones.
 */
interface Verified {
  readonly matches: boolean
  readonly weak: boolean
}

/**
 * Verifies a password. A hash with weaker settings is verified faster, so the missing work is done with the
 * decoy, whether or not the password matches. Otherwise the time would reveal that the account exists
 * (LOCK-11).
 */
const verified =
  (context: ServiceContext, password: string) =>
  async (hash: string): Promise<Result<Verified, PortFailed>> => {
    const verify = verifyPassword(context, password)
    const matches = await verify(hash)
    if (matches.isErr()) return err(matches.error)
    const weak = await callPort(context, 'passwordHasher', () =>
      context.ports.passwordHasher.needsRehash(hash),
    )
    if (weak.isErr()) return err(weak.error)
    if (!weak.value) return ok({ matches: matches.value, weak: false })
    const decoy = await decoyHash(context)
    if (decoy.isErr()) return err(decoy.error)
    return (await verify(decoy.value)).map(() => ({ matches: matches.value, weak: true }))
  }

/**
 * Replaces a hash that was made with weaker settings (PW-15). It runs after the outcome of the sign-in is
 * committed, so that nothing is hashed for an attempt that was not recorded. The sign-in does not depend on
 * it: if it fails, the next sign-in replaces the hash.
 */
const rehash = async (
  context: ServiceContext,
  id: ParsedUserId,
  { account }: CommandOutcome,
  password: string,
): Promise<void> => {
  if (!('password' in account)) return
  const former = account.password.credential
  const hash = await hashPassword(context, password)
  if (hash.isErr()) return
  const credential = credentialIdOf(hash.value)
  await handleAccountCommand<'ReplacePasswordHash'>(context, {
    id,
    actor: 'caller',
    command: ({ now: at }) => ({ type: 'ReplacePasswordHash', at, former }),
    facts: { credential: async () => ok({ value: credential, vault: { [credential]: hash.value } }) },
  })
}

/** LOG IN: verifies a User ID and its password. */
export const beginSignIn = async (
  context: ServiceContext,
  input: { userId: string; password: string; system: System },
): Promise<Result<SignInStep, SignInRefusals['begin']>> => {
  const id = readUserId(context, input.userId)
  if (id.isErr()) return err(id.error)
  const handle = await newChallengeToken(context, id.value)
  if (handle.isErr()) return err(handle.error)
  // The password is verified for every User ID in the same way; a code is generated only if it will be issued
  // (LOCK-11).
  const fresh = memoize(() => freshCode(context, id.value.userId, 'sign-in'))
  const verify = memoize(verified(context, input.password))
  let weak = false

  const { system } = input
  const outcome = await handleAccountCommand<'EnterPassword', PortFailed>(context, {
    id: id.value,
    actor: 'caller',
    command: ({ account, now: at }) => {
      const denial = signInDenial(context, id.value, account, system, at)
      return { type: 'EnterPassword', at, system, denial, challenge: handle.value.challenge }
    },
    always: ['passwordMatches'],
    facts: {
      passwordMatches: async (loaded) => {
        const hash = await passwordHashOf(context, loaded)
        if (hash.isErr()) return err(hash.error)
        const matches = await verify(hash.value.hash)
        return matches.map((found) => {
          weak = found.weak
          return { value: found.matches && hash.value.real }
        })
      },
      code: async () => (await fresh('')).map(codeCredential),
    },
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  if (refused !== undefined) return err(disclose(signInDisclosure, refused.reason, account, context.policy))
  const next = nextStep(handle.value.token, outcome.value, context.policy)
  if (next.isOk() && weak) await rehash(context, id.value, outcome.value, input.password)
  if (!hasIssued(outcome.value)) return next
  const code = await fresh('')
  if (code.isErr()) return err(code.error)
  const mailed = await sendCode(context, id.value, 'sign-in', outcome.value, code.value)
  return mailed.isErr() ? err(mailed.error) : next
}
