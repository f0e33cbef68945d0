import { err, type Result } from 'neverthrow'
import type { WithCode } from '../kernel/coded.ts'
import type { MalformedInput } from '../kernel/malformed-input.ts'
import type { IdentityRefusal } from './refusals.ts'
import type { Role } from './role.ts'
import {
  looksLikeAdministrator,
  printUserId,
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
  const [lowest = ''] = candidates
  const idOf = (suffix: string) => printUserId({ ...place, suffix }, seochOrder)
  const first = idOf(lowest)
  if (first.isErr()) return err(first.error)
  // If the suffix comes last, all IDs share the rest, and one lookup per ID suffices.
  const stem = first.value.slice(0, -2)
  const free = first.value.endsWith(lowest)
    ? candidates.find((suffix) => !taken.has(stem + suffix))
    : candidates.find((suffix) => !taken.has(idOf(suffix).unwrapOr('')))
  if (free !== undefined) return idOf(free)
  return err({ code: 'user-ids-exhausted', rule: 'ID-12' })
}
