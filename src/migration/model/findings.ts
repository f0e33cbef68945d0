import { supportRouteFor } from '../../access-control/authority.ts'
import { isBeforeLaunch, type Phase } from '../../access-control/timeline.ts'
import type { Role } from '../../identity/role.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { keysOf } from '../../kernel/typed-entries.ts'

/**
 * Why an account is migrated but needs help before it can use 2FA.
 *
 * @category Migration
 */
export type BlockedReason =
  | 'no-registered-email'
  | 'invalid-email'
  | 'disabled'
  | 'not-yet-enabled'
  | 'no-longer-enabled'
  | 'certificate-expired'

/**
 * Why a line is not migrated.
 *
 * @category Migration
 */
export type RefusedReason =
  | 'no-such-format'
  | 'unreadable'
  | 'remark-without-administrator-id'
  | 'looks-like-administrator'
  | 'wrong-participant'
  | 'duplicate-id'
  | 'over-quota'
  | 'too-many-participants'

/**
 * Why an account is not ready.
 *
 * @category Migration
 */
export type FindingCode = BlockedReason | RefusedReason

/**
 * Who can help, and how: the account holder; two Delegated Administrators of the participant in DMS; HKEX, on
 * eService DA 3 or SCard 1; the participant, by buying accounts on DA 4; the author of the listing; the
 * participant, through its checklist; no one yet.
 *
 * @rule MIG-16
 * @category Migration
 */
export type RemedyRoute =
  | 'self-service'
  | 'delegated-administrators'
  | 'DA 3'
  | 'SCard 1'
  | 'DA 4'
  | 'listing'
  | 'participant'
  | 'not-available'

/**
 * A route to help and the rule that names it.
 *
 * @category Migration
 */
export interface Remedy {
  readonly route: RemedyRoute
  readonly rule: RuleId
}

/**
 * One reason why an account is not ready, and who can help.
 *
 * @category Migration
 */
export interface Finding {
  readonly code: FindingCode
  readonly rule: RuleId
  readonly remedy: Remedy
  /** What is wrong with the line, e.g. `no-such-date: Enable From`; of `unreadable` only. */
  readonly detail?: string
}

/**
 * The effect of a finding on an account, its rule and its text for people.
 *
 * @category Migration
 */
export interface FindingKind {
  readonly status: 'blocked' | 'refused'
  readonly rule: RuleId
  readonly statement: string
}

/**
 * Every finding. `blocked`: the account is migrated anyway (MIG-05) and needs help. `refused`: the line is
 * skipped and the other lines continue.
 *
 * @rule MIG-06
 * @rule MIG-16
 * @category Migration
 */
export const findingKinds: Readonly<Record<FindingCode, FindingKind>> = {
  'no-registered-email': { status: 'blocked', rule: 'MIG-06', statement: 'No email is registered' },
  'invalid-email': {
    status: 'blocked',
    rule: 'MIG-06',
    statement: 'The registered email is not a valid email address',
  },
  disabled: { status: 'blocked', rule: 'ACC-05', statement: 'The status is DISABLED' },
  'not-yet-enabled': { status: 'blocked', rule: 'ACC-06', statement: 'Enable From is after launch' },
  'no-longer-enabled': { status: 'blocked', rule: 'ACC-06', statement: 'Disable After is before launch' },
  'certificate-expired': {
    status: 'blocked',
    rule: 'MIG-16',
    statement: 'The smartcard’s certificate has expired',
  },
  'no-such-format': { status: 'refused', rule: 'ID-07', statement: 'The User ID has no known format' },
  unreadable: { status: 'refused', rule: 'MIG-16', statement: 'The line can’t be read' },
  'remark-without-administrator-id': {
    status: 'refused',
    rule: 'DMS-06',
    statement: 'The remark says Delegated Administrator, the User ID does not',
  },
  'looks-like-administrator': {
    status: 'refused',
    rule: 'ID-09',
    statement: 'The User ID looks like a Delegated Administrator’s, and the remark is missing',
  },
  'wrong-participant': {
    status: 'refused',
    rule: 'ID-07',
    statement: 'The User ID belongs to another participant than the line',
  },
  'duplicate-id': { status: 'refused', rule: 'ID-12', statement: 'The User ID is in the listing already' },
  'over-quota': {
    status: 'refused',
    rule: 'QTA-03',
    statement: 'The participant’s maximum of accounts is passed',
  },
  'too-many-participants': {
    status: 'refused',
    rule: 'MIG-16',
    statement: 'The listing has more participants than one plan holds',
  },
}

/**
 * The code of every finding, in the order of {@link findingKinds}.
 *
 * @category Migration
 */
export const findingCodes = /* @__PURE__ */ keysOf(findingKinds)

/**
 * Returns who can help with a finding. Before launch, a certificate is renewed on SCard 1; from launch on no
 * smartcard can be bought, and the holder initialises 2FA instead (MIG-07).
 *
 * @rule MIG-16
 */
export const remedyFor = (code: FindingCode, role: Role, phase: Phase): Remedy => {
  switch (code) {
    case 'no-registered-email':
    case 'invalid-email':
      return supportRouteFor({ need: 'register-email', role, channel: 'none', phase })
    case 'disabled':
    case 'not-yet-enabled':
    case 'no-longer-enabled':
      return supportRouteFor({ need: 'change-profile', role, channel: 'none', phase })
    case 'certificate-expired':
      return isBeforeLaunch(phase)
        ? { route: 'SCard 1', rule: 'MNT-06' }
        : { route: 'self-service', rule: 'MIG-07' }
    case 'over-quota':
      return { route: 'DA 4', rule: 'ESV-14' }
    case 'no-such-format':
    case 'unreadable':
    case 'remark-without-administrator-id':
    case 'looks-like-administrator':
    case 'wrong-participant':
    case 'duplicate-id':
    case 'too-many-participants':
      return { route: 'listing', rule: 'MIG-16' }
  }
}
