/** Account state machines with one fault each, which the exploration must find. */
import type { AccountCommand } from '../../../src/account/commands.ts'
import { accountDecider } from '../../../src/account/decide.ts'
import type { AccountEvent } from '../../../src/account/events.ts'
import { type Account, type ExistingAccount, isExistingAccount } from '../../../src/account/state.ts'
import type { AccountTypes } from '../../../src/account/table.ts'
import type { Decider } from '../../../src/kernel/decider.ts'
import { noFailedAttempts } from '../../../src/lockout/attempts.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import { now } from './model.ts'

/** A faulty machine, the view in which its fault shows, and the rule by which it is found. */
export interface Fault {
  readonly name: string
  readonly rule: string
  readonly view: string
  readonly decider: Decider<AccountTypes>
}

type Decide = typeof accountDecider.decide

/** Decides on a changed input. */
const deciding = (
  other: (
    account: Account,
    command: AccountCommand,
    policy: Policy,
  ) => readonly [Account, AccountCommand, Policy],
): Decider<AccountTypes> => ({
  ...accountDecider,
  decide: (account, command, policy) => accountDecider.decide(...other(account, command, policy)),
})

const answering = (decide: Decide): Decider<AccountTypes> => ({ ...accountDecider, decide })

/** Changes the result of an event for an existing account. */
const evolving = (
  type: AccountEvent['type'],
  change: (after: ExistingAccount, before: ExistingAccount) => Partial<ExistingAccount> & object,
): Decider<AccountTypes> => ({
  ...accountDecider,
  evolve: (account, event) => {
    const after = accountDecider.evolve(account, event)
    return event.type === type && isExistingAccount(after) && isExistingAccount(account)
      ? ({ ...after, ...change(after, account) } as Account)
      : after
  },
})

const withLockout = (policy: Policy, lockout: Partial<Policy['lockout']>): Policy => ({
  ...policy,
  lockout: { ...policy.lockout, ...lockout },
})

const app = 'sign-in and lockout with an authenticator app, at the numbers of the rulebook'
const byEmail = 'sign-in and lockout with emailed codes, and their limit'
const reset = 'a forgotten password, its codes and their limits'
const enrolment = 'enrolment of a channel, its codes and their limits'
const otherDevice = 'another device, verified by the old one'
const profileOfApp = 'a profile that changes, with an authenticator app'
const profileOfEmail = 'a profile that changes, with emailed codes'
const everyCommand = 'every command, three moves from an app user'

export const accountFaults: readonly Fault[] = [
  {
    ...{ name: 'a correct password clears the count', rule: 'LOCK-03', view: app },
    decider: evolving('PasswordAccepted', () => ({ failedAttempts: noFailedAttempts })),
  },
  {
    ...{
      name: 'wrong codes are counted for each challenge, not for the account',
      rule: 'LOCK-01',
      view: app,
    },
    decider: deciding((account, command, policy) => [
      isExistingAccount(account) && command.type === 'EnterSignInCode'
        ? ({ ...account, failedAttempts: { ...account.failedAttempts, otps: 0 } } as Account)
        : account,
      command,
      policy,
    ]),
  },
  {
    ...{ name: 'the account locks at the sixth failed sign-in', rule: 'LOCK-01', view: app },
    decider: deciding((account, command, policy) => [
      account,
      command,
      withLockout(policy, { failedSignIns: policy.lockout.failedSignIns + 1 }),
    ]),
  },
  {
    ...{ name: 'the account locks at the fourth failed sign-in', rule: 'LOCK-01', view: app },
    decider: deciding((account, command, policy) => [
      account,
      command,
      withLockout(policy, { failedSignIns: policy.lockout.failedSignIns - 1 }),
    ]),
  },
  {
    ...{ name: 'a wrong password is not counted', rule: 'LOCK-03', view: app },
    decider: evolving('PasswordRejected', (_, { failedAttempts }) => ({ failedAttempts })),
  },
  {
    ...{ name: 'an accepted time step is not remembered', rule: 'OTP-05', view: app },
    decider: {
      ...accountDecider,
      evolve: (account, event) =>
        accountDecider.evolve(
          account,
          event.type === 'SignInCompleted' ? (({ step: _, ...rest }) => rest)(event) : event,
        ),
    },
  },
  {
    ...{
      name: 'the time step that verified a change of device is not remembered',
      rule: 'OTP-05',
      view: otherDevice,
    },
    decider: evolving('DeviceChangeVerified', (_, before) =>
      before.stage === 'Initialised' ? { channel: before.channel } : {},
    ),
  },
  {
    ...{ name: 'a lock leaves challenges open', rule: 'ACC-08', view: app },
    decider: evolving('Locked', (_, { challenges }) => ({ challenges })),
  },
  {
    ...{ name: 'a lock leaves codes valid', rule: 'ACC-08', view: byEmail },
    decider: evolving('Locked', (_, { codes }) => ({ codes })),
  },
  {
    ...{ name: 'an unlock leaves sessions open', rule: 'ACC-08', view: app },
    decider: evolving('Unlocked', (_, { sessions }) => ({ sessions })),
  },
  {
    ...{ name: 'an unlock leaves the old device enrolled', rule: 'ACC-08', view: app },
    decider: evolving('Unlocked', (after, before) => ({ ...before, failedAttempts: after.failedAttempts })),
  },
  {
    ...{ name: 'a locked account can begin a reset', rule: 'LOCK-07', view: reset },
    decider: deciding((account, command, policy) => [
      account.stage === 'Locked' && command.type === 'RequestPasswordCode'
        ? { ...account, stage: 'Registered' }
        : account,
      command,
      policy,
    ]),
  },
  {
    ...{ name: 'a disabled account can sign in', rule: 'ACC-05', view: profileOfApp },
    decider: deciding((account, command, policy) => [
      isExistingAccount(account) && command.type === 'EnterPassword'
        ? { ...account, status: 'ENABLED' }
        : account,
      command,
      policy,
    ]),
  },
  {
    ...{ name: 'an account can be used before its first day', rule: 'ACC-05', view: profileOfApp },
    decider: deciding((account, command, policy) => [
      isExistingAccount(account) && command.type !== 'ChangeProfile'
        ? { ...account, enableFrom: '1900-01-01' }
        : account,
      command,
      policy,
    ]),
  },
  {
    ...{ name: 'an expired password opens a sign-in', rule: 'PW-11', view: 'an expired password' },
    decider: deciding((account, command, policy) => [
      account,
      command,
      { ...policy, password: { ...policy.password, maximumAgeDays: 1_000 } },
    ]),
  },
  {
    ...{ name: 'a reset signs in', rule: 'ACC-15', view: reset },
    decider: evolving('PasswordSet', ({ sessions }) => ({
      sessions: [
        ...sessions,
        {
          ...{ id: 'reset', system: 'CCASS/CCMS', method: 'MobileApp', signedInAt: now },
          expiresAt: now + 1_000,
        },
      ],
    })),
  },
  {
    ...{ name: 'a reset leaves sessions open', rule: 'ACC-15', view: reset },
    decider: evolving('PasswordSet', (_, { sessions }) => ({ sessions })),
  },
  {
    ...{
      name: 'an email user can reset by email',
      rule: 'ACC-09',
      view: 'every command, three moves from an email user',
    },
    decider: deciding((account, command, policy) => [
      account.stage === 'Initialised' && command.type === 'RequestPasswordCode'
        ? {
            ...account,
            channel: {
              ...{ kind: 'MobileApp', credential: 'device', lastAcceptedStep: 0 },
              totp: { algorithm: 'SHA1', digits: 6, periodSeconds: 30 },
            },
          }
        : account,
      command,
      policy,
    ]),
  },
  {
    ...{ name: 'a password code is accepted twice', rule: 'LOCK-15', view: reset },
    decider: evolving('PasswordCodeAccepted', (_, { codes }) => ({ codes })),
  },
  {
    ...{ name: 'a set-up code accepts any number of wrong entries', rule: 'LOCK-15', view: enrolment },
    decider: evolving('EnrolmentCodeRejected', (_, { codes }) => ({ codes })),
  },
  {
    ...{ name: 'codes that are sent are not counted', rule: 'OTP-07', view: byEmail },
    decider: evolving('CodeIssued', (_, { codesIssued }) => ({ codesIssued })),
  },
  {
    ...{ name: 'wrong set-up codes are not counted', rule: 'LOCK-10', view: enrolment },
    decider: evolving('EnrolmentCodeRejected', (_, { failedEnrolmentAttempts }) => ({
      failedEnrolmentAttempts,
    })),
  },
  {
    ...{ name: 'wrong set-up codes lock the account', rule: 'LOCK-01', view: enrolment },
    decider: answering((account, command, policy) =>
      accountDecider
        .decide(account, command, policy)
        .map((events) =>
          events.some(({ type }) => type === 'EnrolmentAborted')
            ? [...events, { type: 'Locked', at: now, rule: 'LOCK-01', historySize: 0 }]
            : events,
        ),
    ),
  },
  {
    ...{ name: 'another device is enrolled with the password alone', rule: 'OTP-10', view: otherDevice },
    decider: deciding((account, command, policy) => [
      account,
      command,
      { ...policy, deviceChange: { verifiedBy: 'password' } },
    ]),
  },
  {
    ...{ name: 'a channel is enrolled without its code', rule: 'ACC-03', view: enrolment },
    decider: deciding((account, command, policy) => [
      account,
      command.type === 'EnterEnrolmentCode' && command.fact?.kind === 'MobileApp'
        ? { ...command, fact: { kind: 'MobileApp', step: now / 30_000 } }
        : command,
      policy,
    ]),
  },
  {
    ...{ name: 'a code of another purpose is accepted', rule: 'LOCK-15', view: enrolment },
    decider: deciding((account, command, policy) => [
      isExistingAccount(account) && command.type === 'EnterEnrolmentCode' && command.fact?.kind === 'Email'
        ? {
            ...account,
            codes: { ...account.codes, enrolment: { credential: 'other', expiresAt: now + 1 } },
          }
        : account,
      command,
      policy,
    ]),
  },
  {
    ...{ name: 'more challenges are open than allowed', rule: 'OTP-11', view: app },
    decider: deciding((account, command, policy) => [
      account,
      command,
      { ...policy, challenge: { ...policy.challenge, maxOpen: policy.challenge.maxOpen + 1 } },
    ]),
  },
  {
    ...{ name: 'more sessions are open than allowed', rule: 'ACC-19', view: 'sessions' },
    decider: deciding((account, command, policy) => [
      account,
      command,
      { ...policy, session: { ...policy.session, maxOpen: policy.session.maxOpen + 1 } },
    ]),
  },
  {
    ...{ name: 'a session that was ended is confirmed', rule: 'ACC-15', view: 'sessions' },
    decider: evolving('SessionsEnded', (_, { sessions }) => ({ sessions })),
  },
  {
    ...{ name: 'a change of email leaves codes valid', rule: 'ACC-14', view: profileOfEmail },
    decider: evolving('ProfileChanged', (_, { codes }) => ({ codes })),
  },
  {
    ...{
      name: 'another email leaves the password that the former one verified',
      rule: 'ACC-18',
      view: 'a profile that changes during enrolment',
    },
    decider: evolving('ProfileChanged', (after, before) =>
      before.stage === 'PasswordSet' && after.stage === 'Registered'
        ? { stage: 'PasswordSet', password: before.password }
        : {},
    ),
  },
  {
    ...{ name: 'a former password can be set again', rule: 'PW-17', view: 'an expired password' },
    decider: deciding((account, command, policy) => [
      account,
      'reused' in command ? ({ ...command, reused: false } as AccountCommand) : command,
      policy,
    ]),
  },
  {
    ...{ name: 'a password is changed in a session by smartcard', rule: 'MIG-19', view: everyCommand },
    decider: deciding((account, command, policy) => [
      account,
      command.type === 'ChangePassword' ? { ...command, bySmartcard: false } : command,
      policy,
    ]),
  },
  {
    ...{ name: 'a forgotten password is set without the emailed code', rule: 'ACC-10', view: reset },
    decider: deciding((account, command, policy) => [
      command.type === 'SetPassword' && isExistingAccount(account)
        ? {
            ...account,
            challenges: account.challenges.map((challenge) =>
              challenge.awaits === 'password-code' ? { ...challenge, awaits: 'new-password' } : challenge,
            ),
          }
        : account,
      command,
      policy,
    ]),
  },
  {
    ...{ name: 'the access table is not evaluated', rule: 'ACC-13', view: everyCommand },
    decider: deciding((account, command, policy) => [
      account,
      command.type === 'EnterPassword' ? { ...command, denial: undefined } : command,
      policy,
    ]),
  },
  {
    ...{
      name: 'a smartcard clears the count',
      rule: 'LOCK-12',
      view: 'the smartcard beside 2FA, closed by a lock',
    },
    decider: evolving('SmartcardSignInCompleted', () => ({ failedAttempts: noFailedAttempts })),
  },
  {
    ...{
      name: 'any smartcard is admitted',
      rule: 'MIG-19',
      view: 'the smartcard beside 2FA, closed by a lock',
    },
    decider: deciding((account, command, policy) => [
      account,
      command.type === 'SignInWithSmartcard' ? { ...command, srn: undefined } : command,
      policy,
    ]),
  },
  {
    ...{
      name: 'a deleted User ID is registered again',
      rule: 'ID-12',
      view: 'from registration to the first sign-in',
    },
    decider: {
      ...accountDecider,
      decide: (account, command, policy) =>
        accountDecider.decide(
          account.stage === 'Deleted' && command.type === 'Register' ? { stage: 'Unknown' } : account,
          command,
          policy,
        ),
      evolve: (account, event) =>
        accountDecider.evolve(
          account.stage === 'Deleted' && event.type === 'Registered' ? { stage: 'Unknown' } : account,
          event,
        ),
    },
  },
  {
    ...{ name: 'a code outlives its time', rule: 'OTP-11', view: byEmail },
    decider: deciding((account, command, policy) => [
      account,
      command,
      { ...policy, emailCode: { ...policy.emailCode, validSeconds: policy.emailCode.validSeconds + 30 } },
    ]),
  },
  {
    ...{ name: 'codes are sent where no email is registered', rule: 'ACC-02', view: profileOfEmail },
    decider: deciding((account, command, policy) => [
      isExistingAccount(account) && account.email === undefined && command.type === 'EnterPassword'
        ? { ...account, email: 'lost@example.com' }
        : account,
      command,
      policy,
    ]),
  },
]
