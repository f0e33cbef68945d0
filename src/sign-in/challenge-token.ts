import { err, ok, type Result } from 'neverthrow'
import type { ChallengeId } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import { readUserId } from '../engine/endpoint.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { randomHex } from '../engine/unit-of-work.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import { digest } from '../integrity/trail-hash.ts'
import { challengeEnded } from './disclosure.ts'
import type { SignInRefusalOf } from './refusals.ts'

/**
 * What a caller holds of something begun: opaque, and a secret. It names the account, so that one load
 * finds it; the record knows only its digest.
 *
 * @rule OTP-11
 */
export type ChallengeToken = string & { readonly __brand: 'ChallengeHandle' }

/** The digest by which the record knows a handle. It covers the User ID: moved to another account, it fits nothing. */
export const challengeIdOf = (handle: string): ChallengeId => digest(`challenge:${handle}`).slice(0, 32)

/** A fresh handle for an account, or for a User ID that has none. */
export const newChallengeToken = async (
  context: ServiceContext,
  { userId }: Pick<ParsedUserId, 'userId'>,
): Promise<Result<ChallengeToken, PortFailed>> =>
  (await randomHex(context, 16)).map((random) => `${userId}.${random}` as ChallengeToken)

/** Whose a handle is; what is none ends where a foreign one does. */
export const parseChallengeToken = (
  context: ServiceContext,
  handle: string,
): Result<
  { readonly id: ParsedUserId; readonly challenge: ChallengeId },
  SignInRefusalOf<'challenge-ended'>
> => {
  const [, userId] = /^([A-Z0-9]{8})\.[0-9a-f]{32}$/.exec(handle) ?? []
  const id = userId === undefined ? undefined : readUserId(context, userId)
  return id?.isOk() ? ok({ id: id.value, challenge: challengeIdOf(handle) }) : err(challengeEnded)
}
