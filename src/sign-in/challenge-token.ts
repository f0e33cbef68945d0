import { err, ok, type Result } from 'neverthrow'
import type { ChallengeId } from '../account/state.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Context } from '../engine/context.ts'
import { readUserId } from '../engine/endpoint.ts'
import { digest } from '../integrity/trail-hash.ts'
import { randomHex } from '../engine/unit-of-work.ts'

/**
 * What a caller holds of something begun: opaque, and a secret. It names the account, so that one load
 * finds it; the record knows only its digest.
 *
 * @rule OTP-11
 */
export type ChallengeHandle = string & { readonly __brand: 'ChallengeHandle' }

/** The digest by which the record knows a handle. It covers the User ID: moved to another account, it fits nothing. */
export const challengeIdOf = (handle: string): ChallengeId => digest(`challenge:${handle}`).slice(0, 32)

/** A fresh handle for an account, or for a User ID that has none. */
export const newHandle = async (
  context: Context,
  { userId }: Pick<ParsedUserId, 'userId'>,
): Promise<Result<ChallengeHandle, Refusal>> =>
  (await randomHex(context, 16)).map((random) => `${userId}.${random}` as ChallengeHandle)

/** Whose a handle is; what is none ends where a foreign one does. */
export const readHandle = (
  context: Context,
  handle: string,
): Result<{ readonly id: ParsedUserId; readonly challenge: ChallengeId }, Refusal> => {
  const [, userId] = /^([A-Z0-9]{8})\.[0-9a-f]{32}$/.exec(handle) ?? []
  const id = userId === undefined ? undefined : readUserId(context, userId)
  return id?.isOk()
    ? ok({ id: id.value, challenge: challengeIdOf(handle) })
    : err({ code: 'challenge-ended', rule: 'LOCK-05' })
}
