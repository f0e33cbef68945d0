import type { AccountCommand } from '../../src/account/commands.ts'
import { accountDecider } from '../../src/account/decide.ts'
import type { AccountEvent } from '../../src/account/events.ts'
import { type Account, unknownAccount } from '../../src/account/state.ts'
import type { OtpChannel } from '../../src/identity/otp-channel.ts'
import type { Role } from '../../src/identity/role.ts'
import type { UserId } from '../../src/identity/user-id.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'

/** One account of the pure decider, with the events of its commands. */
export const accountDriver = () => {
  let account: Account = unknownAccount
  return {
    account: () => account,
    /** Decides and folds; returns the types of the events, or the reason of the refusal. */
    perform: (command: AccountCommand): readonly AccountEvent['type'][] | { readonly refused: string } =>
      accountDecider.decide(account, command, defaultPolicy).match(
        (events) => {
          account = events.reduce(accountDecider.evolve, account)
          return events.map(({ type }) => type)
        },
        ({ reason }) => ({ refused: reason }),
      ),
  }
}

/** The time step before the first one of the sequences; the enrolment uses it. */
export const enrolledStep = 100

/** An account whose 2FA was initialised at an instant, by the necessary commands. */
export const initialisedAccount = (at: number, role: Role, channel: OtpChannel) => {
  const driver = accountDriver()
  const userId = (role === 'User' ? 'B0123401' : 'B01234X1') as UserId
  const fact =
    channel === 'Email'
      ? ({ kind: 'Email', matches: true } as const)
      : ({ kind: 'MobileApp', step: enrolledStep } as const)
  const email = { kind: 'Email', matches: true } as const
  const commands: readonly AccountCommand[] = [
    {
      type: 'Register',
      at,
      userId,
      role,
      email: 'holder@example.com',
      status: 'ENABLED',
      userGroups: ['11'],
    },
    { type: 'RequestPasswordCode', at, challenge: 'set-up', code: 'set-up-code' },
    { type: 'EnterPasswordCode', at, challenge: 'set-up', fact: email },
    { type: 'SetPassword', at, challenge: 'set-up', credential: 'password', reused: false },
    {
      type: 'EnterPassword',
      at,
      passwordMatches: true,
      system: 'CCASS/CCMS',
      challenge: 'enrolment',
      code: 'unused',
    },
    { type: 'ChooseChannel', at, challenge: 'enrolment', channel, credential: 'channel' },
    { type: 'EnterEnrolmentCode', at, challenge: 'enrolment', fact },
  ]
  for (const command of commands) driver.perform(command)
  if (driver.account().stage !== 'Initialised') throw new Error(`not initialised: ${driver.account().stage}`)
  return driver
}
