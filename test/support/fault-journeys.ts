import { faulty } from './faults.ts'
import { type Bag, bagOf, type Step, steps } from './steps.ts'
import { count, type TestService, testService } from './test-service.ts'
import { another, initialised, locked, loggedIn, registered, user } from './user-journeys.ts'

export interface Journey {
  readonly name: string
  /** The preparation; nothing fails there. */
  readonly before: (service: TestService) => Promise<Bag>
  readonly steps: readonly Step[]
  /** How often each event must be in the trail after these steps. */
  readonly leaves: Readonly<Record<string, number>>
}

const { ask, prove, misprove, set, begin, misbegin, choose, complete, confirm, misconfirm } = steps
export const changeOwn = steps.change(another(3))
const { resend, cancel, check, carry, mischange, changeDevice, unlock, deliver } = steps

const firstLogin = (channel: 'MobileApp' | 'Email') => [
  ...[ask, misprove, prove, set(another(1)), begin],
  ...[choose(channel), complete, begin, confirm, check],
]

export const journeys: readonly Journey[] = [
  ...(['MobileApp', 'Email'] as const).map((channel) => ({
    name: `first sign-in by ${channel}`,
    before: async (service: TestService) => bagOf({ userId: await registered(service, user) }),
    steps: firstLogin(channel),
    leaves: { EnrolmentCodeRejected: 1, PasswordSet: 1, ChannelEnrolled: 1, SignInCompleted: 1 },
  })),
  {
    name: 'wrong codes, a resend, a cancel, and a sign-in by email',
    before: async (service) => bagOf(await initialised(service, user, 'Email')),
    steps: [
      begin,
      misconfirm(),
      resend,
      misconfirm(),
      cancel,
      begin,
      misconfirm('challenge-ended'),
      begin,
      confirm,
    ],
    leaves: { SignInCodeRejected: 3, SignInCompleted: 1 },
  },
  {
    name: 'a sign-in whose hash is replaced',
    before: async (service) => {
      const bag = bagOf(await initialised(service))
      service.passwordHasher.strength = 2
      return bag
    },
    steps: [misbegin, begin, misconfirm(), confirm, carry, check],
    leaves: { PasswordRejected: 1, PasswordAccepted: 1, SignInCodeRejected: 1, SignInCompleted: 1 },
  },
  {
    name: 'a forgotten password',
    before: async (service) => bagOf(await initialised(service)),
    steps: [ask, prove, set(another(2)), begin, confirm],
    leaves: { PasswordSet: 1, SignInCompleted: 1 },
  },
  {
    name: 'a password changed, and a device',
    before: async (service) => {
      const person = await initialised(service)
      return { ...bagOf(person), session: await loggedIn(service, person) }
    },
    steps: [
      mischange,
      changeOwn,
      changeDevice,
      begin,
      confirm,
      choose('MobileApp'),
      complete,
      begin,
      confirm,
    ],
    leaves: {
      PasswordRejected: 1,
      PasswordSet: 1,
      DeviceChangeVerified: 1,
      ChannelEnrolled: 1,
      SignInCompleted: 1,
    },
  },
  {
    name: 'a lock with its notice',
    before: async (service) => bagOf(await initialised(service)),
    steps: [misbegin, misbegin, misbegin, misbegin, misbegin, misbegin, deliver],
    leaves: { PasswordRejected: 5, Locked: 1 },
  },
  {
    name: 'an unlock, and the set-up after it',
    before: async (service) => bagOf(await locked(service, await initialised(service))),
    steps: [unlock, ...firstLogin('MobileApp')],
    leaves: { Unlocked: 1, PasswordSet: 1, ChannelEnrolled: 1, SignInCompleted: 1 },
  },
]

/** A test service whose ports can be made to fail, with every port in use. */
export const fragile = () => {
  const faults = faulty()
  const service = testService({
    policy: { password: { history: 2, blocklist: true } },
    passwordBlocklist: { includes: async () => false },
    between: faults.between,
  })
  return { service, faults }
}

/** The number of events of these types in the trail. */
export const untilNow = (service: TestService, types: readonly string[]) =>
  Promise.all(types.map((type) => count(service, user, type)))

/**
 * The possible results of a fault. A sealed text that can't be opened is a void session: a box rejects
 * altered text and unknown text alike.
 */
export const clear = ['port-failed', 'delivery-failed', 'session-ended']
