import { clockTolerance, type Instant, SECOND } from '../kernel/instant.ts'
import { isOneOf } from '../kernel/membership.ts'
import type { Policy } from '../policy/policy.ts'
import {
  type Account,
  type AccountBase,
  type Challenge,
  type ChallengeId,
  isExistingAccount,
} from './state.ts'

/** What a challenge awaits. */
export type Awaits = Challenge['awaits']

/** Finds an account's challenge that awaits one of the given things, whether open or expired. */
export const findChallenge = <A extends Awaits>(
  account: Pick<AccountBase, 'challenges'>,
  id: ChallengeId,
  ...awaits: readonly A[]
): Extract<Challenge, { awaits: A }> | undefined =>
  account.challenges.find(
    (challenge): challenge is Extract<Challenge, { awaits: A }> =>
      challenge.id === id && isOneOf(awaits)(challenge.awaits),
  )

/** The first instant at which a challenge opened now has expired. */
export const challengeExpiry = (at: Instant, { challenge }: Policy): Instant =>
  at + challenge.validSeconds * SECOND

/** Whether a challenge is open: not expired, and not opened by a clock that was ahead (API-03). */
export const isOpenChallenge = ({ expiresAt }: Challenge, at: Instant, policy: Policy): boolean =>
  at < expiresAt && expiresAt <= challengeExpiry(at, policy) + clockTolerance

/**
 * Finds an account's open challenge that awaits one of the given things. Nothing is verified, hashed or
 * opened without one (LOCK-16).
 *
 * @rule LOCK-16
 */
export const openChallenge = <A extends Awaits>(
  account: Account,
  id: ChallengeId,
  at: Instant,
  policy: Policy,
  ...awaits: readonly A[]
): Extract<Challenge, { awaits: A }> | undefined => {
  const found = isExistingAccount(account) ? findChallenge(account, id, ...awaits) : undefined
  return found !== undefined && isOpenChallenge(found, at, policy) ? found : undefined
}
