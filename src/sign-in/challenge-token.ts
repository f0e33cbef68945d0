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

declare const brand: unique symbol

/**
 * The caller's token of a challenge: opaque and secret. It contains the User ID, so that one load finds the
 * account; the record contains only its digest.
 *
 * @rule OTP-11
 * @category Sign-in
 */
export type ChallengeToken = string & { readonly [brand]: true }

/** A parsed challenge token: only {@link parseChallengeToken} and {@link newChallengeToken} create one. */
export interface ParsedChallengeToken {
  readonly token: ChallengeToken
  /** The account's User ID. */
  readonly id: ParsedUserId
  /** The digest under which the account's record stores the challenge. */
  readonly challenge: ChallengeId
}

/** The digest of a token. It covers the User ID, so that a token for another account never matches. */
const challengeIdOf = (token: string): ChallengeId => digest(`challenge:${token}`).slice(0, 32)

/** Creates a token for an account, or for a User ID without an account. */
export const newChallengeToken = async (
  context: ServiceContext,
  id: ParsedUserId,
): Promise<Result<ParsedChallengeToken, PortFailed>> =>
  (await randomHex(context, 16)).map((random) => {
    const token = `${id.userId}.${random}`
    // Here and below are the only places where a text becomes a token.
    return { token: token as ChallengeToken, id, challenge: challengeIdOf(token) }
  })

/** Parses a challenge token. A malformed token is refused exactly like an unknown one. */
const parseChallengeToken = (
  context: ServiceContext,
  text: string,
): Result<ParsedChallengeToken, SignInRefusalOf<'challenge-ended'>> => {
  const [, userId] = /^([A-Z0-9]{8})\.[0-9a-f]{32}$/.exec(text) ?? []
  const id = userId === undefined ? undefined : readUserId(context, userId)
  return id?.isOk()
    ? // It has the form of one.
      ok({ token: text as ChallengeToken, id: id.value, challenge: challengeIdOf(text) })
    : err(challengeEnded)
}

/**
 * Wraps an endpoint that continues a challenge: the token is parsed here, and inner code takes only parsed
 * tokens.
 */
export const onChallenge =
  <I extends { readonly challenge: string }, T, E>(
    run: (
      input: Omit<I, 'challenge'> & { readonly challenge: ParsedChallengeToken },
      context: ServiceContext,
    ) => Promise<Result<T, E>>,
  ) =>
  async (input: I, context: ServiceContext): Promise<Result<T, E | SignInRefusalOf<'challenge-ended'>>> => {
    const parsed = parseChallengeToken(context, input.challenge)
    return parsed.isErr() ? err(parsed.error) : run({ ...input, challenge: parsed.value }, context)
  }
