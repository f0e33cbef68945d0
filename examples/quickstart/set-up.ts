import type { Instant, Session, System } from 'ccass-2fa'
import { type Phone, scan } from '../support/phone.ts'
import type { Host } from './host.ts'

/** The code in the newest mail to an account. */
export const mailedCode = ({ mailer }: Host, userId: string): string => {
  const code = mailer.codeFor(userId)
  if (code === undefined) throw new Error(`no code was emailed to ${userId}`)
  return code
}

/**
 * Sets up a password. A code sent to the registered email proves control of it.
 *
 * @returns when the password was set.
 */
export const setUpPassword = async (host: Host, userId: string, password: string): Promise<Instant> => {
  const { auth, clock, mailer, trace } = host
  clock.pass(30_000)
  const { challenge } = await trace.ok(
    'ACC-01',
    'requests a code to set up a password',
    auth.passwordSetUp.begin({ userId }),
    async () => {
      const view = await auth.registry.view({ userId })
      const registered = view.map(({ email }) => email).unwrapOr(undefined)
      return {
        is: `→ ${mailer.mails.findLast(({ type }) => type === 'code')?.to}`,
        mustBe: `→ ${registered}`,
      }
    },
  )

  clock.pass(30_000)
  await trace.ok(
    'ACC-01',
    'enters the emailed code',
    auth.passwordSetUp.confirmCode({ challenge, code: mailedCode(host, userId) }),
  )
  await trace.ok(
    'PW-04',
    'enters the new password twice',
    auth.passwordSetUp.complete({ challenge, password, confirmation: password }),
  )
  return clock.now()
}

/** The result of setting up the mobile app. */
export interface AppSetUp {
  readonly phone: Phone
  /** The contents of the QR code. */
  readonly uri: string
}

/** Sets up the mobile app at the first sign-in with the new password. */
export const setUpApp = async (
  { auth, clock, trace }: Host,
  userId: string,
  password: string,
): Promise<AppSetUp> => {
  clock.pass(30_000)
  const { challenge } = await trace.next(
    'ACC-01',
    'signs in with it and must enrol a channel',
    auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' }),
    'enrolOtp',
  )
  const enrolment = await trace.ok(
    'OTP-02 OTP-04',
    'chooses the mobile app, scans its QR code',
    auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }),
  )
  if (enrolment.channel !== 'MobileApp') throw new Error('the mobile app was chosen')
  const { uri } = enrolment
  trace.aside(`${uri.slice(0, uri.indexOf('?'))}?… (cut short: it holds the secret)`)

  const phone = scan(uri, clock)
  await trace.ok(
    'OTP-04 ACC-03',
    'enters the code that the phone shows',
    auth.enrolment.confirm({ challenge, code: phone.code() }),
  )
  return { phone, uri }
}

/** A holder who receives codes by email. */
export interface EmailHolder {
  readonly userId: string
  readonly password: string
  readonly system: System
}

/** Sets up codes by email at the first sign-in with the new password. */
export const setUpEmail = async (host: Host, holder: EmailHolder): Promise<void> => {
  const { auth, clock, trace } = host
  clock.pass(30_000)
  const { challenge } = await trace.next(
    'ACC-01 ACC-12',
    `signs in to ${holder.system} and must enrol`,
    auth.signIn.begin(holder),
    'enrolOtp',
  )
  await trace.ok('OTP-01', 'chooses email', auth.enrolment.chooseChannel({ challenge, channel: 'Email' }))
  await trace.ok(
    'ACC-03',
    'enters the emailed code',
    auth.enrolment.confirm({ challenge, code: mailedCode(host, holder.userId) }),
  )
}

/** Signs in with a code by email. */
export const logInByEmail = async (host: Host, holder: EmailHolder): Promise<Session> => {
  const { auth, clock, trace } = host
  clock.pass(60_000)
  const { challenge } = await trace.next(
    'OTP-01',
    'signs in; a code is emailed',
    auth.signIn.begin(holder),
    'otp',
    ({ channel }) => ({ is: `by ${channel}`, mustBe: 'by Email' }),
  )
  const { session } = await trace.next(
    'ACC-12',
    'enters the code and is signed in',
    auth.signIn.confirmOtp({ challenge, code: mailedCode(host, holder.userId) }),
    'done',
    (done) => ({
      is: `${done.session.userId} in ${done.session.system}`,
      mustBe: `${holder.userId} in ${holder.system}`,
    }),
  )
  return session
}
