import { err, ok, type Result } from 'neverthrow'
import { accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import { callPort, type ServiceContext } from '../engine/context.ts'
import { readUserId } from '../engine/endpoint.ts'
import type { OtpChannel } from '../identity/otp-channel.ts'
import type { System } from '../identity/system.ts'
import { credentialIdOf } from '../integrity/vault.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { passwordExpiry } from '../password/expiry.ts'
import { disclose } from '../records/disclosure.ts'
import { type CommandOutcome, handleAccountCommand } from '../records/handle-account-command.ts'
import { signInDenial } from '../session/access-check.ts'
import { type ChallengeToken, challengeIdOf, newChallengeToken } from './challenge-token.ts'
import { freshCode, hashPassword, memoize, passwordHashOf, verifyPassword } from './credentials.ts'
import { signInDisclosure } from './disclosure.ts'
import { hasIssued, sendCode } from './send-code.ts'

/** What follows a right password. */
export type SignInStep =
  /** The one-time code: of the app, or emailed just now. Give it to `confirmOtp`. */
  | { readonly next: 'otp'; readonly challenge: ChallengeToken; readonly channel: OtpChannel }
  /** The password has expired: give a new one to `passwordSetUp.complete`, then log in anew (PW-11, PW-12). */
  | { readonly next: 'changePassword'; readonly challenge: ChallengeToken; readonly expiredAt: Instant }
  /** The OTP channel is to be set up: go on with `enrolment.choose` (ACC-01, OTP-08). */
  | EnrolOtpStep

/** The OTP channel is to be set up; the mobile app is the suggested one. */
export interface EnrolOtpStep {
  readonly next: 'enrolOtp'
  readonly challenge: ChallengeToken
  /** @rule OTP-02 */
  readonly suggested: 'MobileApp'
}

const nextStep = (
  handle: ChallengeToken,
  { account, events }: CommandOutcome,
  policy: ServiceContext['policy'],
): Result<SignInStep, Refusal> => {
  const accepted = events.find((event) => event.type === 'PasswordAccepted')
  if (accepted === undefined) return err(signInDisclosure.otherwise)
  switch (accepted.challenge.awaits) {
    case 'enrolment':
      return ok({ next: 'enrolOtp', challenge: handle, suggested: 'MobileApp' })
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
        : err(signInDisclosure.otherwise)
  }
}

/** The password's hash with today's settings, if the stored one was made with weaker ones (PW-15). */
const rehashed =
  (context: ServiceContext, password: string) =>
  async (hash: string): Promise<Result<string | undefined, Refusal>> => {
    const weaker = await callPort(context, 'passwordHasher', () =>
      context.ports.passwordHasher.needsRehash(hash),
    )
    if (weaker.isErr()) return err(weaker.error)
    return weaker.value ? hashPassword(context, password) : ok(undefined)
  }

/** LOG IN: a User ID and its password. */
export const beginSignIn = async (
  context: ServiceContext,
  input: { userId: string; password: string; system: System },
): Promise<Result<SignInStep, Refusal>> => {
  const id = readUserId(context, input.userId)
  if (id.isErr()) return err(id.error)
  const handle = await newChallengeToken(context, id.value)
  if (handle.isErr()) return err(handle.error)
  // Each only where it is needed: to work for a refused login would tell why it is refused (LOCK-11).
  const fresh = memoize(() => freshCode(context, id.value.userId, 'sign-in'))
  const verify = memoize(verifyPassword(context, input.password))
  const rehash = memoize(rehashed(context, input.password))

  const outcome = await handleAccountCommand(context, {
    id: id.value,
    actor: 'caller',
    prepare: async (loaded) => {
      const hash = await passwordHashOf(context, loaded)
      if (hash.isErr()) return err(hash.error)
      const fits = await verify(hash.value.hash)
      if (fits.isErr()) return err(fits.error)
      const correct = fits.value && hash.value.real
      const command = {
        type: 'EnterPassword',
        at: loaded.now,
        passwordMatches: correct,
        system: input.system,
        denial: signInDenial(context, id.value, loaded.account, input.system, loaded.now),
        challenge: challengeIdOf(handle.value),
        code: '',
      } as const
      const events = accountDecider.decide(loaded.account, command, context.policy).unwrapOr([])
      const has = (type: AccountEvent['type']) => events.some((event) => event.type === type)
      const code = has('CodeIssued') ? await fresh('') : ok(undefined)
      if (code.isErr()) return err(code.error)
      const anew = has('PasswordAccepted') ? await rehash(hash.value.hash) : ok(undefined)
      if (anew.isErr()) return err(anew.error)
      const { credential, mac } = code.value ?? {}
      return ok({
        command: {
          ...command,
          ...(credential === undefined ? {} : { code: credential }),
          ...(anew.value === undefined ? {} : { rehashed: credentialIdOf(anew.value) }),
        },
        vault: {
          ...(credential === undefined || mac === undefined ? {} : { [credential]: mac }),
          ...(anew.value === undefined ? {} : { [credentialIdOf(anew.value)]: anew.value }),
        },
      })
    },
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  if (refused !== undefined) return err(disclose(signInDisclosure, refused.reason, account, context.policy))
  const next = nextStep(handle.value, outcome.value, context.policy)
  if (!hasIssued(outcome.value)) return next
  const code = await fresh('')
  if (code.isErr()) return err(code.error)
  const mailed = await sendCode(context, id.value, 'sign-in', outcome.value, code.value)
  return mailed.isErr() ? err(mailed.error) : next
}
