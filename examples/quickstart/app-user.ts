import type { Session } from 'ccass-2fa'
import { count } from './count.ts'
import type { Host } from './host.ts'
import { type AppSetUp, setUpApp, setUpPassword } from './set-up.ts'

/** The user of the mobile app in this story. */
export const user = 'B0123401'

/** Demonstration passwords. Never put real ones into source code. */
export const passwords = {
  first: 'Demo only: peak tram 1888!',
  second: 'Demo only: star ferry 1898!',
  third: 'Demo only: ding ding 1904!',
} as const

/** Sets up password and app for a new account. */
export const setUpUser = async (host: Host): Promise<AppSetUp> => {
  host.trace.heading(`${user} sets up password and app`)
  await setUpPassword(host, user, passwords.first)
  return setUpApp(host, user, passwords.first)
}

/** Signs in, with every mistake that has no lasting effect. */
export const signIn = async (host: Host, { phone }: AppSetUp): Promise<Session> => {
  const { auth, clock, trace } = host
  trace.heading(
    `${user} signs in`,
    'On the right is the count that locks (LOCK-04): p + ⌊o/3⌋ of 5, for p wrong passwords and o wrong OTPs.',
  )
  const page = { userId: user, system: 'CCASS/CCMS' } as const

  await trace.refused(
    'LOCK-01',
    'enters a wrong password',
    auth.signIn.begin({ ...page, password: 'Demo only: mistyped 2023!' }),
    'sign-in-refused',
    () => count(host, user, 1, 0),
  )
  const { challenge } = await trace.next(
    'OTP-01 LOCK-03',
    'the correct password clears no counter',
    auth.signIn.begin({ ...page, password: passwords.first }),
    'otp',
    () => count(host, user, 1, 0),
  )
  await trace.refused(
    'LOCK-06',
    'five digits are not a code: not counted',
    auth.signIn.confirmOtp({ challenge, code: '12345' }),
    'malformed-code',
    () => count(host, user, 1, 0),
  )
  await trace.refused(
    'OTP-05 LOCK-06',
    'the code of the set-up is a replay',
    auth.signIn.confirmOtp({ challenge, code: phone.code() }),
    'code-refused',
    () => count(host, user, 1, 1),
  )
  clock.pass(30_000)
  const { session } = await trace.next(
    'LOCK-03',
    'the next code clears the counters',
    auth.signIn.confirmOtp({ challenge, code: phone.code() }),
    'done',
    () => count(host, user, 0, 0),
  )
  return session
}
