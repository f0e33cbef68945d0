import { isOneOf } from '../kernel/membership.ts'

/**
 * A participant type: Clearing Participant of HKSCC, Designated Bank of HKSCC, Clearing Participant of
 * HKCC or of SEOCH.
 *
 * @rule ID-02
 * @category Identifiers
 */
export type ParticipantType = 'HKSCC' | 'DB' | 'HKCC' | 'SEOCH'

/**
 * A letter or digit that tells apart up to four groups of an HKCC or SEOCH participant's User IDs.
 *
 * @category Identifiers
 */
export type GroupDigit = '1' | '2' | '3' | '4'

/**
 * The key under which a participant's records live together: the part of its User IDs that all of them
 * share, e.g. `B01234`, `BNK999`, `HKABC`.
 *
 * @category Identifiers
 */
export type ParticipantKey = string

/**
 * Every participant type.
 *
 * @category Identifiers
 * @rule ID-02
 */
export const participantTypes = ['HKSCC', 'DB', 'HKCC', 'SEOCH'] as const satisfies readonly ParticipantType[]

/**
 * Whether a value, e.g. of a form, names a participant type.
 *
 * @category Identifiers
 * @rule ID-02
 */
export const isParticipantType: (value: unknown) => value is ParticipantType =
  /* @__PURE__ */ isOneOf(participantTypes)
