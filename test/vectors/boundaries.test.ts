/** Every number and duration of the policy has a vector at its bound and one beyond, or a reason why not. */
import { expect, test } from 'vitest'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { type coveredGroups, readVectorFile } from './vector-files.ts'

/** A group, the case at the bound, and the case beyond it; one case can show both in its outcomes. */
type Bound = readonly [group: (typeof coveredGroups)[number], at: string, beyond: string]

const bounds: Readonly<Record<string, Bound>> = {
  'password.minimumLength': ['password-composition', '16 characters', '15 characters'],
  'password.maximumLength': ['password-composition', '128 characters', '129 characters'],
  'password.maximumAgeDays': ['password-expiry', 'the last millisecond', 'after 90 times 24 hours'],
  'totp.windowSteps': ['totp-match', 'one step late, to its last millisecond', 'a millisecond after that'],
  'totp.periodSeconds': [
    'totp-match',
    'one step early, from its first millisecond',
    'a millisecond before that',
  ],
  'totp.digits': ['code-form', 'six digits', 'seven digits'],
  'emailCode.digits': ['email-code-digits', 'the highest number of six digits', 'one more'],
  'emailCode.validSeconds': ['email-code', 'its last millisecond', 'five minutes later'],
  'emailCode.rateLimit.max': ['email-code', 'five codes in 15 minutes', 'five codes in 15 minutes'],
  'emailCode.rateLimit.perSeconds': [
    'email-code',
    'the period begins with the first request',
    'the period begins with the first request',
  ],
  'lockout.failedSignIns': [
    'lockout-sequence',
    'four wrong passwords do not, and a complete sign-in clears them',
    'five wrong passwords lock',
  ],
  'lockout.otpFailuresPerFailedSignIn': [
    'lockout-sequence',
    'two wrong codes, then the right one, clear the count',
    'three wrong codes are one failed sign-in and end the challenge',
  ],
  'enrolment.failedAttempts.max': [
    'rate-window',
    'three uses, and no fourth',
    'a new period begins with its own first use',
  ],
  'enrolment.failedAttempts.perSeconds': [
    'rate-window',
    'the last millisecond of the period',
    'the period is over',
  ],
  'dms.requestValidSeconds': ['dms-request', 'confirmed in its last millisecond', 'expired after 24 hours'],
  'dms.authorisationCode.validSeconds': [
    'authorisation-code',
    'used in its last millisecond',
    'five minutes later',
  ],
  'dms.authorisationCode.failedAttempts': [
    'authorisation-code',
    'two wrong entries, then the right one',
    'three wrong confirmations revoke it',
  ],
  'eservice.maxAdministratorProfiles': ['eservice-form', 'four lines of several types', 'five lines'],
}

/**
 * Fields without a vector: a single system's behaviour for them is this library's choice, and its tests cover
 * the bounds.
 */
const withoutVector: Readonly<Record<string, string>> = {
  'password.minimumAgeHours': 'off unless set (PW-08)',
  'password.history': 'off unless set (PW-08)',
  'enrolment.codeDigits': 'the form of a code is that of totp.digits',
  'enrolment.attemptsPerCode': 'own rule (LOCK-15)',
  'enrolment.alarm.max': 'an alarm of the host (LOCK-15)',
  'enrolment.alarm.perSeconds': 'an alarm of the host (LOCK-15)',
  'enrolment.passwordLapsesAfterDays': 'own rule (ACC-18)',
  'challenge.validSeconds': 'own rule (OTP-11)',
  'challenge.maxOpen': 'own rule (OTP-11)',
  'session.validSeconds': 'own rule (ACC-15)',
  'session.idleSeconds': 'off unless set (ACC-19)',
  'session.maxOpen': 'own rule (ACC-19)',
  'dms.maxPendingRequests': 'own rule (DMS-10)',
  'dms.authorisationCode.digits': 'the form of a code is that of totp.digits',
  'personalData.contextDays': 'own rule (PRI-03)',
  'personalData.identityDays': 'own rule (PRI-03)',
  'personalData.contactDays': 'own rule (PRI-03)',
}

const numbersIn = (value: unknown, path: string): readonly string[] => {
  if (typeof value === 'number') return [path]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([name, each]) =>
    numbersIn(each, path === '' ? name : `${path}.${name}`),
  )
}

test('AUD-05 · every number of the policy has a vector on both sides of its bound, or a reason why not', () => {
  const listed = [...Object.keys(bounds), ...Object.keys(withoutVector)]
  expect(listed.toSorted()).toEqual(numbersIn(defaultPolicy, '').toSorted())
})

test.each(Object.entries(bounds))(
  'AUD-05 · %s has a case at the bound and one beyond',
  (_, [group, at, beyond]) => {
    const { vectors } = readVectorFile(`${group}.json`)
    const found = [at, beyond].map((name) => vectors.find((vector) => vector.case === name))
    expect(found.map((vector) => vector?.case)).toEqual([at, beyond])
    for (const vector of found) expect(vector?.input).toBeDefined()
    // Both sides in one case: its outcomes differ. In two cases: their results differ.
    const answers =
      at === beyond
        ? ((found[0]?.expected as { outcomes?: readonly unknown[] } | undefined)?.outcomes ?? [])
        : found.map((vector) => vector?.expected)
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBeGreaterThan(1)
  },
)
