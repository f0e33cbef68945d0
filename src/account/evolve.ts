import { noAttempts, withWrongOtp, withWrongPassword } from '../lockout/attempts.ts'
import type { AccountEvent } from './events.ts'
import { profileOf, withChanges } from './profile.ts'
import {
  type Account,
  type Challenge,
  type ChallengeId,
  type ExistingAccount,
  exists,
  type Holder,
  type Locked,
  type Registered,
} from './state.ts'

const without = <T extends object, K extends keyof T>(whole: T, key: K): Omit<T, K> => {
  const { [key]: _, ...rest } = whole
  return rest
}

const opened = (challenges: readonly Challenge[], challenge: Challenge, at: number) => [
  ...challenges.filter(({ id, expiresAt }) => id !== challenge.id && expiresAt > at),
  challenge,
]

const ended = (challenges: readonly Challenge[], id: ChallengeId) =>
  challenges.filter((challenge) => challenge.id !== id)

const missed = (challenges: readonly Challenge[], id: ChallengeId) =>
  challenges.map((challenge) =>
    challenge.id === id && challenge.awaits === 'login-code'
      ? { ...challenge, misses: challenge.misses + 1 }
      : challenge,
  )

/** What an account is without password and device: every open thing is void with them. */
const bare = (account: ExistingAccount, remember: number): Holder => {
  const { userId, role, origin, registeredAt, emailRegisteredAt, attempts } = account
  const present = 'password' in account ? [account.password.credential] : []
  return {
    ...profileOf(account),
    userId,
    role,
    origin,
    registeredAt,
    ...(emailRegisteredAt === undefined ? {} : { emailRegisteredAt }),
    generation: account.generation + 1,
    attempts,
    challenges: [],
    codes: {},
    issued: account.issued,
    setUpMisses: account.setUpMisses,
    formerPasswords: [...present, ...account.formerPasswords].slice(0, remember),
  }
}

const locked = (account: ExistingAccount, remember: number): Locked => ({
  ...bare(account, remember),
  stage: 'Locked',
  ...(account.stage === 'Initialised' ? { channel: account.channel.kind } : {}),
})

const unlocked = (account: ExistingAccount, remember: number): Registered => ({
  ...bare(account, remember),
  stage: 'Registered',
  attempts: noAttempts,
  issued: {},
  setUpMisses: {},
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
    case 'ActRefused':
    case 'AdministrationRefused':
      return account
    case 'ProfileChanged': {
      const { status, enableFrom, disableAfter } = event.changes
      // What may shut the account ends its logins for good: enabled again, they do not come back (ACC-15).
      const shuts =
        status === 'DISABLED' || typeof enableFrom === 'string' || typeof disableAfter === 'string'
      const generation = account.generation + (shuts ? 1 : 0)
      const changed = { ...withChanges(account, event.changes), generation }
      if (event.changes.email === undefined) return changed
      // A code on its way went to the former address, and may not prove the new one (ACC-14).
      const challenges = changed.challenges.filter(
        ({ awaits }) => awaits !== 'password-code' && awaits !== 'new-password',
      )
      return { ...withEmailSince(changed, account, event.at), codes: {}, challenges }
    }
    case 'PasswordAccepted': {
      const challenges = opened(account.challenges, event.challenge, event.at)
      if (event.rehashed === undefined || !('password' in account)) return { ...account, challenges }
      return { ...account, challenges, password: { ...account.password, credential: event.rehashed } }
    }
    case 'PasswordRejected':
      return { ...account, attempts: withWrongPassword(account.attempts) }
    case 'CodeIssued':
      return {
        ...account,
        codes: { ...account.codes, [event.purpose]: event.code },
        issued: { ...account.issued, [event.purpose]: event.issued },
      }
    case 'CodeUndelivered':
      return {
        ...account,
        codes: without(account.codes, event.purpose),
        issued: { ...account.issued, [event.purpose]: event.issued },
      }
    case 'LoginCodeRejected':
      return {
        ...account,
        attempts: withWrongOtp(account.attempts),
        challenges: missed(account.challenges, event.challenge),
      }
    case 'ChallengeEnded':
      return { ...account, challenges: ended(account.challenges, event.challenge) }
    case 'LoginCompleted': {
      const challenges = ended(account.challenges, event.challenge)
      const codes = without(account.codes, 'login')
      const login = { ...account, attempts: noAttempts, challenges, codes }
      return login.stage === 'Initialised' && login.channel.kind === 'MobileApp' && event.step !== undefined
        ? { ...login, channel: { ...login.channel, lastStep: event.step } }
        : login
    }
    case 'OldDeviceProved': {
      const challenges = opened(ended(account.challenges, event.challenge), event.opened, event.at)
      return account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
        ? { ...account, challenges, channel: { ...account.channel, lastStep: event.step } }
        : { ...account, challenges }
    }
    case 'Locked':
      return locked(account, event.remember)
    case 'Unlocked':
      return unlocked(account, event.remember)
    case 'PasswordCodeRequested':
      return { ...account, challenges: opened(account.challenges, event.challenge, event.at) }
    case 'PasswordCodeAccepted':
      return {
        ...account,
        codes: without(account.codes, 'password'),
        challenges: opened(account.challenges, event.challenge, event.at),
      }
    case 'SetUpCodeRejected':
      return { ...account, setUpMisses: { ...account.setUpMisses, [event.purpose]: event.misses } }
    case 'SetUpEnded': {
      const awaited = event.purpose === 'password' ? 'password-code' : 'channel'
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
        generation: account.generation + (event.because === 'forgotten' ? 1 : 0),
        challenges: [],
        codes: {},
        formerPasswords: [...present, ...account.formerPasswords].slice(0, event.remember),
      }
      const password = { credential: event.credential, changedAt: event.at }
      if (holder.stage === 'Locked') return account
      return holder.stage === 'Initialised'
        ? { ...holder, password }
        : { ...holder, stage: 'PasswordSet', password }
    }
    case 'ChannelChosen':
      return { ...account, challenges: opened(account.challenges, event.challenge, event.at) }
    case 'ChannelSet':
      return 'password' in account
        ? {
            ...account,
            stage: 'Initialised',
            channel: event.channel,
            deviceChange: false,
            challenges: [],
            codes: {},
          }
        : account
    case 'DeviceChangeRequested':
      return account.stage === 'Initialised' ? { ...account, deviceChange: true } : account
    case 'SmartcardRetired':
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
}: Extract<AccountEvent, { type: 'Registered' }>): Registered =>
  withChanges<Registered>(
    {
      stage: 'Registered',
      userId,
      role,
      origin,
      registeredAt,
      status: 'ENABLED',
      generation: 0,
      attempts: noAttempts,
      challenges: [],
      codes: {},
      issued: {},
      setUpMisses: {},
      formerPasswords: [],
    },
    changes,
  )

/**
 * Folds one event into an account. Total: an event that the account's stage can't undergo leaves it as it
 * is.
 *
 * @rule AUD-01
 */
export const evolve = (account: Account, event: AccountEvent): Account => {
  if (exists(account)) return evolveExisting(account, event)
  return account.stage === 'Unknown' && event.type === 'Registered' ? registered(event) : account
}
