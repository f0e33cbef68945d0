import fc from 'fast-check'
import { suffixesOf } from '../../identity/allocation.ts'
import type { GroupDigit, ParticipantType } from '../../identity/participant.ts'
import type { Role } from '../../identity/role.ts'
import { formatUserId, type SeochOrder, type UserId, type UserIdParts } from '../../identity/user-id.ts'

const groups = ['1', '2', '3', '4'] as const satisfies readonly GroupDigit[]

/** The participant's part: its ID and, for HKCC and SEOCH, the group. */
const places: Record<
  ParticipantType,
  fc.Arbitrary<Omit<UserIdParts, 'type' | 'role' | 'suffix'>>
> = /* @__PURE__ */ (() => {
  const grouped = fc.record({
    participantId: fc.stringMatching(/^[A-Z0-9]{3}$/),
    group: fc.constantFrom(...groups),
  })
  return {
    HKSCC: fc.record({ participantId: fc.stringMatching(/^[A-Z][0-9]{5}$/) }),
    DB: fc.record({ participantId: fc.stringMatching(/^BNK[0-9]{3}$/) }),
    HKCC: grouped,
    SEOCH: grouped,
  }
})()

const anyType = (): fc.Arbitrary<ParticipantType> => fc.constantFrom('HKSCC', 'DB', 'HKCC', 'SEOCH')
const anyRole = (): fc.Arbitrary<Role> => fc.constantFrom('DelegatedAdministrator', 'User')

/**
 * The parts of a User ID that can be allocated today.
 *
 * @param type - the participant type. Default: any of the four.
 * @param role - the role. Default: either. A user's suffix never looks like a DA's (ID-09).
 * @rule ID-02
 * @rule ID-09
 * @category Testing kit
 */
export const userIdParts = (type?: ParticipantType, role?: Role): fc.Arbitrary<UserIdParts> =>
  fc
    .tuple(
      type === undefined ? anyType() : fc.constant(type),
      role === undefined ? anyRole() : fc.constant(role),
    )
    .chain(([ofType, ofRole]) =>
      fc
        .tuple(places[ofType], fc.constantFrom(...suffixesOf(ofRole)))
        .map(([place, suffix]) => ({ type: ofType, role: ofRole, ...place, suffix })),
    )

/**
 * User IDs in canonical form: 8 capital letters and digits.
 *
 * @param type - the participant type. Default: any of the four.
 * @param role - the role. Default: either.
 * @param seochOrder - the interpretation of ID-06 that applies to the User ID of a SEOCH DA.
 * @rule ID-01
 * @category Testing kit
 */
export const userId = (
  type?: ParticipantType,
  role?: Role,
  seochOrder: SeochOrder = 'as-example',
): fc.Arbitrary<UserId> =>
  userIdParts(type, role).map((parts) =>
    formatUserId(parts, seochOrder).match(
      (printed) => printed,
      ({ code }) => {
        throw new Error(`cannot print these parts (${code}): ${JSON.stringify(parts)}`)
      },
    ),
  )
