import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reachesLockout } from '../../src/lockout/attempts.ts'
import { definePolicy, type PolicyInput } from '../../src/policy/define.ts'
import { ruleOfField } from '../../src/policy/overrides.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { branches } from '../support/branches.ts'

/** Every number of the policy: path, minimum, default, maximum, and its rule. */
const numbers: readonly [path: string, lowest: number, standard: number, highest: number, rule: string][] = [
  ['password.minimumLength', 16, 16, 64, 'PW-01'],
  ['password.maximumLength', 64, 128, 1_024, 'PW-06'],
  ['password.maximumAgeDays', 1, 90, 90, 'PW-09'],
  ['password.minimumAgeHours', 0, 0, 168, 'PW-08'],
  ['password.history', 0, 0, 24, 'PW-08'],
  ['totp.digits', 6, 6, 8, 'OTP-04'],
  ['totp.periodSeconds', 15, 30, 120, 'OTP-04'],
  ['totp.windowSteps', 0, 1, 2, 'OTP-04'],
  ['emailCode.digits', 6, 6, 8, 'OTP-06'],
  ['emailCode.validSeconds', 60, 300, 900, 'OTP-06'],
  ['emailCode.rateLimit.max', 1, 5, 100, 'OTP-07'],
  ['emailCode.rateLimit.perSeconds', 60, 900, 604_800, 'OTP-07'],
  ['lockout.failedSignIns', 1, 5, 5, 'LOCK-01'],
  ['lockout.otpFailuresPerFailedSignIn', 1, 3, 3, 'LOCK-02'],
  ['enrolment.failedAttempts.max', 1, 10, 100, 'LOCK-10'],
  ['enrolment.failedAttempts.perSeconds', 60, 86_400, 604_800, 'LOCK-10'],
  ['enrolment.codeDigits', 6, 8, 8, 'LOCK-15'],
  ['enrolment.attemptsPerCode', 1, 3, 5, 'LOCK-15'],
  ['enrolment.alarm.max', 1, 100, 1_000_000, 'LOCK-15'],
  ['enrolment.alarm.perSeconds', 60, 3_600, 604_800, 'LOCK-15'],
  ['enrolment.passwordLapsesAfterDays', 1, 7, 90, 'ACC-18'],
  ['challenge.validSeconds', 60, 600, 3_600, 'OTP-11'],
  ['challenge.maxOpen', 1, 16, 64, 'OTP-11'],
  ['session.validSeconds', 60, 28_800, 86_400, 'ACC-15'],
  ['session.maxOpen', 1, 16, 64, 'ACC-19'],
  ['dms.maxPendingRequests', 1, 100, 1_000, 'DMS-10'],
  ['dms.requestValidSeconds', 60, 86_400, 2_592_000, 'DMS-05'],
  ['dms.authorisationCode.digits', 6, 8, 10, 'DMS-04'],
  ['dms.authorisationCode.validSeconds', 30, 300, 900, 'DMS-04'],
  ['dms.authorisationCode.failedAttempts', 1, 3, 5, 'DMS-09'],
  ['personalData.contextDays', 1, 365, 36_500, 'PRI-03'],
  ['personalData.identityDays', 1, 2_555, 36_500, 'PRI-03'],
  ['personalData.contactDays', 1, 2_555, 36_500, 'PRI-03'],
  ['eservice.maxAdministratorProfiles', 1, 4, 4, 'ESV-05'],
]

/** Every other field: path, default, valid values, invalid values. */
const others: readonly [
  path: string,
  standard: unknown,
  good: readonly unknown[],
  bad: readonly unknown[],
  rule: string,
][] = [
  ['userId.seochAdministratorOrder', 'as-example', ['as-written'], ['', 'AS-WRITTEN', 'other'], 'ID-06'],
  ['migration.administratorLookalikes', 'refuse', ['admit'], ['', 'ADMIT', true], 'MIG-22'],
  ['migration.expiredCertificates', 'block', ['warn'], ['', 'ignore', false], 'MIG-22'],
  [
    'password.specialCharacters',
    '!@#%&*()',
    ['$', '!@#$%^&*()', '-]\\^`{~/:'],
    ['', '!!', 'a!', '!1', '! ', '！', '!\n', '\ud800'],
    'PW-07',
  ],
  ['password.blocklist', false, [true], ['true', ''], 'PW-08'],
  [
    'totp.issuer',
    'CCASS/CCMS',
    ['A', '漢😀', 'x'.repeat(64)],
    ['', 'a:b', 'x'.repeat(65), 'a\nb', '\ud800'],
    'OTP-04',
  ],
  ['totp.algorithm', 'SHA1', ['SHA256', 'SHA512'], ['sha1', 'SHA-1', 'MD5', ''], 'OTP-04'],
  ['lockout.blocksSmartcard', true, [false], ['true', ''], 'LOCK-12'],
  ['deviceChange.verifiedBy', 'old-device', ['password'], ['', 'nothing'], 'OTP-10'],
  ['session.idleSeconds', 0, [60, 86_400], [-1, 59, 60.5, 86_401, '0'], 'ACC-19'],
  ['session.endOnOwnChange', true, [false], ['true', ''], 'ACC-20'],
  ['notices.credentialChanges', true, [false], ['true', ''], 'ACC-17'],
  ['smartcard.gatewayAdmitsNewAccounts', false, [true], ['true', ''], 'MIG-18'],
]

/** Every list of the policy: path, default, valid lists, and values that no list may contain. */
const lists: readonly [
  path: string,
  standard: readonly string[],
  good: readonly (readonly string[])[],
  bad: readonly unknown[],
  rule: string,
][] = [
  [
    'dms.onePersonParticipants',
    [],
    [['B01234'], ['BNK999', 'HKABC']],
    ['b01234', '', 'B0123401', 1],
    'DMS-02',
  ],
  [
    'dms.makersOnly',
    [],
    [['B01234X1', 'HKABC101']],
    ['b01234x1', 'B01234X', 'B01234X11', ' B01234X', 1],
    'DMS-11',
  ],
  [
    'dms.checkersOnly',
    [],
    [['B01234X1', 'HKABC101']],
    ['b01234x1', 'B01234X', 'B01234X11', ' B01234X', 1],
    'DMS-11',
  ],
  ['dms.hkccGroups', ['1'], [[], ['1', '2', '3', '4']], ['0', '5', '', '11', 1], 'MNT-12'],
  ['dms.seochGroups', ['2'], [[], ['1', '2', '3', '4']], ['0', '5', '', '11', 1], 'MNT-12'],
  [
    'profile.userGroups',
    [],
    [['A', '1', 'AA', '99'], Array.from({ length: 1_296 }, () => 'AA')],
    ['a', '', 'AAA', ' A', 'A ', 1],
    'FLD-06',
  ],
]
const allPaths = [...numbers, ...others, ...lists].map(([path]) => path)

const nest = (path: string, value: unknown): PolicyInput =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as PolicyInput
const at = (policy: unknown, path: string): unknown =>
  path.split('.').reduce((inner, key) => (inner as Readonly<Record<string, unknown>>)[key], policy)
const pathsRefused = (parts: unknown) => {
  const refused = definePolicy(parts as PolicyInput)._unsafeUnwrapErr()
  expect(refused).toMatchObject({ code: 'policy-invalid', rule: 'AUD-04' })
  return [...new Set(refused.problems.map(({ path }) => path))]
}
const everythingFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(everythingFrozen))

describe.each(numbers)('%s', (path, lowest, standard, highest, rule) => {
  test(`${rule}, AUD-04 · is ${standard} by default and must be from ${lowest} to ${highest}`, () => {
    expect(at(defaultPolicy, path)).toBe(standard)
    for (const value of [lowest, highest, undefined])
      expect(at(definePolicy(nest(path, value))._unsafeUnwrap(), path)).toBe(value ?? standard)
  })

  test(`${rule}, AUD-04 · is refused below, above, between whole numbers, and with any other type`, () => {
    const wrong = [
      lowest - 1,
      highest + 1,
      lowest + 0.5,
      -lowest - 1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 53,
    ]
    for (const value of [...wrong, `${standard}`, BigInt(standard), null, true, [standard], {}])
      expect(pathsRefused(nest(path, value))).toEqual([path])
  })
})

describe.each(others)('%s', (path, standard, good, bad, rule) => {
  test(`${rule}, AUD-04 · is ${String(standard)} by default and accepts other valid values`, () => {
    expect(at(defaultPolicy, path)).toBe(standard)
    for (const value of [standard, ...good])
      expect(at(definePolicy(nest(path, value))._unsafeUnwrap(), path)).toBe(value)
  })

  test(`${rule}, AUD-04 · is refused with any other value or type`, () => {
    for (const value of [...bad, 1, null, [standard], {}])
      expect(pathsRefused(nest(path, value))).toEqual([path])
  })
})

describe.each(lists)('%s', (path, standard, good, bad, rule) => {
  test(`${rule}, AUD-04 · is [${standard.join()}] by default and accepts other valid lists`, () => {
    expect(at(defaultPolicy, path)).toEqual(standard)
    for (const value of [standard, ...good])
      expect(at(definePolicy(nest(path, value))._unsafeUnwrap(), path)).toEqual(value)
  })

  test(`${rule}, AUD-04 · is refused with any other value in the list, or as another type`, () => {
    for (const value of bad) {
      expect(pathsRefused(nest(path, [value]))).toEqual([`${path}.0`])
      expect(pathsRefused(nest(path, [...(good.at(-1) ?? []), value]))[0]).toMatch(new RegExp(`^${path}`))
    }
    for (const value of [1, true, null, {}, ...good.flat()])
      expect(pathsRefused(nest(path, value))).toEqual([path])
  })
})

test('FLD-06, AUD-04 · more user groups than there are codes are refused', () => {
  const groups = Array.from({ length: 1_297 }, () => 'AA')
  expect(pathsRefused({ profile: { userGroups: groups } })).toEqual(['profile.userGroups'])
})

test('AUD-04 · the tables above have every field of the policy, with its rule', () => {
  const rules = [...numbers, ...others, ...lists].map((row) => [row[0], row.at(-1)])
  expect(Object.fromEntries(rules)).toEqual(ruleOfField)
})

test.each<[path: string, value: unknown, problem: string]>([
  ['password.minimumLength', 15, 'must be a whole number from 16 to 64, got 15'],
  ['password.minimumLength', 65, 'must be a whole number from 16 to 64, got 65'],
  ['password.minimumLength', 16.5, 'must be a whole number from 16 to 64, got 16.5'],
  ['password.minimumLength', Number.NaN, 'must be a whole number from 16 to 64, got NaN'],
  ['password.minimumLength', '16', 'must be a whole number from 16 to 64, got string'],
  ['password.minimumLength', null, 'must be a whole number from 16 to 64, got object'],
  ['password.specialCharacters', 'a', 'must be ASCII punctuation'],
  ['password.specialCharacters', '!!', 'must not repeat a character'],
  ['totp.issuer', 'a:b', 'must be 1 to 64 characters without a colon'],
  ['dms.makersOnly', ['B01234'], 'must be a User ID'],
  ['dms.checkersOnly', ['B01234'], 'must be a User ID'],
  ['profile.userGroups', ['AAA'], 'must be a user group, e.g. AA'],
])('AUD-04 · the problem of %s: %j is: %s', (path, value, problem) => {
  const { problems } = definePolicy(nest(path, value))._unsafeUnwrapErr()
  expect(problems.map((each) => each.problem)).toEqual([problem])
})

test('AUD-04 · an unknown field is refused by name, at every level', () => {
  const groups = new Set(allPaths.map((path) => path.split('.').slice(0, -1).join('.')))
  for (const group of ['', ...groups]) {
    const parts = group === '' ? { minimumLenght: 1 } : nest(group, { minimumLenght: 1 })
    const { problems } = definePolicy(parts as PolicyInput)._unsafeUnwrapErr()
    expect(problems).toEqual([{ path: group, problem: expect.stringContaining('minimumLenght') }])
  }
  expect(pathsRefused(JSON.parse('{"__proto__":{"lockout":{"failedSignIns":9}}}'))).toEqual([''])
})

test('AUD-04 · every wrong field is named, not only the first', () => {
  const parts = {
    password: { minimumLength: 8, history: -1 },
    lockout: { failedSignIns: 6 },
    totp: { digits: '6' },
  }
  expect(pathsRefused(parts)).toEqual([
    'password.minimumLength',
    'password.history',
    'totp.digits',
    'lockout.failedSignIns',
  ])
})

test('AUD-04 · a value that is not an object is not a policy', () => {
  for (const value of [null, 0, '', 'default', true, [], Symbol('s'), () => ({})])
    expect(pathsRefused(value)).toEqual([''])
  for (const path of allPaths) {
    const group = path.split('.').slice(0, -1).join('.')
    for (const value of [null, 1, 'x', []]) expect(pathsRefused(nest(group, value))).toEqual([group])
  }
})

test('AUD-04 · no policy or an empty one is the default policy', () => {
  for (const parts of [
    undefined,
    {},
    { password: {} },
    { password: undefined },
    { emailCode: { rateLimit: {} } },
  ])
    expect(definePolicy(parts as PolicyInput)._unsafeUnwrap()).toEqual(defaultPolicy)
})

test('PW-08 · history, minimum age and blocklist are off by default', () => {
  expect(defaultPolicy.password).toMatchObject({ history: 0, minimumAgeHours: 0, blocklist: false })
})

const mixed = fc
  .record(
    Object.fromEntries(
      numbers.map(([path, low, , high]) => [path, fc.integer({ min: low - 1, max: high + 1 })]),
    ),
    { requiredKeys: [] },
  )
  .map((fields) => {
    const parts: Record<string, Record<string, unknown>> = {}
    for (const [path, value] of Object.entries(fields)) {
      const [group = '', field = '', inner] = path.split('.')
      const of = parts[group] ?? {}
      const nested = inner === undefined ? value : { ...(of[field] as object | undefined), [inner]: value }
      parts[group] = { ...of, [field]: nested }
    }
    return { fields, parts: parts as PolicyInput }
  })

test('AUD-04 · any mixture is accepted exactly if every field is within its bounds; otherwise each wrong field is named', () => {
  const seen = branches('every field within its bounds', 'one is not', 'several are not')
  fc.assert(
    fc.property(mixed, ({ fields, parts }) => {
      const out = numbers.filter(([path, low, , high]) => {
        const value = fields[path]
        return value !== undefined && (value < low || value > high)
      })
      const which = ['every field within its bounds', 'one is not', 'several are not'] as const
      seen.hit(which[Math.min(out.length, 2)] ?? 'several are not')
      const defined = definePolicy(parts)
      if (defined.isErr())
        expect(defined.error.problems.map(({ path }) => path).sort()).toEqual(
          out.map(([path]) => path).sort(),
        )
      else
        for (const [path, , standard] of numbers)
          expect(at(defined.value, path)).toBe(fields[path] ?? standard)
      expect(defined.isErr()).toBe(out.length > 0)
    }),
    { numRuns: 300 },
  )
  seen.expectAll()
})

test('PW-01, PW-09, LOCK-01, LOCK-02, AUD-04 · no policy can be laxer than the briefing’s own numbers', () => {
  const seen = branches('a policy', 'no policy')
  const anyInteger = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -1, max: 100 }), fc.integer())
  const anyLength = fc.oneof(fc.integer({ min: 16, max: 64 }), anyInteger)
  const stated = fc.tuple(anyLength, anyInteger, anyInteger, anyInteger)
  fc.assert(
    fc.property(stated, ([minimumLength, maximumAgeDays, failedSignIns, otpFailuresPerFailedSignIn]) => {
      const parts = {
        password: { minimumLength, maximumAgeDays },
        lockout: { failedSignIns, otpFailuresPerFailedSignIn },
      }
      const defined = definePolicy(parts)
      if (!seen.either('a policy', 'no policy', defined.isOk())) return
      const policy = defined._unsafeUnwrap()
      expect(policy.password.minimumLength).toBeGreaterThanOrEqual(16)
      expect(policy.password.maximumLength).toBeGreaterThanOrEqual(policy.password.minimumLength)
      expect(policy.password.maximumAgeDays).toBeLessThanOrEqual(90)
      expect(reachesLockout({ passwords: 5, otps: 0 }, policy)).toBe(true)
      expect(reachesLockout({ passwords: 0, otps: 15 }, policy)).toBe(true)
    }),
    { numRuns: 1_000 },
  )
  seen.expectAll()
})

test('AUD-04 · a policy is frozen at every level, and its input is not modified', () => {
  expect(everythingFrozen(defaultPolicy)).toBe(true)
  const parts = { enrolment: { failedAttempts: { max: 4 } } }
  const policy = definePolicy(parts)._unsafeUnwrap()
  expect(everythingFrozen(policy)).toBe(true)
  parts.enrolment.failedAttempts.max = 99
  expect(policy.enrolment.failedAttempts.max).toBe(4)
  expect(() => Object.assign(policy.lockout, { failedSignIns: 99 })).toThrow(TypeError)
  expect(defaultPolicy.lockout.failedSignIns).toBe(5)
})
