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
 * A digit that distinguishes up to four groups of an HKCC or SEOCH participant's User IDs.
 *
 * @category Identifiers
 */
export type GroupDigit = '1' | '2' | '3' | '4'

/**
 * The key of a participant's records: the part that all its User IDs share, e.g. `B01234`, `BNK999`, `HKABC`.
 *
 * @category Identifiers
 */
export type ParticipantKey = string

/**
 * The participant types.
 *
 * @category Identifiers
 * @rule ID-02
 */
export const participantTypes = ['HKSCC', 'DB', 'HKCC', 'SEOCH'] as const satisfies readonly ParticipantType[]

/**
 * Whether a value, e.g. from a form, is a participant type.
 *
 * @category Identifiers
 * @rule ID-02
 */
export const isParticipantType: (value: unknown) => value is ParticipantType =
  /* @__PURE__ */ isOneOf(participantTypes)
