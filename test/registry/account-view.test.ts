/** What the view of an account shows, and which members it does not have. */
import { expect, test } from 'vitest'
import type { RegisteredAccount } from '../../src/account/state.ts'
import type { ServiceContext } from '../../src/engine/context.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { viewOf } from '../../src/registry/account-view.ts'

const now = Date.UTC(2023, 5, 5, 1)
const context = { policy: defaultPolicy } as ServiceContext
const { enrolment, emailCode } = defaultPolicy

const account: RegisteredAccount = {
  ...{ stage: 'Registered', userId: 'B0123401' as never, role: 'User', status: 'ENABLED', origin: 'created' },
  ...{ registeredAt: now, sessionEpoch: 0, sessions: [], challenges: [], codes: {}, passwordHistory: [] },
  ...{ failedAttempts: { passwords: 0, otps: 0 }, codesIssued: {}, failedEnrolmentAttempts: {} },
}
const viewed = (change: Partial<RegisteredAccount> = {}) =>
  viewOf(context, { ...account, ...change }, now)._unsafeUnwrap()

test('LOCK-01 · an account without email and dates has no members for them', () => {
  expect(viewed()).toStrictEqual({
    ...{ userId: 'B0123401', role: 'User', stage: 'Registered', status: 'ENABLED', locked: false },
    failedAttempts: { passwords: 0, otps: 0, failedSignIns: 0 },
  })
  const dates = { enableFrom: '2023-06-05', disableAfter: '2023-12-31' } as Partial<RegisteredAccount>
  expect(viewed(dates)).toMatchObject(dates)
  const email = { email: 'chan@bank.example' } as Partial<RegisteredAccount>
  expect(viewed(email)).toMatchObject(email)
})

test.each(['password', 'enrolment'] as const)(
  'LOCK-15 · the set-up of a %s is blocked until both its codes and its wrong entries allow it again',
  (purpose) => {
    const wrong = { used: enrolment.failedAttempts.max, since: now - 1_000 }
    const issued = { used: emailCode.rateLimit.max, since: now - 2_000 }
    const [afterWrong, afterIssued] = [
      wrong.since + enrolment.failedAttempts.perSeconds * 1_000,
      issued.since + emailCode.rateLimit.perSeconds * 1_000,
    ]
    const blocks = (change: Partial<RegisteredAccount>) => viewed(change).enrolmentBlockedUntil
    const failedEnrolmentAttempts = { [purpose]: wrong }
    const codesIssued = { [purpose]: issued }
    expect(blocks({ failedEnrolmentAttempts })).toStrictEqual({ [purpose]: afterWrong })
    expect(blocks({ codesIssued })).toStrictEqual({ [purpose]: afterIssued })
    expect(afterWrong).not.toBe(afterIssued)
    const until = Math.max(afterWrong, afterIssued)
    expect(blocks({ failedEnrolmentAttempts, codesIssued })).toStrictEqual({ [purpose]: until })
  },
)
