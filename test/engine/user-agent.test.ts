/** The User-Agent header, which the client writes: no text in it refuses a call. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPrintable } from '../../src/fields/text.ts'
import { good, testService } from '../support/test-service.ts'

const userId = 'B0123401'
const source = '192.0.2.7'

/** What the trail records of a registration that comes with this header. */
const recorded = async (userAgent: string | undefined) => {
  const { auth } = testService()
  const profile = { userId, role: 'User', origin: 'created', by: 'HKEX' } as const
  await good(auth.registry.register({ ...profile, context: { source, userAgent } }))
  const [entry] = await good(auth.audit.trail({ userId }))
  return entry?.context
}

test('PRI-01 · a usual user agent is recorded as it is', async () => {
  expect(await recorded('Mozilla/5.0 (X11)')).toEqual({ source, userAgent: 'Mozilla/5.0 (X11)' })
})

test('PRI-01 · controls and invisible characters of a user agent are dropped, and its first 1,024 characters count', async () => {
  expect(await recorded('a\u0000b\u202ec\nd')).toEqual({ source, userAgent: 'abcd' })
  expect(await recorded(`${'x'.repeat(1_024)}y`)).toEqual({ source, userAgent: 'x'.repeat(1_024) })
  // The pair is cut in two, and half of it is no character.
  expect(await recorded(`${'x'.repeat(1_023)}😀`)).toEqual({ source, userAgent: 'x'.repeat(1_023) })
})

test('PRI-01 · without a user agent, or with one of which nothing remains, none is recorded', async () => {
  for (const nothing of [undefined, '', '\u0000']) expect(await recorded(nothing)).toEqual({ source })
})

test('PRI-01, API-01 · no user agent refuses a call', async () => {
  const { auth } = testService()
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 2_000 }), fc.string({ unit: 'grapheme' }))
  await fc.assert(
    fc.asyncProperty(text, async (userAgent) => {
      const begun = await auth.passwordSetUp.begin({ userId, context: { source, userAgent } })
      expect(begun.isOk()).toBe(true)
    }),
  )
  const entries = await good(auth.audit.refusals({ userId, limit: 1_000 }))
  const kept = entries.flatMap(({ context }) =>
    typeof context === 'object' && context.userAgent !== undefined ? [context.userAgent] : [],
  )
  expect(kept.length).toBeGreaterThan(0)
  for (const each of kept) expect(isPrintable(each) && each.length <= 1_024).toBe(true)
})
