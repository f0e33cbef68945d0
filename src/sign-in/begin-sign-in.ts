import { err, ok, type Result } from 'neverthrow'
import { accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import type { OtpChannel } from '../account/state.ts'
import type { System } from '../identity/participant.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { passwordExpiry } from '../password/expiry.ts'
import { hasIssued, mailCode } from './send-code.ts'
import { ask, type Context } from '../engine/context.ts'
import { disclose, ofSignIn } from './disclosure.ts'
import { shutDoor } from '../session/access-check.ts'
import { execute, type Outcome } from '../records/handle-account-command.ts'
import { readUserId } from '../engine/endpoint.ts'
import { type ChallengeHandle, challengeIdOf, newHandle } from './challenge-token.ts'
import { freshCode, hashPassword, passwordHashOf, remembered, verifyPassword } from './credentials.ts'
import { nameInVault } from '../integrity/vault.ts'

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

/** The password's hash with today's settings, if the stored one was made with weaker ones (PW-15). */
const rehashed =
  (context: Context, password: string) =>
  async (hash: string): Promise<Result<string | undefined, Refusal>> => {
    const weaker = await ask(context, 'passwordHasher', () => context.ports.passwordHasher.needsRehash(hash))
    if (weaker.isErr()) return err(weaker.error)
    return weaker.value ? hashPassword(context, password) : ok(undefined)
  }

/** LOG IN: a User ID and its password. */
export const beginSignIn = async (
  context: Context,
  input: { userId: string; password: string; system: System },
): Promise<Result<SignInStep, Refusal>> => {
  const id = readUserId(context, input.userId)
  if (id.isErr()) return err(id.error)
  const handle = await newHandle(context, id.value)
  if (handle.isErr()) return err(handle.error)
  // Each only where it is needed: to work for a refused login would tell why it is refused (LOCK-11).
  const fresh = remembered(() => freshCode(context, id.value.userId, 'login'))
  const verify = remembered(verifyPassword(context, input.password))
  const rehash = remembered(rehashed(context, input.password))

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
          ...(anew.value === undefined ? {} : { rehashed: nameInVault(anew.value) }),
        },
        vault: {
          ...(credential === undefined || mac === undefined ? {} : { [credential]: mac }),
          ...(anew.value === undefined ? {} : { [nameInVault(anew.value)]: anew.value }),
        },
      })
    },
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  if (refused !== undefined) return err(disclose(ofSignIn, refused.reason, account, context.policy))
  const next = nextStep(handle.value, outcome.value, context.policy)
  if (!hasIssued(outcome.value)) return next
  const code = await fresh('')
  if (code.isErr()) return err(code.error)
  const mailed = await mailCode(context, id.value, 'login', outcome.value, code.value)
  return mailed.isErr() ? err(mailed.error) : next
}
