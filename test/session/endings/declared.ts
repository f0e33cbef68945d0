/** What each event and each operation does to open sessions, as the rulebook says. One added later does not compile until it is listed here. */
import type { AccountEventType } from '../../../src/account/events.ts'
import type { OperationName } from '../../../src/index.ts'

/** What an event does to the open sessions of its account. */
export type Effect =
  | 'none'
  /** One session more. */
  | 'opens'
  /** Every session ends. */
  | 'all'
  /** The event contains which sessions end. */
  | 'as it says'
  /** All, where email, status or dates say so (ACC-15, ACC-20). */
  | 'by profile'

/** The effect of each event. */
export const effects = {
  Registered: 'none',
  ProfileChanged: 'by profile',
  PasswordAccepted: 'none',
  PasswordRehashed: 'none',
  PasswordRejected: 'none',
  CodeIssued: 'none',
  CodeUndelivered: 'none',
  SignInCodeRejected: 'none',
  ChallengeEnded: 'none',
  SignInCompleted: 'opens',
  DeviceChangeVerified: 'none',
  Locked: 'all',
  Unlocked: 'all',
  PasswordCodeRequested: 'none',
  PasswordCodeAccepted: 'none',
  EnrolmentCodeRejected: 'none',
  EnrolmentAborted: 'none',
  PasswordSet: 'as it says',
  ChannelChosen: 'none',
  ChannelEnrolled: 'as it says',
  DeviceChangeRequested: 'none',
  SmartcardSignInCompleted: 'opens',
  SessionsEnded: 'as it says',
  // The card's sessions stay listed, and the access table refuses them from then on (MIG-12).
  SmartcardDecommissioned: 'none',
  Deleted: 'all',
  CommandRefused: 'none',
  AdministrationRefused: 'none',
} as const satisfies Readonly<Record<AccountEventType, Effect>>

/** Whether each operation can end a session that is open. */
export const canEnd = {
  'signIn.begin': true,
  'signIn.confirmOtp': true,
  'signIn.resendCode': false,
  'signIn.cancel': false,
  'smartcards.signIn': true,
  'passwordSetUp.begin': false,
  'passwordSetUp.confirmCode': false,
  'passwordSetUp.complete': true,
  'enrolment.chooseChannel': false,
  'enrolment.confirm': true,
  'selfService.changePassword': true,
  'selfService.changeDevice': false,
  'registry.register': false,
  'registry.change': true,
  'registry.unlock': true,
  'registry.delete': true,
  'registry.endSessions': true,
  'registry.setMaximum': false,
  'registry.totals': false,
  'registry.view': false,
  'dms.enter': false,
  'dms.amend': false,
  'dms.withdraw': false,
  'dms.review': false,
  'dms.getAuthorisationCode': false,
  'dms.confirm': true,
  'dms.reject': false,
  'dms.find': false,
  'dms.findByName': false,
  'dms.listing': false,
  'dms.proposeUserId': false,
  'dms.supportRoute': false,
  'dms.pending': false,
  'dms.ownRequests': false,
  'dms.disabledUsers': false,
  'dms.serialNumbers': false,
  'dms.userGroups': false,
  'dms.maintenanceReport': false,
  'eservices.draft': false,
  'eservices.edit': false,
  'eservices.submit': false,
  'eservices.reclaim': false,
  'eservices.claim': false,
  'eservices.takeOver': false,
  'eservices.release': false,
  'eservices.refer': false,
  'eservices.revert': false,
  'eservices.confirm': false,
  'eservices.discard': false,
  'eservices.clone': false,
  'eservices.view': false,
  'eservices.list': false,
  'eservices.sent': false,
  'eservices.process': true,
  'access.evaluate': false,
  'migration.plan': false,
  'migration.apply': false,
  'migration.reconcile': false,
  'migration.notInitialised': false,
  'migration.expiring': false,
  'migration.lateRegistrations': false,
  'migration.decommissionSmartcards': false,
  'sessions.check': false,
  'sessions.seal': false,
  'sessions.open': false,
  'sessions.list': false,
  'sessions.signOut': true,
  'sessions.end': true,
  'sessions.endAll': true,
  'sessions.endOthers': true,
  'personalData.erase': false,
  'personalData.applyRetention': false,
  'outbox.deliver': false,
  'audit.trail': false,
  'audit.refusals': false,
  'audit.feed': false,
  'audit.records': false,
  'audit.verify': false,
  'audit.checkpoint': false,
  'audit.verifyCheckpoint': false,
} as const satisfies Readonly<Record<OperationName, boolean>>

type NamesOf<T, V> = { [K in keyof T]: T[K] extends V ? K : never }[keyof T]

/** The operations that can end a session. */
export const endingOperations = (Object.keys(canEnd) as OperationName[]).filter(
  (name): name is NamesOf<typeof canEnd, true> => canEnd[name],
)

/** The events that can end a session. */
export const endingEvents = (Object.keys(effects) as AccountEventType[]).filter(
  (type): type is NamesOf<typeof effects, 'all' | 'as it says' | 'by profile'> =>
    effects[type] !== 'none' && effects[type] !== 'opens',
)
