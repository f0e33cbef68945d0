import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'

/**
 * The kinds of personal data in records and trails, each with its own retention period. `context`: where a
 * call came from. `identity`: names of persons, their user names at Client Connect, and remarks. `contact`:
 * email addresses and telephone numbers.
 *
 * @rule PRI-02
 * @category Ports
 */
export type PersonalDataKind = 'context' | 'identity' | 'contact'

/**
 * All kinds of personal data.
 *
 * @category Ports
 */
export const personalDataKinds = [
  'context',
  'identity',
  'contact',
] as const satisfies readonly PersonalDataKind[]

/**
 * Replaces a personal value in an event or a state: a digest over a random salt and the value. Once the salt
 * is erased, the digest reveals nothing about the value.
 *
 * @rule PRI-02
 * @category Ports
 */
export interface PersonalReference {
  readonly personal: PersonalDataKind
  /** SHA-256 of the opening (salt and value), in hex. */
  readonly digest: string
}

/**
 * For each kind of personal data, the number of the last entry that an erasure covers.
 *
 * @category Ports
 */
export type ErasedThrough = Readonly<Partial<Record<PersonalDataKind, number>>>

/**
 * Personal data of a record was erased: all values of the given kinds, in every entry up to a number. The
 * event can occur in the trail of any kind of record and changes no state.
 *
 * @rule PRI-04
 * @category Ports
 */
export interface PersonalDataErased {
  readonly type: 'PersonalDataErased'
  readonly at: Instant
  readonly rule: RuleId
  readonly through: ErasedThrough
  /**
   * The kinds whose values in the current state were erased too. The state still needs the values of the
   * other kinds.
   */
  readonly held: readonly PersonalDataKind[]
  readonly reason: 'retention' | 'request'
}
