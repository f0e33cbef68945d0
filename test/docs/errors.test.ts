/** docs/errors.md: every refusal is documented from its union, with the operations that return it. */
import { expect, test } from 'vitest'
import { documentedRefusals, operationsOf, refusalsIn } from '../../docs/generate/errors.ts'
import { errorsPage } from '../../docs/generate/errors-page.ts'
import { refusalGuides } from '../../docs/generate/refusal-guides.ts'

const codes = Object.keys(refusalGuides)

test('LOCK-11 · every refusal code has a meaning, a status and a text, and no text suggests the reason', () => {
  expect(documentedRefusals(codes).map(({ code }) => code)).toEqual(codes)
  for (const [code, { status, show }] of Object.entries(refusalGuides)) {
    expect(status, code).toBeGreaterThanOrEqual(400)
    expect(status, code).toBeLessThanOrEqual(503)
    expect(show, code).toMatch(/[.)]$/)
  }
  expect(refusalGuides['sign-in-refused'].show).not.toMatch(/locked|disabled|unknown|expired/)
})

test('API-02 · every operation returns at least one documented code', () => {
  const operations = operationsOf(codes)
  expect(operations.length).toBeGreaterThan(40)
  const untyped = operations.filter(({ codes: own }) => own.length === 0).map(({ name }) => name)
  // The operations of eServices still have the whole union as their error type.
  expect(untyped.filter((name) => !name.startsWith('eservices.'))).toEqual([])
  const begin = operations.find(({ name }) => name === 'signIn.begin')?.codes ?? []
  expect(begin).toEqual(expect.arrayContaining(['sign-in-refused', 'rate-limited', 'busy', 'port-failed']))
  expect(begin).not.toContain('request-not-open')
}, 60_000)

test('a union is read with its comments, rules and facts, and an undocumented code throws', () => {
  const text = `type A =
  /** Too late. */
  | { readonly code: 'late'; readonly rule: 'OTP-06' | 'OTP-07'; readonly at: number }
  /** By the case. */
  | { readonly code: 'case'; readonly rule: RuleId }
/**
 * Of its own.
 *
 * @category Refusals
 */
interface Own {
  readonly code: 'own'
  readonly rule: 'OTP-08'
}`
  expect(refusalsIn({ path: 'src/a.ts', text })).toEqual([
    { code: 'late', meaning: 'Too late.', rules: ['OTP-06', 'OTP-07'], facts: ['at'] },
    { code: 'case', meaning: 'By the case.', rules: [], facts: [] },
    { code: 'own', meaning: 'Of its own.', rules: ['OTP-08'], facts: [] },
  ])
  expect(() => documentedRefusals(['no-such-code'])).toThrow('no union documents the refusal no-such-code')
})

test('the page shows a code with its rule, status, text and operations', () => {
  const page = errorsPage({
    refusals: [{ code: 'late', meaning: 'Too late.', rules: ['OTP-06'], facts: ['at'] }],
    operations: [{ name: 'signIn.begin', codes: ['late'] }],
    guides: { late: { status: 410, show: 'Please ask for another code.' } },
  })
  expect(page).toContain(
    '| [`late`](#late) | [OTP-06](rulebook.md#otp-06) | 410 | Please ask for another code. |',
  )
  expect(page).toContain('- **Returned by:** `signIn.begin`')
})
