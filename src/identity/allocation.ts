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

const endings: Record<Role, readonly string[]> = {
  User: /* @__PURE__ */ pairs(characters, characters).filter((ending) => !looksLikeAdministrator(ending)),
  DelegatedAdministrator: /* @__PURE__ */ pairs([...'XYZ'], [...'123456789']),
}

/**
 * Every ending that an account of a role may be given, lowest first: digits before letters. Users have
 * 1,269, Delegated Administrators 27.
 *
 * @rule ID-09
 * @category Identifiers
 */
export const endingsOf = (role: Role): readonly string[] => endings[role]

/** Prints a User ID of which the ending is a candidate: none of those looks like another role's. */
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
 * The lowest free User ID of a participant (of HKCC and SEOCH: in a group).
 *
 * @param place - type, role, participant and group of the new account.
 * @param taken - every ID ever given there, deleted accounts' included (ID-12). Others do no harm.
 * @returns the ID; or `user-ids-exhausted`; or `malformed-user-id` where the place is
 * none; or `malformed-input`.
 * @rule ID-12
 * @category Identifiers
 */
export const nextUserId = (
  place: Omit<UserIdParts, 'ending'>,
  taken: ReadonlySet<string>,
  seochOrder: SeochOrder = 'as-example',
): Result<UserId, WithCode<IdentityRefusal, 'malformed-user-id' | 'user-ids-exhausted'> | MalformedInput> => {
  if (typeof taken?.has !== 'function')
    return err({ code: 'malformed-input', rule: 'API-01', field: 'taken', problem: 'must be a Set' })
  const candidates = endingsOf(place?.role === 'DelegatedAdministrator' ? place.role : 'User')
  const lowest = print({ ...place, ending: candidates[0] ?? '' }, seochOrder)
  if (lowest.isErr()) return err(lowest.error)
  // Where the ending stands last, the rest is the same for all: one look for each is enough.
  const stem = lowest.value.slice(0, -2)
  const free = lowest.value.endsWith(candidates[0] ?? '')
    ? candidates.find((ending) => !taken.has(stem + ending))
    : candidates.find((ending) => !taken.has(print({ ...place, ending }, seochOrder).unwrapOr('' as UserId)))
  if (free !== undefined) return print({ ...place, ending: free }, seochOrder)
  return err({ code: 'user-ids-exhausted', rule: 'ID-12' })
}
