import { isDeepStrictEqual } from 'node:util'
import type { Instant, Session } from 'ccass-2fa'
import { passwords, user } from './app-user.ts'
import { count } from './count.ts'
import type { Host } from './host.ts'
import { type AppSetUp, setUpApp, setUpPassword } from './set-up.ts'
import { type Administrators, unlockInDms } from './unlock-in-dms.ts'

const page = { userId: user, system: 'CCASS/CCMS' } as const

/** Enters fifteen wrong codes in five sign-ins, then shows that nothing is accepted any more. */
export const mistypeUntilLocked = async (
  host: Host,
  { phone }: AppSetUp,
  session: Session,
): Promise<void> => {
  const { auth, clock, mailer, trace } = host
  trace.heading(
    `${user} enters wrong OTPs until the account locks`,
    'The password is correct each time. Three wrong OTPs make a failed sign-in; five of those lock.',
  )
  const enterPassword = () => auth.signIn.begin({ ...page, password: passwords.first })
  const secondWindow = await trace.next(
    'OTP-11',
    'begins a sign-in in a second window',
    enterPassword(),
    'otp',
  )

  let wrong = 0
  for (let round = 1; round <= 5; round++) {
    clock.pass(60_000)
    const { challenge } = await trace.next(
      'LOCK-03',
      `sign-in ${round}: enters the password`,
      enterPassword(),
      'otp',
      () => count(host, user, 0, wrong),
    )
    for (let attempt = 1; attempt <= 3; attempt++) {
      clock.pass(10_000)
      wrong++
      const [rules, step, answer] =
        attempt < 3
          ? (['LOCK-02', '  a wrong OTP', 'code-refused'] as const)
          : round < 5
            ? (['LOCK-02 LOCK-05', '  a wrong OTP: the third ends the sign-in', 'challenge-ended'] as const)
            : (['LOCK-04 LOCK-11', '  a wrong OTP: the fifteenth locks', 'challenge-ended'] as const)
      await trace.refused(
        rules,
        step,
        auth.signIn.confirmOtp({ challenge, code: phone.wrongCode() }),
        answer,
        () => count(host, user, 0, wrong),
      )
    }
  }

  const view = await auth.registry.view({ userId: user })
  trace.fact('LOCK-01', 'stage of the account', view.map(({ stage }) => stage).unwrapOr('unknown'), 'Locked')
  await auth.outbox.deliver()
  const notice = mailer.mails.at(-1)
  trace.fact('LOCK-11', 'the holder is notified by email', `${notice?.type}`, 'account-locked')

  clock.pass(30_000)
  await trace.refused(
    'LOCK-07',
    'second window: enters a correct code',
    auth.signIn.confirmOtp({ challenge: secondWindow.challenge, code: phone.code() }),
    'challenge-ended',
  )
  const lockedRefusal = await trace.refused(
    'LOCK-07',
    'enters the correct password',
    enterPassword(),
    'sign-in-refused',
    () => count(host, user, 0, 15),
  )
  await trace.refused(
    'LOCK-11',
    'the same for an ID without an account',
    auth.signIn.begin({ ...page, userId: 'B0123499', password: passwords.first }),
    'sign-in-refused',
    (refusal) => ({
      is: isDeepStrictEqual(refusal, lockedRefusal) ? 'equal' : 'different',
      mustBe: 'equal',
    }),
  )
  await trace.refused(
    'ACC-15',
    'uses the session of the morning',
    auth.sessions.check({ session: session }),
    'session-ended',
  )
}

/** Two Delegated Administrators unlock the user, who sets everything up again. */
export const unlockAndSetUpAgain = async (
  host: Host,
  former: AppSetUp,
  administrators: Administrators,
): Promise<AppSetUp & { readonly passwordSetAt: Instant }> => {
  const { auth, clock, trace } = host
  await unlockInDms(host, user, administrators)
  trace.heading(`${user} sets up password and app again`)
  await trace.refused(
    'ACC-08 LOCK-13',
    'the old password is void and not counted',
    auth.signIn.begin({ ...page, password: passwords.first }),
    'sign-in-refused',
    () => count(host, user, 0, 0),
  )
  const passwordSetAt = await setUpPassword(host, user, passwords.second)
  const again = await setUpApp(host, user, passwords.second)

  clock.pass(30_000)
  const { challenge } = await trace.next(
    'OTP-01',
    'signs in with the new password',
    auth.signIn.begin({ ...page, password: passwords.second }),
    'otp',
  )
  await trace.refused(
    'ACC-08',
    'enters a code of the old device',
    auth.signIn.confirmOtp({ challenge, code: former.phone.code() }),
    'code-refused',
    () => count(host, user, 0, 1),
  )
  await trace.next(
    'LOCK-03',
    'enters a code of the new device',
    auth.signIn.confirmOtp({ challenge, code: again.phone.code() }),
    'done',
    () => count(host, user, 0, 0),
  )
  return { ...again, passwordSetAt }
}
