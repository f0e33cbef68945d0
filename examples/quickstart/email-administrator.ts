import type { Session } from 'ccass-2fa'
import { count } from './count.ts'
import type { Host } from './host.ts'
import { mailedCode, setUpPassword } from './set-up.ts'

/** The Delegated Administrator who receives codes by email. */
export const administrator = 'B01234X1'

/** A demonstration password. */
const password = 'Demo only: lion rock 495 m!'

/** A Delegated Administrator sets up codes by email and signs in to DMS. */
export const useEmail = async (host: Host): Promise<Session> => {
  const { auth, clock, trace } = host
  const userId = administrator
  trace.heading(`${userId}, a Delegated Administrator, receives OTPs by email`)
  await setUpPassword(host, userId, password)

  clock.pass(30_000)
  await trace.refused(
    'ACC-12',
    "signs in at the users' page",
    auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' }),
    'sign-in-refused',
  )
  const setUp = await trace.next(
    'ACC-01 ACC-12',
    'signs in to DMS and must enrol a channel',
    auth.signIn.begin({ userId, password, system: 'DMS' }),
    'enrolOtp',
  )
  await trace.ok(
    'OTP-01',
    'chooses email',
    auth.enrolment.chooseChannel({ challenge: setUp.challenge, channel: 'Email' }),
  )
  await trace.ok(
    'ACC-03',
    'enters the emailed code',
    auth.enrolment.confirm({ challenge: setUp.challenge, code: mailedCode(host, userId) }),
  )

  clock.pass(60_000)
  const { challenge } = await trace.next(
    'OTP-01',
    'signs in; a code is emailed',
    auth.signIn.begin({ userId, password, system: 'DMS' }),
    'otp',
    ({ channel }) => ({ is: `by ${channel}`, mustBe: 'by Email' }),
  )
  const first = mailedCode(host, userId)
  clock.pass(60_000)
  await trace.ok('OTP-07', 'requests another code', auth.signIn.resendCode({ challenge }), () =>
    count(host, userId, 0, 0),
  )
  await trace.refused(
    'OTP-06',
    'enters the former code, which is void',
    auth.signIn.confirmOtp({ challenge, code: first }),
    'code-refused',
    () => count(host, userId, 0, 1),
  )
  const { session } = await trace.next(
    'LOCK-03',
    'enters the newest code',
    auth.signIn.confirmOtp({ challenge, code: mailedCode(host, userId) }),
    'done',
    () => count(host, userId, 0, 0),
  )
  return session
}
