import fc from 'fast-check'
import {
  type AccountCommand,
  type AccountCommandOf,
  type AccountCommandType,
  accountCommandTypes,
  type CodeFact,
} from '../../account/commands.ts'
import type { ProfileChanges } from '../../account/profile.ts'
import type { HongKongDay, Instant } from '../../kernel/instant.ts'
import { challengeName, credentialName, historyStart } from './names.ts'
import { userId } from './user-id.ts'

/** The largest absolute value of a date: 100,000,000 days before or after 1970. */
const latestInstant = 8_640_000_000_000_000

const instant = (): fc.Arbitrary<Instant> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -3_600_000, max: 3_600_000 }).map((ms) => historyStart + ms) },
    { weight: 1, arbitrary: fc.integer({ min: -latestInstant, max: latestInstant }) },
    { weight: 1, arbitrary: fc.constantFrom(-latestInstant, -1, 0, 1, historyStart, latestInstant) },
  )

const day = (): fc.Arbitrary<HongKongDay> =>
  fc
    .date({ min: new Date('2000-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))

const number = () => fc.nat({ max: 40 })
const challenge = () => fc.oneof(number().map(challengeName), fc.string())
const credential = () => number().map(credentialName)
const system = () => fc.constantFrom('CCASS/CCMS' as const, 'DMS' as const)
const channel = () => fc.constantFrom('MobileApp' as const, 'Email' as const)
const purpose = () => fc.constantFrom('sign-in' as const, 'password' as const, 'enrolment' as const)
const sessionEpoch = () => fc.oneof(fc.nat({ max: 5 }), fc.maxSafeInteger())

const fact = (): fc.Arbitrary<CodeFact | undefined> =>
  fc.oneof(
    fc.constant(undefined),
    fc.record({ kind: fc.constant('Email' as const), matches: fc.boolean() }),
    fc.record({
      kind: fc.constant('MobileApp' as const),
      step: fc.option(fc.oneof(fc.nat(), fc.maxSafeInteger()), { nil: undefined }),
    }),
  )

const text = () => fc.string({ maxLength: 20 })
const orNone = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value)

const changes = (): fc.Arbitrary<ProfileChanges> =>
  fc.record(
    {
      email: orNone(fc.emailAddress()),
      status: fc.constantFrom('ENABLED' as const, 'DISABLED' as const),
      enableFrom: orNone(day()),
      disableAfter: orNone(day()),
      smartcard: orNone(
        fc.record({ srn: fc.stringMatching(/^[0-9A-F]{16}$/), certificateExpiry: instant() }),
      ),
      organisation: orNone(text()),
      internal: orNone(fc.boolean()),
      surname: orNone(text()),
      otherNames: orNone(text()),
      clearingHouseOptions: orNone(text()),
      accessChannel: orNone(text()),
      userGroups: orNone(fc.array(fc.stringMatching(/^[0-9A-Z]{2}$/), { maxLength: 3 })),
      transactionLimits: orNone(
        fc.dictionary(text(), fc.stringMatching(/^[0-9]{1,9}\.[0-9]{2}$/), { maxKeys: 3 }),
      ),
    },
    { requiredKeys: [] },
  )

const role = () => fc.constantFrom('User' as const, 'DelegatedAdministrator' as const)
const codeEntry = () => fc.record({ challenge: challenge(), fact: fact() })
const card = () =>
  fc.record(
    {
      srn: fc.stringMatching(/^[0-9A-F]{16}$/),
      denial: fc.constantFrom(
        'no-smartcard' as const,
        'certificate-expired' as const,
        'created-from-launch' as const,
        'backup-centre' as const,
        'decommissioned' as const,
        'users-do-not-enter-dms' as const,
      ),
    },
    { requiredKeys: [] },
  )
const ofSession = () =>
  fc.record({ sessionEpoch: sessionEpoch(), session: challenge() }, { requiredKeys: ['sessionEpoch'] })
const codeRequest = () => fc.record({ challenge: challenge(), code: credential() })

const contents: {
  readonly [T in AccountCommandType]: () => fc.Arbitrary<Omit<AccountCommandOf<T>, 'type' | 'at'>>
} = {
  Register: () =>
    fc
      .tuple(userId(), role(), fc.constantFrom('created' as const, 'imported' as const), changes())
      .map(([id, ofRole, origin, set]) => ({ userId: id, role: ofRole, origin, ...set })),
  ChangeProfile: () => fc.record({ changes: changes() }),
  Unlock: () => fc.constant({}),
  Delete: () => fc.constant({}),
  EnterPassword: () =>
    fc.record({
      passwordMatches: fc.boolean(),
      system: system(),
      challenge: challenge(),
      code: credential(),
    }),
  ReplacePasswordHash: () => fc.record({ former: credential(), credential: credential() }),
  EnterSignInCode: codeEntry,
  ResendSignInCode: codeRequest,
  CancelChallenge: () => fc.record({ challenge: challenge() }),
  ReportUndelivered: () => fc.record({ purpose: purpose(), code: credential() }),
  RequestPasswordCode: codeRequest,
  EnterPasswordCode: codeEntry,
  SetPassword: () => fc.record({ challenge: challenge(), credential: credential(), reused: fc.boolean() }),
  ChooseChannel: () => fc.record({ challenge: challenge(), channel: channel(), credential: credential() }),
  EnterEnrolmentCode: codeEntry,
  ChangePassword: () =>
    fc.record({
      sessionEpoch: sessionEpoch(),
      passwordMatches: fc.boolean(),
      credential: credential(),
      reused: fc.boolean(),
    }),
  RequestDeviceChange: ofSession,
  CheckSession: ofSession,
  EndSessions: () =>
    fc.record(
      {
        session: challenge(),
        except: challenge(),
        reason: fc.constantFrom(
          'signed-out' as const,
          'ended-by-holder' as const,
          'ended-by-administrator' as const,
        ),
      },
      { requiredKeys: ['reason'] },
    ),
  SignInWithSmartcard: () =>
    fc
      .tuple(card(), system(), fc.constantFrom('primary' as const, 'backup' as const), challenge())
      .map(([given, ofSystem, site, session]) => ({ ...given, system: ofSystem, site, session })),
  CheckSmartcardSession: () =>
    fc.tuple(card(), sessionEpoch()).map(([given, of]) => ({ ...given, sessionEpoch: of })),
  DecommissionSmartcard: () => fc.constant({}),
}

/**
 * Any command with any contents of the right types: unknown challenges, session epochs that never existed,
 * numbers up to 2⁵³ − 1, and unordered instants over the whole range of dates (±8.64 × 10¹⁵ ms).
 *
 * @rule AUD-01
 * @category Testing kit
 */
export const wildCommand = (): fc.Arbitrary<AccountCommand> => {
  // A deletion ends a history, so it is rare.
  const weighted = accountCommandTypes.map((type) => ({
    weight: type === 'Delete' ? 1 : 8,
    arbitrary: fc
      .tuple(contents[type](), instant())
      // The contents are those of the command's type.
      .map(([rest, at]) => ({ type, at, ...rest }) as AccountCommand),
  }))
  return fc.oneof(...weighted)
}
