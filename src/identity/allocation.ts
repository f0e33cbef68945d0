import { err, type Result } from 'neverthrow'
import type { WithCode } from '../kernel/coded.ts'
import type { MalformedInput } from '../kernel/malformed-input.ts'
import type { IdentityRefusal } from './refusals.ts'
import type { Role } from './role.ts'
import {
  formatUserId,
  looksLikeAdministrator,
  type SeochOrder,
  type UserId,
  type UserIdParts,
} from './user-id.ts'

const characters = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ']

const pairs = (first: readonly string[], second: readonly string[]) =>
  first.flatMap((a) => second.map((b) => a + b))

const suffixes: Record<Role, readonly string[]> = {
  User: /* @__PURE__ */ pairs(characters, characters).filter((suffix) => !looksLikeAdministrator(suffix)),
  DelegatedAdministrator: /* @__PURE__ */ pairs([...'XYZ'], [...'123456789']),
}

/**
 * Returns every suffix that an account of a role can be given, lowest first: digits before letters. Users
 * have 1,269, Delegated Administrators 27.
 *
 * @rule ID-09
 * @category Identifiers
 */
export const suffixesOf = (role: Role): readonly string[] => suffixes[role]

/** Formats a User ID from one of these suffixes, none of which looks like another role's. */
const print = (
  parts: UserIdParts,
  seochOrder: SeochOrder,
): Result<UserId, WithCode<IdentityRefusal, 'malformed-user-id'>> =>
  formatUserId(parts, seochOrder).mapErr((refusal) =>
    refusal.code === 'malformed-user-id'
      ? refusal
      : { code: 'malformed-user-id', rule: 'ID-07', problem: 'shape' },
  )

/**
 * Finds the lowest free User ID of a participant; for HKCC and SEOCH, within a group.
 *
 * @param place - type, role, participant and group of the new account.
 * @param taken - every ID ever allocated there, including those of deleted accounts (ID-12). IDs of others
 * are ignored.
 * @returns the ID; or `user-ids-exhausted`; or `malformed-user-id` if the place is invalid; or
 * `malformed-input`.
 * @rule ID-12
 * @category Identifiers
 */
export const nextUserId = (
  place: Omit<UserIdParts, 'suffix'>,
  taken: ReadonlySet<string>,
  seochOrder: SeochOrder = 'as-example',
): Result<UserId, WithCode<IdentityRefusal, 'malformed-user-id' | 'user-ids-exhausted'> | MalformedInput> => {
  if (typeof taken?.has !== 'function')
    return err({ code: 'malformed-input', rule: 'API-01', field: 'taken', problem: 'must be a Set' })
  const candidates = suffixesOf(place?.role === 'DelegatedAdministrator' ? place.role : 'User')
  const lowest = print({ ...place, suffix: candidates[0] ?? '' }, seochOrder)
  if (lowest.isErr()) return err(lowest.error)
  // If the suffix comes last, all IDs share the rest, and one lookup per ID suffices.
  const stem = lowest.value.slice(0, -2)
  const free = lowest.value.endsWith(candidates[0] ?? '')
    ? candidates.find((suffix) => !taken.has(stem + suffix))
    : candidates.find((suffix) => !taken.has(print({ ...place, suffix }, seochOrder).unwrapOr('')))
  if (free !== undefined) return print({ ...place, suffix: free }, seochOrder)
  return err({ code: 'user-ids-exhausted', rule: 'ID-12' })
}
