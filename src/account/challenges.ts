import { clockTolerance, type Instant, SECOND } from '../kernel/instant.ts'
import type { Policy } from '../policy/policy.ts'
import {
  type Account,
  type AccountBase,
  type Challenge,
  type ChallengeId,
  isExistingAccount,
} from './state.ts'

/** What a challenge waits for. */
export type Awaits = Challenge['awaits']

/** A challenge of an account that awaits the one or the other thing, open or expired. */
export const findChallenge = <A extends Awaits>(
  account: Pick<AccountBase, 'challenges'>,
  id: ChallengeId,
  ...awaits: readonly A[]
): Extract<Challenge, { awaits: A }> | undefined =>
  account.challenges.find(
    (challenge): challenge is Extract<Challenge, { awaits: A }> =>
      challenge.id === id && (awaits as readonly Awaits[]).includes(challenge.awaits),
  )

/** The first instant at which a challenge opened now is over. */
export const challengeExpiry = (at: Instant, { challenge }: Policy): Instant =>
  at + challenge.validSeconds * SECOND

/** Whether a challenge is open: not expired, and not opened by a clock that was ahead (API-03). */
export const isOpenChallenge = ({ expiresAt }: Challenge, at: Instant, policy: Policy): boolean =>
  at < expiresAt && expiresAt <= challengeExpiry(at, policy) + clockTolerance

/**
 * An open challenge of an account that awaits the one or the other thing: only for one is anything verified,
 * hashed or opened (LOCK-16).
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
