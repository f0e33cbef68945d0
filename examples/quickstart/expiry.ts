import type { Instant } from 'ccass-2fa'
import { DAY } from 'ccass-2fa/rules'
import { hongKongTime } from '../support/clock.ts'
import { passwords, user } from './app-user.ts'
import { count } from './count.ts'
import type { Host } from './host.ts'
import type { AppSetUp } from './set-up.ts'

const page = { userId: user, system: 'CCASS/CCMS' } as const

/** Tries the password in the last millisecond of its 90 days, and in the next one. */
export const outliveThePassword = async (
  host: Host,
  { phone, passwordSetAt }: AppSetUp & { readonly passwordSetAt: Instant },
): Promise<void> => {
  const { auth, clock, trace } = host
  const expiry = passwordSetAt + 90 * DAY
  trace.heading('Ninety days later', `The password was set on ${hongKongTime(passwordSetAt)} Hong Kong time.`)
  const enterPassword = (given: string) => auth.signIn.begin({ ...page, password: given })

  clock.moveTo(expiry - 1)
  trace.say(`  ${hongKongTime(clock.now())}, a millisecond before 90 × 24 h have passed`)
  const last = await trace.next(
    'PW-10',
    'signs in; the password is still valid',
    enterPassword(passwords.second),
    'otp',
  )
  await trace.next(
    'PW-09',
    'enters the code of the app',
    auth.signIn.confirmOtp({ challenge: last.challenge, code: phone.code() }),
    'done',
    (done) => ({
      is: done.password.status === 'valid' ? `days left: ${done.password.daysLeft}` : 'expired',
      mustBe: 'days left: 1',
    }),
  )

  clock.moveTo(expiry)
  trace.say()
  trace.say(`  ${hongKongTime(clock.now())}, a millisecond later`)
  const { challenge } = await trace.next(
    'PW-10 PW-11',
    'signs in; the password has expired',
    enterPassword(passwords.second),
    'changePassword',
  )
  clock.pass(30_000)
  await trace.refused(
    'PW-12',
    'enters a code before the password change',
    auth.signIn.confirmOtp({ challenge, code: phone.code() }),
    'challenge-ended',
  )
  const refusal = await trace.refused(
    'PW-05',
    'enters "short" as the new password',
    auth.passwordSetUp.complete({ challenge, password: 'short', confirmation: 'short' }),
    'password-refused',
  )
  const unmet = refusal.code === 'password-refused' ? refusal.unmet : []
  trace.aside(unmet.map(({ code, rule }) => `${code} (${rule})`).join(', '))
  const rules = [...new Set(unmet.map(({ rule }) => rule))].join(' ')
  trace.fact('PW-05', 'the rules that "short" breaks', rules, 'PW-01 PW-02 PW-03')
  await trace.refused(
    'PW-04',
    'enters two different new passwords',
    auth.passwordSetUp.complete({ challenge, password: passwords.third, confirmation: passwords.second }),
    'passwords-differ',
  )
  await trace.ok(
    'PW-12',
    'the password is changed; no sign-in yet',
    auth.passwordSetUp.complete({ challenge, password: passwords.third, confirmation: passwords.third }),
  )
  await trace.refused(
    'LOCK-01',
    'enters the former password',
    enterPassword(passwords.second),
    'sign-in-refused',
    () => count(host, user, 1, 0),
  )
  const again = await trace.next('PW-12', 'signs in again', enterPassword(passwords.third), 'otp')
  await trace.next(
    'LOCK-03',
    'enters the code of the app',
    auth.signIn.confirmOtp({ challenge: again.challenge, code: phone.code() }),
    'done',
    () => count(host, user, 0, 0),
  )
}
