import type { Role } from '../identity/role.ts'

/**
 * A participant of which nothing is recorded yet: no account and no maximum.
 *
 * @category Participants
 */
export interface UnknownParticipant {
  readonly stage: 'Unknown'
}

/**
 * A participant: its maximum number of accounts, and every User ID ever allocated.
 *
 * @category Participants
 */
export interface KnownParticipant {
  readonly stage: 'Known'
  /** The maximum number of accounts, including Delegated Administrators; absent if none was set. */
  readonly maximum?: number
  /**
   * Every User ID ever allocated, with its status. A deleted account's ID is never allocated again (ID-12).
   */
  readonly allocated: Readonly<Record<string, Role | 'Deleted'>>
}

/**
 * The state of one participant.
 *
 * @category Participants
 */
export type Participant = UnknownParticipant | KnownParticipant

/**
 * The state of a participant before its first event.
 *
 * @category Participants
 */
export const unknownParticipant: UnknownParticipant = /* @__PURE__ */ Object.freeze({ stage: 'Unknown' })

/**
 * The four totals of the User Profile Listing, and the number of accounts available.
 *
 * @rule QTA-01
 * @rule QTA-02
 * @category Participants
 */
export interface AccountTotals {
  /** Absent if no maximum was set. */
  readonly maximum?: number
  /**
   * The number of accounts, including Delegated Administrators and disabled accounts, without deleted ones.
   */
  readonly total: number
  readonly administrators: number
  /** `total` without Delegated Administrators. */
  readonly users: number
  /** `maximum` − `total`, never below 0; 0 without a maximum. */
  readonly available: number
}

/**
 * Computes the totals of a participant.
 *
 * @rule QTA-01
 * @rule QTA-02
 * @category Participants
 */
export const accountTotals = (participant: Participant): AccountTotals => {
  if (participant.stage === 'Unknown') return { total: 0, administrators: 0, users: 0, available: 0 }
  const { maximum, allocated: given } = participant
  let administrators = 0
  let users = 0
  for (const state of Object.values(given)) {
    if (state === 'DelegatedAdministrator') administrators++
    else if (state === 'User') users++
  }
  const total = administrators + users
  const available = Math.max(0, (maximum ?? 0) - total)
  return { ...(maximum === undefined ? {} : { maximum }), total, administrators, users, available }
}

/**
 * Returns every User ID ever allocated at a participant, in the form that `nextUserId` takes.
 *
 * @rule ID-12
 * @category Participants
 */
export const allocatedUserIds = (participant: Participant): ReadonlySet<string> =>
  new Set(participant.stage === 'Known' ? Object.keys(participant.allocated) : [])
