/**
 * Events of every type, for each case of the mapping. Everything that must not leave the trail contains `MARKED`: names of
 * vault entries, digests, challenges, and the values of profiles, forms and remarks.
 */
import { operationNames } from 'ccass-2fa'
import { accountCommandTypes } from 'ccass-2fa/account'
import { eserviceCommandTypes } from 'ccass-2fa/eservices'
import type { EventOf } from '../../../src/adapters/ocsf/mapping.ts'
import type { RecordEvents } from '../../../src/aggregates.ts'
import type { RecordKind } from '../../../src/index.ts'

const marked = 'MARKED'
const at = Date.UTC(2023, 4, 2, 1)
const later = at + 300_000
const userId = 'B0123401' as EventOf<'participant', 'QuotaReleased'>['userId']
const checker = 'B01234X2' as typeof userId
const window = { used: 1, since: at }
const code = { credential: marked, expiresAt: later }
const challenge = { id: marked, expiresAt: later, awaits: 'password-code' } as const
const profile = { surname: marked, otherNames: marked, email: `${marked}@example.com`, organisation: marked }
const person = { id: marked, name: marked, email: `${marked}@example.com` }
const contents = { declared: true, contact: person, remarks: marked, lines: [profile] } as never
const refusal = { reason: 'unknown-user' } as const

type Samples = {
  readonly [Kind in RecordKind]: {
    readonly [Type in RecordEvents[Kind]['type']]: readonly Omit<
      EventOf<Kind, Type>,
      'type' | 'at' | 'rule'
    >[]
  }
}

const commandsRefused = accountCommandTypes.map((operation) => ({ operation, ...refusal }))

const byType: Samples = {
  account: {
    Registered: [
      { userId, role: 'User', origin: 'created', ...profile },
      { userId, role: 'DelegatedAdministrator', origin: 'imported', ...profile },
    ],
    ProfileChanged: [
      { changes: { ...profile, status: 'DISABLED' } },
      { changes: { ...profile, status: 'ENABLED' } },
      { changes: { ...profile, userGroups: ['11', 'AA'] } },
      { changes: { ...profile, userGroups: null } },
      { changes: profile },
    ],
    PasswordAccepted: [{ system: 'DMS', challenge }],
    PasswordRehashed: [{ credential: marked }],
    PasswordRejected: [{ via: 'ChangePassword' }, { via: 'CCASS/CCMS' }],
    CodeIssued: [
      { purpose: 'sign-in', code, window },
      { purpose: 'password', code, window, blockedUntil: later },
      { purpose: 'enrolment', code, window },
    ],
    CodeUndelivered: [
      { purpose: 'sign-in', window },
      { purpose: 'password', window },
    ],
    SignInCodeRejected: [
      { challenge: marked, reason: 'wrong' },
      { challenge: marked, reason: 'replayed' },
      { challenge: marked, reason: 'outdated' },
    ],
    ChallengeEnded: [
      { challenge: marked, reason: 'too-many-attempts' },
      { challenge: marked, reason: 'cancelled' },
    ],
    SignInCompleted: [
      {
        challenge: 'session-1',
        expiresAt: later,
        system: 'CCASS/CCMS',
        channel: 'MobileApp',
        consentedAt: at,
        step: 1,
      },
      { challenge: 'session-2', expiresAt: later, system: 'DMS', channel: 'Email', consentedAt: at },
    ],
    DeviceChangeVerified: [{ challenge: marked, step: 1, opens: challenge }],
    Locked: [{ historySize: 0 }],
    Unlocked: [{ historySize: 0 }],
    PasswordCodeRequested: [{ challenge }],
    PasswordCodeAccepted: [{ challenge }],
    EnrolmentCodeRejected: [
      { purpose: 'password', window, voidsCode: false },
      { purpose: 'enrolment', window, voidsCode: true },
    ],
    EnrolmentAborted: [
      { purpose: 'password', blockedUntil: later },
      { purpose: 'enrolment', blockedUntil: later },
    ],
    PasswordSet: [
      { credential: marked, reason: 'forgotten', historySize: 0, ends: 'all' },
      { credential: marked, reason: 'voluntary', historySize: 0, ends: 'others', session: marked },
    ],
    ChannelChosen: [{ challenge }],
    ChannelEnrolled: [
      {
        channel: {
          kind: 'MobileApp',
          credential: marked,
          lastAcceptedStep: 1,
          totp: { algorithm: 'SHA1', digits: 6, periodSeconds: 30 },
        },
        endsSessions: true,
      },
      { channel: { kind: 'Email' }, endsSessions: false },
    ],
    DeviceChangeRequested: [{}],
    SmartcardSignInCompleted: [
      { system: 'DMS', site: 'backup', srn: '0101101200012AB2', session: 'session-3', expiresAt: later },
      { system: 'CCASS/CCMS', site: 'primary', session: 'session-4', expiresAt: later },
    ],
    SessionsEnded: [
      { sessions: ['session-1'], reason: 'signed-out' },
      { sessions: ['session-1', 'session-2'], reason: 'superseded' },
    ],
    SmartcardDecommissioned: [{ srn: '0101101200012AB2' }],
    Deleted: [{}],
    CommandRefused: commandsRefused,
    AdministrationRefused: ['Register', 'Delete', 'of a later version', ...operationNames]
      .filter((operation) => operation.startsWith('dms.') || !operation.includes('.'))
      .flatMap((operation) =>
        ['', 'B0123402'].map((subject) => ({ operation, subject, reason: 'not-authorised' })),
      ),
  },
  refusals: { CommandRefused: commandsRefused },
  participant: {
    MaximumSet: [{ maximum: 10 }],
    UserIdsAllocated: [{ ids: [{ userId, role: 'User' }] }],
    QuotaReleased: [{ userId }],
  },
  request: {
    RequestEntered: [
      {
        maker: userId,
        expiresAt: later,
        entry: { kind: 'create', userId, profile },
        entryDigest: marked,
        profileDigest: marked,
      },
    ],
    RequestAmended: [
      {
        expiresAt: later,
        entry: { kind: 'change', userId, changes: profile, unlock: true },
        entryDigest: marked,
        profileDigest: marked,
      },
      { expiresAt: later, entry: { kind: 'delete', userId }, entryDigest: marked, profileDigest: marked },
    ],
    RequestConfirmed: [{ checker }],
    RequestRejected: [{ checker, remark: marked }],
    RequestWithdrawn: [{}],
    ConfirmationRejected: [{}],
    RequestCodesRevoked: [{}],
    RequestExpired: [{}],
    RequestStale: [{}],
  },
  'pending-requests': { PendingRequestAdded: [{ request: 'request-2', closed: ['request-1'] }] },
  authorisation: {
    AuthorisationCodeIssued: [
      {
        request: 'request-1',
        entryDigest: marked,
        codeRound: 0,
        credential: marked,
        sessionEpoch: 0,
        expiresAt: later,
      },
    ],
    AuthorisationCodeUsed: [{ request: 'request-1' }],
    AuthorisationCodeRevoked: [{ reason: 'too-many-attempts' }, { reason: 'session-ended' }],
  },
  eservice: {
    FormDrafted: [
      { by: person, form: 'DA 3', participant: 'B01234', contents, clonedFrom: 'DA3_00000001' },
      { by: person, form: 'DA 4', participant: 'B01234', contents },
    ],
    FormEdited: [{ by: person, contents }],
    FormSubmitted: [{ by: person, reference: 'DA3_00000002' }],
    FormReclaimed: [{ by: person }],
    FormClaimed: [{ by: person }],
    FormTakenOver: [{ by: person, from: person }],
    FormReleased: [{ by: person }],
    FormReferred: [{ by: person, to: person }],
    FormReverted: [{ by: person, remark: marked }],
    FormConfirmed: [{ by: person }],
    FormDiscarded: [{ by: person }],
    LineProcessed: [
      { line: 0, outcome: { kind: 'accepted' } },
      { line: 1, outcome: { kind: 'accepted', userId } },
      { line: 2, outcome: { kind: 'refused', reason: 'unknown-account', rule: 'ESV-10' } as never },
    ],
    FormCompleted: [{}],
    CommandRefused: [...eserviceCommandTypes, 'OfALaterVersion' as 'View'].map((operation) => ({
      operation,
      reason: 'not-the-maker' as never,
    })),
  },
  'reference-counter': { ReferenceNumberIssued: [{ number: 1 }] },
  inbox: {
    FormReceived: [{ participant: 'B01234', form: 'form-1' }],
    FormArchived: [{}],
    FormWithdrawn: [{}],
  },
}

/** Each sample with the kind of record in whose trail it is. */
export const samples: readonly (readonly [kind: string, event: { readonly type: string }])[] = Object.entries(
  byType,
).flatMap(([kind, ofKind]) =>
  Object.entries(ofKind as Readonly<Record<string, readonly object[]>>).flatMap(([type, events]) =>
    events.map((event) => [kind, { ...event, type, at, rule: 'AUD-01' }] as const),
  ),
)
