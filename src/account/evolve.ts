import { noFailedAttempts, withWrongOtp, withWrongPassword } from '../lockout/attempts.ts'
import type { AccountEvent } from './events.ts'
import { profileOf, withChanges } from './profile.ts'
import {
  type Account,
  type AccountBase,
  type Challenge,
  type ChallengeId,
  type ExistingAccount,
  isExistingAccount,
  type LockedAccount,
  type RegisteredAccount,
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

/** What an account is without password and device: every open thing is void with them. */
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

/** When there was first an email, for whoever asks who was late (MIG-02). */
const withEmailSince = <A extends ExistingAccount>(account: A, before: ExistingAccount, at: number): A => {
  const { emailRegisteredAt: _, ...rest } = account
  if (account.email === undefined) return rest as A
  return before.email === undefined ? { ...account, emailRegisteredAt: at } : account
}

/** Folds an event into an account that exists. What an account of its stage can't undergo changes nothing. */
const evolveExisting = (account: ExistingAccount, event: AccountEvent): Account => {
  switch (event.type) {
    case 'Registered':
    case 'SmartcardAdmitted':
    case 'CommandRefused':
    case 'AdministrationRefused':
      return account
    case 'ProfileChanged': {
      const { status, enableFrom, disableAfter } = event.changes
      // What may shut the account ends its logins for good: enabled again, they do not come back (ACC-15).
      const shuts =
        status === 'DISABLED' || typeof enableFrom === 'string' || typeof disableAfter === 'string'
      const sessionEpoch = account.sessionEpoch + (shuts ? 1 : 0)
      const changed = { ...withChanges(account, event.changes), sessionEpoch }
      if (event.changes.email === undefined) return changed
      // A code on its way went to the former address, and may not prove the new one (ACC-14).
      const challenges = changed.challenges.filter(
        ({ awaits }) => awaits !== 'password-code' && awaits !== 'new-password',
      )
      return { ...withEmailSince(changed, account, event.at), codes: {}, challenges }
    }
    case 'PasswordAccepted': {
      const challenges = withChallenge(account.challenges, event.challenge, event.at)
      if (event.rehashed === undefined || !('password' in account)) return { ...account, challenges }
      return { ...account, challenges, password: { ...account.password, credential: event.rehashed } }
    }
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
      const challenges = withoutChallenge(account.challenges, event.challenge)
      const codes = without(account.codes, 'sign-in')
      const login = { ...account, failedAttempts: noFailedAttempts, challenges, codes }
      return login.stage === 'Initialised' && login.channel.kind === 'MobileApp' && event.step !== undefined
        ? { ...login, channel: { ...login.channel, lastAcceptedStep: event.step } }
        : login
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
    case 'EnrolmentCodeRejected':
      return {
        ...account,
        failedEnrolmentAttempts: { ...account.failedEnrolmentAttempts, [event.purpose]: event.window },
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
      const holder = {
        ...account,
        // Whoever sets a forgotten password may fear for the old one: what was logged in with it is void (ACC-15).
        sessionEpoch: account.sessionEpoch + (event.reason === 'forgotten' ? 1 : 0),
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
            ...account,
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
 * Folds one event into an account. Total: an event that the account's stage can't undergo leaves it as it
 * is.
 *
 * @rule AUD-01
 */
export const evolveAccount = (account: Account, event: AccountEvent): Account => {
  if (isExistingAccount(account)) return evolveExisting(account, event)
  return account.stage === 'Unknown' && event.type === 'Registered' ? registered(event) : account
}
