import { count } from '../quickstart/count.ts'
import type { Host } from '../quickstart/host.ts'
import { setUpPassword } from '../quickstart/set-up.ts'
import { type Phone, scan } from '../support/phone.ts'
import { locked, passwords } from './people.ts'

const page = { userId: locked.userId, system: 'DMS' } as const

/** Signs in to DMS with a code from the phone. */
export const signIn = async ({ auth, clock, trace }: Host, phone: Phone, password: string): Promise<void> => {
  clock.pass(30_000)
  const { challenge } = await trace.next(
    'ACC-12 OTP-01',
    'enters the password in DMS',
    auth.signIn.begin({ ...page, password }),
    'otp',
  )
  await trace.next(
    'OTP-01',
    'enters the code of the app',
    auth.signIn.confirmOtp({ challenge, code: phone.code() }),
    'done',
    ({ session }) => ({
      is: `${session.userId} in ${session.system}`,
      mustBe: `${page.userId} in DMS`,
    }),
  )
}

/** Sets up password and app as for the first time, then signs in. */
export const setUpAndLogIn = async (host: Host, password: string): Promise<Phone> => {
  const { auth, clock, trace } = host
  await setUpPassword(host, locked.userId, password)
  clock.pass(30_000)
  const { challenge } = await trace.next(
    'ACC-01 ACC-12',
    'signs in to DMS and must enrol a channel',
    auth.signIn.begin({ ...page, password }),
    'enrolOtp',
  )
  const enrolment = await trace.ok(
    'OTP-02 OTP-04',
    'chooses the mobile app, scans its QR code',
    auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }),
  )
  if (enrolment.channel !== 'MobileApp') throw new Error('the mobile app was chosen')
  const phone = scan(enrolment.uri, clock)
  await trace.ok(
    'OTP-04 ACC-03',
    'enters the code that the phone shows',
    auth.enrolment.confirm({ challenge, code: phone.code() }),
  )
  await signIn(host, phone, password)
  return phone
}

/** Enters five wrong passwords, then asks who can help. */
export const mistypeUntilLocked = async (host: Host): Promise<void> => {
  const { auth, clock, mailer, trace } = host
  trace.heading(`${locked.userId} mistypes the password until the account locks`)
  for (let miss = 1; miss <= 5; miss++) {
    clock.pass(20_000)
    await trace.refused(
      'LOCK-01 LOCK-11',
      `wrong password ${miss} of 5`,
      auth.signIn.begin({ ...page, password: `Demo only: mistyped ${miss} times!` }),
      'sign-in-refused',
      () => count(host, locked.userId, miss, 0),
    )
  }
  const view = await auth.registry.view({ userId: locked.userId })
  trace.fact('LOCK-01', 'stage of the account', view.map(({ stage }) => stage).unwrapOr('unknown'), 'Locked')
  await auth.outbox.deliver()
  trace.fact('LOCK-11', 'the holder is notified by email', `${mailer.mails.at(-1)?.type}`, 'account-locked')
  clock.pass(20_000)
  await trace.refused(
    'LOCK-07',
    'enters the correct password',
    auth.signIn.begin({ ...page, password: passwords.first }),
    'sign-in-refused',
  )

  trace.heading('Who can help?')
  const request = { need: 'unlock', channel: 'MobileApp', phase: 'parallel-run' } as const
  await trace.ok(
    'MNT-11 MNT-04',
    'a locked Delegated Administrator',
    auth.dms.supportRoute({ ...request, role: 'DelegatedAdministrator' }),
    ({ route, rule }) => ({ is: `${route} (${rule})`, mustBe: 'DA 3 (MNT-04)' }),
  )
  await trace.ok(
    'MNT-11 MNT-04',
    'a locked user, for comparison',
    auth.dms.supportRoute({ ...request, role: 'User' }),
    ({ route, rule }) => ({ is: `${route} (${rule})`, mustBe: 'delegated-administrators (MNT-04)' }),
  )
}

/** After the unlock: the old credentials no longer work, and everything is set up again. */
export const setUpAgain = async (host: Host, former: Phone): Promise<void> => {
  const { auth, clock, trace } = host
  trace.heading(`${locked.userId} sets up password and app again`)
  clock.pass(60_000)
  await trace.refused(
    'ACC-08 LOCK-13',
    'the old password is void and not counted',
    auth.signIn.begin({ ...page, password: passwords.first }),
    'sign-in-refused',
  )
  const phone = await setUpAndLogIn(host, passwords.second)
  clock.pass(30_000)
  const { challenge } = await trace.next(
    'OTP-01',
    'enters the new password',
    auth.signIn.begin({ ...page, password: passwords.second }),
    'otp',
  )
  await trace.refused(
    'ACC-08',
    'enters a code of the old device',
    auth.signIn.confirmOtp({ challenge, code: former.code() }),
    'code-refused',
  )
  await trace.next(
    'LOCK-03',
    'enters a code of the new device',
    auth.signIn.confirmOtp({ challenge, code: phone.code() }),
    'done',
  )
}
