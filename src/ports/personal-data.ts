import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'

/**
 * The kinds of personal data in records and trails, each with its own retention period: `context`, where a call
 * came from; `identity`, names of persons, their user names at Client Connect, and remarks; `contact`, email
 * addresses and telephone numbers.
 *
 * @rule PRI-02
 * @category Ports
 */
export type PersonalDataKind = 'context' | 'identity' | 'contact'

/**
 * Every kind of personal data.
 *
 * @category Ports
 */
export const personalDataKinds = [
  'context',
  'identity',
  'contact',
] as const satisfies readonly PersonalDataKind[]

/**
 * What stands in an event or a state in place of a personal value: a digest over a random salt and the value. It
 * tells nothing of the value once the salt is erased.
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
 * By kind, the number of the last entry up to which something holds.
 *
 * @category Ports
 */
export type ErasedThrough = Readonly<Partial<Record<PersonalDataKind, number>>>

/**
 * Personal data of a record were erased: those of the kinds, in every entry up to a number. It can stand in the
 * trail of any kind of record and changes no state.
 *
 * @rule PRI-04
 * @category Ports
 */
export interface PersonalDataErased {
  readonly type: 'PersonalDataErased'
  readonly at: Instant
  readonly rule: RuleId
  readonly through: ErasedThrough
  /** The kinds whose values in the state were erased too; the state still needs those of the others. */
  readonly held: readonly PersonalDataKind[]
  readonly reason: 'retention' | 'request'
}
