import type { OtpChannel } from '../identity/otp-channel.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import { type Role, roles } from '../identity/role.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { Policy } from '../policy/policy.ts'
import type { GroupedClearingHouse } from './clearing-house.ts'
import { type Phase, phases } from './timeline.ts'

/**
 * A need for which an account holder may require support.
 *
 * @rule MNT-11
 * @category Access
 */
export type SupportNeed =
  | 'create-account'
  | 'delete-account'
  /** To change names, status, dates, limits and similar fields. */
  | 'change-profile'
  | 'register-email'
  | 'assign-business-groups'
  | 'change-password'
  | 'reset-password'
  | 'unlock'
  /** To change the device, with the old one at hand. */
  | 'change-device'
  /** To replace a device that was lost. */
  | 'replace-lost-device'
  | 'reset-smartcard-password'

/**
 * The support needs.
 *
 * @category Access
 */
export const supportNeeds = [
  'create-account',
  'delete-account',
  'change-profile',
  'register-email',
  'assign-business-groups',
  'change-password',
  'reset-password',
  'unlock',
  'change-device',
  'replace-lost-device',
  'reset-smartcard-password',
] as const satisfies readonly SupportNeed[]

/**
 * Who can help, and how: the holder without help; two Delegated Administrators of the participant, as maker
 * and checker in DMS; HKEX, on eService DA 3 or SCard 1; or no one.
 *
 * @rule MNT-11
 * @category Access
 */
export type SupportRoute = 'self-service' | 'delegated-administrators' | 'DA 3' | 'SCard 1' | 'not-available'

/**
 * The OTP channel of an account; `none` until 2FA is initialised, and again after an unlock.
 *
 * @category Access
 */
export type AccountChannel = OtpChannel | 'none'

/**
 * The channels that an account can have.
 *
 * @category Access
 */
export const accountChannels = ['MobileApp', 'Email', 'none'] as const satisfies readonly AccountChannel[]

/**
 * A request to the authority table.
 *
 * @category Access
 */
export interface SupportRequest {
  readonly need: SupportNeed
  /** The role of the account that needs support. */
  readonly role: Role
  readonly channel: AccountChannel
  readonly phase: Phase
}

/**
 * A decision of the authority table: the route, and the rule that names it.
 *
 * @category Access
 */
export interface SupportDecision {
  readonly route: SupportRoute
  readonly rule: RuleId
}

type Row = readonly [
  needs: readonly SupportNeed[],
  role: Role | 'any',
  channel: AccountChannel | 'any',
  phases: readonly Phase[] | 'any',
  route: SupportRoute,
  rule: RuleId,
]

const beforeLaunch = ['before-registration', 'registration'] as const
const fromLaunch = ['parallel-run', 'decommissioned'] as const
const twoFactorNeeds = [
  'change-password',
  'reset-password',
  'unlock',
  'change-device',
  'replace-lost-device',
] as const

/** Evaluated from the top: the first matching row decides. */
const rows: readonly Row[] = [
  // Before launch, these needs do not exist.
  [twoFactorNeeds, 'any', 'any', beforeLaunch, 'not-available', 'MIG-03'],

  [['create-account'], 'DelegatedAdministrator', 'any', beforeLaunch, 'SCard 1', 'MNT-06'],
  [['create-account'], 'DelegatedAdministrator', 'any', fromLaunch, 'DA 3', 'MNT-06'],
  [['create-account'], 'User', 'any', beforeLaunch, 'SCard 1', 'MNT-07'],
  [['create-account'], 'User', 'any', fromLaunch, 'delegated-administrators', 'MNT-07'],

  [['register-email'], 'any', 'any', ['before-registration'], 'not-available', 'MIG-01'],
  [['register-email'], 'DelegatedAdministrator', 'any', 'any', 'DA 3', 'MIG-01'],
  [['register-email'], 'User', 'any', 'any', 'delegated-administrators', 'MIG-01'],

  [['change-profile', 'delete-account'], 'DelegatedAdministrator', 'any', beforeLaunch, 'SCard 1', 'MNT-06'],
  [['change-profile', 'delete-account'], 'DelegatedAdministrator', 'any', fromLaunch, 'DA 3', 'MNT-06'],
  [['change-profile', 'delete-account'], 'User', 'any', 'any', 'delegated-administrators', 'MNT-07'],

  [['assign-business-groups'], 'DelegatedAdministrator', 'any', ['decommissioned'], 'DA 3', 'MNT-10'],
  [['assign-business-groups'], 'DelegatedAdministrator', 'any', 'any', 'not-available', 'MNT-10'],
  [['assign-business-groups'], 'User', 'any', 'any', 'delegated-administrators', 'MNT-10'],

  // An account that has set up nothing has nothing to change: the first sign-in sets up both.
  [
    ['change-password', 'change-device', 'replace-lost-device'],
    'any',
    'none',
    'any',
    'not-available',
    'ACC-03',
  ],
  [['change-password'], 'any', 'any', 'any', 'self-service', 'MNT-01'],
  [['change-device'], 'any', 'MobileApp', 'any', 'self-service', 'OTP-08'],
  [['change-device', 'replace-lost-device'], 'any', 'Email', 'any', 'not-available', 'OTP-09'],
  [['replace-lost-device'], 'DelegatedAdministrator', 'MobileApp', 'any', 'DA 3', 'OTP-09'],
  [['replace-lost-device'], 'User', 'MobileApp', 'any', 'delegated-administrators', 'OTP-09'],

  [['reset-password'], 'any', 'MobileApp', 'any', 'self-service', 'MNT-02'],
  // A first password was set and forgotten before the channel was set up: the set-up starts again.
  [['reset-password'], 'any', 'none', 'any', 'self-service', 'ACC-01'],
  [['reset-password'], 'DelegatedAdministrator', 'Email', 'any', 'DA 3', 'MNT-03'],
  [['reset-password'], 'User', 'Email', 'any', 'delegated-administrators', 'MNT-03'],

  [['unlock'], 'DelegatedAdministrator', 'any', 'any', 'DA 3', 'MNT-04'],
  [['unlock'], 'User', 'any', 'any', 'delegated-administrators', 'MNT-04'],

  // The Participant Gateway keeps smartcards, so their passwords can always be forgotten (MIG-10, MIG-14).
  [['reset-smartcard-password'], 'DelegatedAdministrator', 'any', 'any', 'SCard 1', 'MNT-05'],
  [['reset-smartcard-password'], 'User', 'any', 'any', 'delegated-administrators', 'MNT-05'],
]

const matches = (
  { need, role, channel, phase }: SupportRequest,
  [ofNeeds, ofRole, ofChannel, ofPhases]: Row,
): boolean =>
  ofNeeds.includes(need) &&
  (ofRole === 'any' || ofRole === role) &&
  (ofChannel === 'any' || ofChannel === channel) &&
  (ofPhases === 'any' || ofPhases.includes(phase))

/**
 * Returns who can help an account holder with a need, and how. The service uses only this function.
 *
 * @returns the route and its rule; `not-available` if no one can help, or there is nothing to do.
 * @rule MNT-11
 * @category Access
 */
export const supportRouteFor = (request: SupportRequest): SupportDecision => {
  const row = rows.find((each) => matches(request, each))
  return row === undefined ? { route: 'not-available', rule: 'MNT-11' } : { route: row[4], rule: row[5] }
}

/**
 * The whole authority table: every need × role × channel × phase with its decision, in that order.
 *
 * @rule MNT-11
 * @category Access
 */
export const authorityTable = (): readonly (SupportRequest & SupportDecision)[] =>
  supportNeeds.flatMap((need) =>
    roles.flatMap((role) =>
      accountChannels.flatMap((channel) =>
        phases.map((phase) => {
          const situation = { need, role, channel, phase }
          return { ...situation, ...supportRouteFor(situation) }
        }),
      ),
    ),
  )

/**
 * A Delegated Administrator or user who acts in DMS.
 *
 * @category Access
 */
export interface DmsActor {
  readonly userId: string
  readonly role: Role
  readonly participant: ParticipantKey
  /** The clearing house of the account, if it is known (MNT-12). */
  readonly clearingHouse?: GroupedClearingHouse | undefined
}

/**
 * Why a person may not do something for an account in DMS.
 *
 * @category Access
 */
export type DmsDenialReason =
  | 'not-a-delegated-administrator'
  | 'other-participant'
  | 'other-clearing-house'
  | 'subject-is-an-administrator'
  | 'not-by-this-route'

/**
 * Whether a person may do something for an account in DMS. A Delegated Administrator may, for users of the
 * same participant, if the authority table routes the need to Delegated Administrators. A DA cannot help any
 * DA, including themselves.
 *
 * @returns `undefined` if they may; otherwise the reason and the rule.
 * @rule MNT-08
 * @rule MNT-11
 * @rule MNT-12
 * @category Access
 */
export const dmsDenial = (
  actor: DmsActor,
  subject: DmsActor,
  { need, channel, phase }: Omit<SupportRequest, 'role'>,
): { readonly reason: DmsDenialReason; readonly rule: RuleId } | undefined => {
  if (actor.role !== 'DelegatedAdministrator')
    return { reason: 'not-a-delegated-administrator', rule: 'MNT-08' }
  if (actor.participant !== subject.participant) return { reason: 'other-participant', rule: 'MNT-08' }
  if (
    actor.clearingHouse !== undefined &&
    subject.clearingHouse !== undefined &&
    actor.clearingHouse !== subject.clearingHouse
  )
    return { reason: 'other-clearing-house', rule: 'MNT-12' }
  if (subject.role === 'DelegatedAdministrator')
    return { reason: 'subject-is-an-administrator', rule: 'MNT-08' }
  const { route, rule } = supportRouteFor({ need, role: subject.role, channel, phase })
  return route === 'delegated-administrators' ? undefined : { reason: 'not-by-this-route', rule }
}

/** The two parts of a DMS request. */
export type DmsPart = 'maker' | 'checker'

/**
 * Whether a DA may take a part in DMS: the policy can limit DAs to maker or to checker.
 *
 * @returns `undefined` if they may; otherwise the reason and the rule.
 * @rule DMS-11
 */
export const dmsPartDenial = (
  userId: string,
  part: DmsPart,
  { dms }: Pick<Policy, 'dms'>,
): { readonly reason: 'checker-only' | 'maker-only'; readonly rule: RuleId } | undefined => {
  if (part === 'maker' && dms.checkersOnly.includes(userId)) return { reason: 'checker-only', rule: 'DMS-11' }
  if (part === 'checker' && dms.makersOnly.includes(userId)) return { reason: 'maker-only', rule: 'DMS-11' }
  return undefined
}
