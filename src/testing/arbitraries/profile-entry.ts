import fc from 'fast-check'
import type { ProfileChanges } from '../../account/profile.ts'
import type { ProfileEntry } from '../../dms/model/entry.ts'
import type { UserId } from '../../identity/user-id.ts'
import { userId } from './user-id.ts'

const text = () => fc.stringMatching(/^[A-Z]{1,12}$/)
const day = () => fc.constantFrom('2023-01-01', '2023-06-05', '2099-12-31')
const orNone = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value)

const changes = (): fc.Arbitrary<ProfileChanges> =>
  fc.record(
    {
      status: fc.constantFrom('ENABLED' as const, 'DISABLED' as const),
      email: orNone(fc.constantFrom('a@example.com', 'b@example.com')),
      surname: orNone(text()),
      otherNames: orNone(text()),
      enableFrom: orNone(day()),
      disableAfter: orNone(day()),
      userGroups: orNone(fc.array(fc.constantFrom('11', 'AA'), { maxLength: 2 })),
      transactionLimits: orNone(fc.constantFrom({ Default: '0.00' }, { DI: '100.00' })),
    },
    { requiredKeys: [] },
  )

/**
 * An entry that a maker can make on a page of DMS: Create, Change (with or without the unlock) or Delete.
 *
 * @param subject - whose profile it concerns. Default: any user of an HKSCC participant.
 * @rule DMS-01
 * @rule DMS-03
 * @category Testing kit
 */
export const profileEntry = (
  subject: fc.Arbitrary<UserId> = userId('HKSCC', 'User'),
): fc.Arbitrary<ProfileEntry> =>
  fc.oneof(
    fc.record({ kind: fc.constant('create' as const), userId: subject, profile: changes() }),
    fc.record({
      kind: fc.constant('change' as const),
      userId: subject,
      changes: changes(),
      unlock: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('delete' as const), userId: subject }),
  )
