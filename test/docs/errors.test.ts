/** docs/errors.md: every refusal is documented from its union, with the operations that return it. */
import { expect, test } from 'vitest'
import { documentedRefusals, operationsOf, refusalsIn } from '../../docs/generate/errors.ts'
import { errorsPage } from '../../docs/generate/errors-page.ts'
import { refusalGuides } from '../../docs/generate/refusal-guides.ts'
import { readTree } from '../../docs/generate/tree.ts'
import { defaultPolicy, operationNames } from '../../src/index.ts'

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
  expect(operations.filter(({ codes: own }) => own.length === 0)).toEqual([])
  const begin = operations.find(({ name }) => name === 'signIn.begin')?.codes ?? []
  expect(begin).toEqual(expect.arrayContaining(['sign-in-refused', 'rate-limited', 'busy', 'port-failed']))
  expect(begin).not.toContain('request-not-open')
}, 60_000)

test('API-04 · the doc comment of each operation names exactly the codes of its type', () => {
  for (const { name, codes: typed, documented } of operationsOf(codes)) {
    // Every operation can return it, so no comment repeats it.
    const own = typed.filter((code) => code !== 'internal-error')
    expect([...new Set(documented.flat())].sort(), name).toEqual([...own].sort())
  }
}, 60_000)

test('API-02 · every operation that a doc comment or a page names exists', () => {
  const fields = new Set(
    Object.entries(defaultPolicy).flatMap(([part, of]) => Object.keys(of).map((name) => `${part}.${name}`)),
  )
  const parts = new Set(operationNames.map((name) => name.split('.')[0]))
  const texts = [...readTree('src', '.ts'), ...readTree('docs', '.md')]
  const named = texts.flatMap(({ path, text }) =>
    [...text.matchAll(/`(?:auth\.)?([a-zA-Z]+)\.([a-zA-Z]+)`/g)]
      .filter(([, part = '']) => parts.has(part))
      .map(([, part, operation]) => ({ path, name: `${part}.${operation}` })),
  )
  expect(named.length).toBeGreaterThan(400)
  expect(
    named.filter(({ name }) => !fields.has(name) && !operationNames.some((each) => each === name)),
  ).toEqual([])
})

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
