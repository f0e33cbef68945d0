import { hongKongDay } from '../kernel/instant.ts'
import { noFailedAttempts, withWrongOtp, withWrongPassword } from '../lockout/attempts.ts'
import type { AccountEvent } from './events.ts'
import { isEnabledOn, profileOf, withChanges } from './profile.ts'
import {
  type Account,
  type AccountBase,
  type Challenge,
  type ChallengeId,
  type ExistingAccount,
  isExistingAccount,
  type LockedAccount,
  type OpenSession,
  type RegisteredAccount,
  type SessionId,
} from './state.ts'

const without = <T extends object, K extends keyof T>(whole: T, key: K): Omit<T, K> => {
  const { [key]: _, ...rest } = whole
  return rest
}

const withChallenge = (challenges: readonly Challenge[], challenge: Challenge, at: number) => [
  ...challenges.filter(({ id, expiresAt }) => id !== challenge.id && expiresAt > at),
  challenge,
]

const withoutChallenge = (challenges: readonly Challenge[], id: ChallengeId) =>
  challenges.filter((challenge) => challenge.id !== id)

const withFailedAttempt = (challenges: readonly Challenge[], id: ChallengeId) =>
  challenges.map((challenge) =>
    challenge.id === id && challenge.awaits === 'sign-in-code'
      ? { ...challenge, failedAttempts: challenge.failedAttempts + 1 }
      : challenge,
  )

const withSession = (sessions: readonly OpenSession[], session: OpenSession) => [
  ...sessions.filter(({ id, expiresAt }) => id !== session.id && expiresAt > session.signedInAt),
  session,
]

/** The account after all sessions ended, or all except one. The new epoch voids everything issued in them. */
const endSessions = <A extends ExistingAccount>(account: A, keeps?: SessionId): A => ({
  ...account,
  sessionEpoch: account.sessionEpoch + 1,
  sessions: account.sessions.filter(({ id }) => id === keeps),
})

/** The account without password and device, which also ends everything in progress. */
const withoutCredentials = (account: ExistingAccount, remember: number): AccountBase => {
  const { userId, role, origin, registeredAt, emailRegisteredAt, failedAttempts: attempts } = account
  const present = 'password' in account ? [account.password.credential] : []
  return {
    ...profileOf(account),
    userId,
    role,
    origin,
    registeredAt,
    ...(emailRegisteredAt === undefined ? {} : { emailRegisteredAt }),
    sessionEpoch: account.sessionEpoch + 1,
    failedAttempts: attempts,
    sessions: [],
    challenges: [],
    codes: {},
    codesIssued: account.codesIssued,
    failedEnrolmentAttempts: account.failedEnrolmentAttempts,
    passwordHistory: [...present, ...account.passwordHistory].slice(0, remember),
  }
}

const locked = (account: ExistingAccount, remember: number): LockedAccount => ({
  ...withoutCredentials(account, remember),
  stage: 'Locked',
  ...(account.stage === 'Initialised' ? { channel: account.channel.kind } : {}),
})

const unlocked = (account: ExistingAccount, remember: number): RegisteredAccount => ({
  ...withoutCredentials(account, remember),
  stage: 'Registered',
  failedAttempts: noFailedAttempts,
  codesIssued: {},
  failedEnrolmentAttempts: {},
})

/** Records when an account first got an email, to find late registrations (MIG-02). */
const withEmailSince = <A extends ExistingAccount>(account: A, before: ExistingAccount, at: number): A => {
  const { emailRegisteredAt: _, ...rest } = account
  // The same account but for an optional field; the compiler does not follow a type parameter through a rest.
  if (account.email === undefined) return rest as A
  return before.email === undefined ? { ...account, emailRegisteredAt: at } : account
}

/**
 * Applies a change of profile. If the account is disabled before or after it, by status or dates, sessions,
 * challenges and codes end permanently: enabling the account does not restore them (ACC-15, OTP-11).
 */
const profileChanged = (
  before: ExistingAccount,
  { at, changes }: Extract<AccountEvent, { type: 'ProfileChanged' }>,
): ExistingAccount => {
  const changed = withChanges(before, changes)
  const { email } = changes
  const today = hongKongDay(at)
  const disables = !isEnabledOn(before, today) || !isEnabledOn(changed, today)
  const ended = disables ? { ...endSessions(changed), challenges: [], codes: {} } : changed
  return email === undefined ? ended : emailChanged(disables ? ended : endSessions(ended), before, at)
}

/**
 * Applies the effects of a change of email. Codes sent to the former address can't prove the new one and
 * become void (ACC-14). Before 2FA is initialised, the password that the former address proved also becomes
 * void (ACC-18).
 */
const emailChanged = (changed: ExistingAccount, before: ExistingAccount, at: number): ExistingAccount => {
  const open = changed.challenges.filter(
    ({ awaits }) => awaits !== 'password-code' && awaits !== 'new-password',
  )
  const account = { ...withEmailSince(changed, before, at), codes: {}, challenges: open }
  if (account.stage !== 'PasswordSet' || account.email === undefined) return account
  return { ...without(account, 'password'), stage: 'Registered', challenges: [] }
}

/** Applies an event to an existing account. An event that is impossible at its stage changes nothing. */
const evolveExisting = (account: ExistingAccount, event: AccountEvent): Account => {
  switch (event.type) {
    case 'Registered':
    case 'CommandRefused':
    case 'AdministrationRefused':
      return account
    case 'ProfileChanged':
      return profileChanged(account, event)
    case 'SmartcardSignInCompleted': {
      const { session: id, system, at: signedInAt, expiresAt } = event
      const session: OpenSession = { id, system, method: 'Smartcard', signedInAt, expiresAt }
      return { ...account, sessions: withSession(account.sessions, session) }
    }
    case 'SessionsEnded':
      return {
        ...account,
        sessionEpoch: account.sessionEpoch + 1,
        sessions: account.sessions.filter(({ id }) => !event.sessions.includes(id)),
      }
    case 'PasswordAccepted':
      return { ...account, challenges: withChallenge(account.challenges, event.challenge, event.at) }
    case 'PasswordRehashed':
      return 'password' in account
        ? { ...account, password: { ...account.password, credential: event.credential } }
        : account
    case 'PasswordRejected':
      return { ...account, failedAttempts: withWrongPassword(account.failedAttempts) }
    case 'CodeIssued':
      return {
        ...account,
        codes: { ...account.codes, [event.purpose]: event.code },
        codesIssued: { ...account.codesIssued, [event.purpose]: event.window },
      }
    case 'CodeUndelivered':
      return {
        ...account,
        codes: without(account.codes, event.purpose),
        codesIssued: { ...account.codesIssued, [event.purpose]: event.window },
      }
    case 'SignInCodeRejected':
      return {
        ...account,
        failedAttempts: withWrongOtp(account.failedAttempts),
        challenges: withFailedAttempt(account.challenges, event.challenge),
      }
    case 'ChallengeEnded':
      return { ...account, challenges: withoutChallenge(account.challenges, event.challenge) }
    case 'SignInCompleted': {
      const { challenge: id, system, channel: method, at: signedInAt, expiresAt } = event
      const signedIn = {
        ...account,
        failedAttempts: noFailedAttempts,
        challenges: withoutChallenge(account.challenges, id),
        codes: without(account.codes, 'sign-in'),
        sessions: withSession(account.sessions, { id, system, method, signedInAt, expiresAt }),
      }
      return signedIn.stage === 'Initialised' &&
        signedIn.channel.kind === 'MobileApp' &&
        event.step !== undefined
        ? { ...signedIn, channel: { ...signedIn.channel, lastAcceptedStep: event.step } }
        : signedIn
    }
    case 'DeviceChangeVerified': {
      const challenges = withChallenge(
        withoutChallenge(account.challenges, event.challenge),
        event.opens,
        event.at,
      )
      return account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
        ? { ...account, challenges, channel: { ...account.channel, lastAcceptedStep: event.step } }
        : { ...account, challenges }
    }
    case 'Locked':
      return locked(account, event.historySize)
    case 'Unlocked':
      return unlocked(account, event.historySize)
    case 'PasswordCodeRequested':
      return { ...account, challenges: withChallenge(account.challenges, event.challenge, event.at) }
    case 'PasswordCodeAccepted':
      return {
        ...account,
        codes: without(account.codes, 'password'),
        challenges: withChallenge(account.challenges, event.challenge, event.at),
      }
    case 'EnrolmentCodeRejected': {
      const { purpose, window, voidsCode } = event
      const code = account.codes[purpose]
      const counted =
        code === undefined || voidsCode
          ? without(account.codes, purpose)
          : { ...account.codes, [purpose]: { ...code, failedAttempts: (code.failedAttempts ?? 0) + 1 } }
      return {
        ...account,
        codes: counted,
        failedEnrolmentAttempts: { ...account.failedEnrolmentAttempts, [purpose]: window },
      }
    }
    case 'EnrolmentAborted': {
      const awaited = event.purpose === 'password' ? 'password-code' : 'enrolment'
      return {
        ...account,
        codes: without(account.codes, event.purpose),
        challenges: account.challenges.filter(({ awaits }) => awaits !== awaited),
      }
    }
    case 'PasswordSet': {
      const present = 'password' in account ? [account.password.credential] : []
      const ended = event.ends === 'none' ? account : endSessions(account, event.session)
      const holder = {
        ...ended,
        challenges: [],
        codes: {},
        passwordHistory: [...present, ...account.passwordHistory].slice(0, event.historySize),
      }
      const password = { credential: event.credential, changedAt: event.at }
      if (holder.stage === 'Locked') return account
      return holder.stage === 'Initialised'
        ? { ...holder, password }
        : { ...holder, stage: 'PasswordSet', password }
    }
    case 'ChannelChosen':
      return { ...account, challenges: withChallenge(account.challenges, event.challenge, event.at) }
    case 'ChannelEnrolled':
      return 'password' in account
        ? {
            ...(event.endsSessions ? endSessions(account) : account),
            stage: 'Initialised',
            channel: event.channel,
            deviceChangePending: false,
            challenges: [],
            codes: {},
          }
        : account
    case 'DeviceChangeRequested':
      return account.stage === 'Initialised' ? { ...account, deviceChangePending: true } : account
    case 'SmartcardDecommissioned':
      return withChanges(account, { smartcard: null })
    case 'Deleted':
      return { stage: 'Deleted', userId: account.userId }
  }
}

const registered = ({
  userId,
  role,
  origin,
  at: registeredAt,
  ...changes
}: Extract<AccountEvent, { type: 'Registered' }>): RegisteredAccount =>
  withChanges<RegisteredAccount>(
    {
      stage: 'Registered',
      userId,
      role,
      origin,
      registeredAt,
      status: 'ENABLED',
      sessionEpoch: 0,
      sessions: [],
      failedAttempts: noFailedAttempts,
      challenges: [],
      codes: {},
      codesIssued: {},
      failedEnrolmentAttempts: {},
      passwordHistory: [],
    },
    changes,
  )

/**
 * Applies one event to an account. Total: an event that is impossible at the account's stage changes nothing.
 *
 * @rule AUD-01
 * @category Accounts
 */
export const evolveAccount = (account: Account, event: AccountEvent): Account => {
  if (isExistingAccount(account)) return evolveExisting(account, event)
  return account.stage === 'Unknown' && event.type === 'Registered' ? registered(event) : account
}
