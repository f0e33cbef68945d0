import { count } from '../quickstart/count.ts'
import type { Host } from '../quickstart/host.ts'
import { mailedCode } from '../quickstart/set-up.ts'
import { user } from './people.ts'

/** A different code with the same number of digits. */
const mistyped = (code: string) => String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0')

/** Enters fifteen wrong codes in five sign-ins, which locks the account. */
export const mistypeUntilLocked = async (host: Host): Promise<void> => {
  const { auth, clock, mailer, trace } = host
  trace.heading(`${user.userId} enters wrong emailed codes until the account locks`)
  for (let signIn = 1; signIn <= 5; signIn++) {
    clock.pass(240_000)
    const { challenge } = await trace.next(
      'LOCK-03',
      `sign-in ${signIn}: enters the password`,
      auth.signIn.begin(user),
      'otp',
      () => count(host, user.userId, 0, 3 * (signIn - 1)),
    )
    for (let attempt = 1; attempt <= 3; attempt++)
      await trace.refused(
        attempt < 3 ? 'LOCK-02' : signIn < 5 ? 'LOCK-02 LOCK-05' : 'LOCK-01 LOCK-04',
        attempt < 3
          ? '  enters a wrong code'
          : signIn < 5
            ? '  wrong code: the third ends the sign-in'
            : '  wrong code: the fifteenth locks',
        auth.signIn.confirmOtp({ challenge, code: mistyped(mailedCode(host, user.userId)) }),
        attempt < 3 ? 'code-refused' : 'challenge-ended',
        () => count(host, user.userId, 0, 3 * (signIn - 1) + attempt),
      )
  }
  await auth.outbox.deliver()
  trace.fact('LOCK-11', 'the holder is notified by email', `${mailer.mails.at(-1)?.type}`, 'account-locked')
  clock.pass(60_000)
  await trace.refused('LOCK-07', 'enters the correct password', auth.signIn.begin(user), 'sign-in-refused')
}

/** Asks who can help. The table is public. */
export const askWhoCanHelp = async ({ auth, trace }: Host): Promise<void> => {
  trace.heading(
    'Who can help?',
    'Any caller may ask, and no account is read. Each of these accounts receives OTPs by email.',
  )
  const request = { role: 'User', channel: 'Email', phase: 'parallel-run' } as const
  const cases = [
    ['MNT-04', 'unlock', 'a locked user', 'delegated-administrators (MNT-04)'],
    ['MNT-03', 'reset-password', 'a user who forgot the password', 'delegated-administrators (MNT-03)'],
    ['MNT-01', 'change-password', 'a user who wants another password', 'self-service (MNT-01)'],
  ] as const
  for (const [rule, need, who, mustBe] of cases)
    await trace.ok(`MNT-11 ${rule}`, who, auth.dms.supportRoute({ ...request, need }), (answer) => ({
      is: `${answer.route} (${answer.rule})`,
      mustBe,
    }))
}
