import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { definePolicy } from '../../src/policy/define.ts'
import { policyOverrides, ruleOfField } from '../../src/policy/overrides.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { rulebook, ruleOf } from '../../src/policy/rulebook.ts'

/** Every field of a tree with its path, in order. */
const leaves = (tree: object, at = ''): readonly [path: string, value: unknown][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && !Array.isArray(value)
      ? leaves(value, `${at}${key}.`)
      : [[at + key, value] as [string, unknown]],
  )

const within = (min: number, max: number) => fc.integer({ min, max })
const some = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { requiredKeys: [] })
const anyParts = some({
  userId: some({ seochAdministratorOrder: fc.constantFrom('as-example' as const, 'as-written' as const) }),
  password: some({
    minimumLength: within(16, 64),
    maximumLength: within(64, 1_024),
    specialCharacters: fc.constantFrom('!@#%&*()', '!@#$%^&*()', ')(*&%#@!'),
    maximumAgeDays: within(1, 90),
    minimumAgeHours: within(0, 168),
    history: within(0, 24),
    blocklist: fc.boolean(),
  }),
  totp: some({
    issuer: fc.constantFrom('CCASS/CCMS', 'CCASS', 'Test'),
    algorithm: fc.constantFrom('SHA1' as const, 'SHA256' as const, 'SHA512' as const),
    digits: within(6, 8),
    periodSeconds: within(15, 120),
    windowSteps: within(0, 2),
  }),
  emailCode: some({
    digits: within(6, 8),
    validSeconds: within(60, 900),
    rateLimit: some({ max: within(1, 100), perSeconds: within(60, 604_800) }),
  }),
  lockout: some({
    failedSignIns: within(1, 5),
    otpFailuresPerFailedSignIn: within(1, 3),
    blocksSmartcard: fc.boolean(),
  }),
  enrolment: some({ failedAttempts: some({ max: within(1, 100), perSeconds: within(60, 604_800) }) }),
  challenge: some({ validSeconds: within(60, 3_600), maxOpen: within(1, 64) }),
  deviceChange: some({ verifiedBy: fc.constantFrom('old-device' as const, 'password' as const) }),
  session: some({ validSeconds: within(60, 86_400) }),
  dms: some({
    onePersonParticipants: fc.subarray(['B01234', 'BNK999', 'HKABC']),
    requestValidSeconds: within(60, 2_592_000),
    authorisationCode: some({
      digits: within(6, 10),
      validSeconds: within(30, 900),
      failedAttempts: within(1, 5),
    }),
  }),
  migration: some({
    administratorLookalikes: fc.constantFrom('refuse' as const, 'admit' as const),
    expiredCertificates: fc.constantFrom('block' as const, 'warn' as const),
  }),
  eservice: some({ maxAdministratorProfiles: within(1, 4) }),
})

test('AUD-04 · the default policy has no overrides', () => {
  expect(policyOverrides(defaultPolicy)).toEqual([])
  expect(policyOverrides(definePolicy()._unsafeUnwrap())).toEqual([])
})

test('AUD-04 · an override names the field, the rule, the kind of source and both values', () => {
  const policy = definePolicy({ lockout: { failedSignIns: 3 }, password: { history: 5, blocklist: true } })
  expect(policyOverrides(policy._unsafeUnwrap())).toEqual([
    { path: 'password.history', rule: 'PW-08', kind: 'interpretation', value: 5, default: 0 },
    { path: 'password.blocklist', rule: 'PW-08', kind: 'interpretation', value: true, default: false },
    { path: 'lockout.failedSignIns', rule: 'LOCK-01', kind: 'stated', value: 3, default: 5 },
  ])
})

test('AUD-04 · for any policy the overrides are exactly the fields that differ from the default, in order', () => {
  fc.assert(
    fc.property(anyParts, (parts) => {
      const policy = definePolicy(parts)._unsafeUnwrap()
      const standard = new Map(leaves(defaultPolicy))
      const differing = leaves(policy).filter(
        ([path, value]) => JSON.stringify(standard.get(path)) !== JSON.stringify(value),
      )
      const listed = policyOverrides(policy)
      expect(listed.map((one) => [one.path, one.value])).toEqual(differing)
      for (const one of listed) {
        expect(one.default).toBe(standard.get(one.path))
        expect(one.rule).toBe(ruleOfField[one.path])
        expect(one.kind).toBe(rulebook.find(({ id }) => id === one.rule)?.kind)
      }
    }),
  )
})

test('AUD-04 · every field of the policy, and nothing else, has its rule', () => {
  expect(Object.keys(ruleOfField)).toEqual(leaves(defaultPolicy).map(([path]) => path))
})

test('AUD-04 · a field carries a tunable interpretation, or a stated number that can only be made stricter', () => {
  const ofStated = Object.entries(ruleOfField).filter(([, rule]) => !ruleOf(rule).tunable)
  expect(ofStated).toEqual([
    ['password.minimumLength', 'PW-01'],
    ['password.maximumAgeDays', 'PW-09'],
    ['lockout.failedSignIns', 'LOCK-01'],
    ['lockout.otpFailuresPerFailedSignIn', 'LOCK-02'],
    ['eservice.maxAdministratorProfiles', 'ESV-05'],
  ])
  for (const [, rule] of ofStated) expect(ruleOf(rule).kind).toBe('stated')
})

test('AUD-05 · the rulebook contains exactly the numbered rules, each once, in order', () => {
  const source = readFileSync(new URL('../../src/kernel/rule-id.ts', import.meta.url), 'utf8')
  const numbered = [...source.matchAll(/'([A-Z]+-\d\d)'/g)].map(([, id]) => id)
  expect(rulebook.map(({ id }) => id)).toEqual(numbered)
  expect(new Set(numbered).size).toBe(numbered.length)
})

test('AUD-05 · the numbers of a family start at 01 and have no gap', () => {
  const families = new Set(rulebook.map(({ id }) => id.slice(0, -3)))
  for (const family of families) {
    const numbers = rulebook.map(({ id }) => id).filter((id) => id.startsWith(`${family}-`))
    expect(numbers).toEqual(numbers.map((_, i) => `${family}-${`${i + 1}`.padStart(2, '0')}`))
  }
})

test('AUD-05 · every rule has a statement and a source; a stated rule is not tunable', () => {
  for (const rule of rulebook) {
    expect(ruleOf(rule.id)).toEqual(rule)
    expect(rule.statement).toMatch(/\S{3}/)
    expect(rule.source).toMatch(/\S{3}/)
    expect(rule.kind === 'stated' && (rule.tunable || /silent|our interpretation/.test(rule.source))).toBe(
      false,
    )
  }
  expect(Object.isFrozen(rulebook) && rulebook.every(Object.isFrozen)).toBe(true)
})

/** The titles of the briefing's slides, as sources name them. */
const slides = [
  'Overview',
  'Timeline',
  'DAs',
  'Users',
  'Users Migration',
  'Implementation Approach',
  'Set up password',
  'Set up OTP Channel',
  'On-going login',
  'Important Information',
  'Checklist',
  'Appendix 1',
  'Appendix 2',
]

test('AUD-05 · a stated rule names the slides that state it', () => {
  const named = rulebook
    .filter(({ kind }) => kind === 'stated')
    .map(({ id, source }) => ({ id, first: source.split(/;|,| and |\(/)[0]?.trim() ?? '' }))
  expect(named.filter(({ first }) => !slides.includes(first))).toEqual([])
})

test.each([
  ['ACC-02', 'gcc-compliance.com/'],
  ['LOCK-02', 'docs.pingidentity.com/'],
  ['DMS-07', 'www.hkex.com.hk/Services/Clearing/'],
  ...['ESV-01', 'ESV-08', 'ESV-12', 'ESV-15'].map(
    (id) => [id, 'www.hkex.com.hk/Services/Platform-Services/Client-Connect/FAQ'] as const,
  ),
] as const)('AUD-05 · %s names the public document that confirms it', (id, address) => {
  expect(rulebook.find((rule) => rule.id === id)?.source).toContain(address)
})
