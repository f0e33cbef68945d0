/**
 * When an account's email was registered: later events of the account keep it, and removing the email clears
 * it.
 */
import { expect, test } from 'vitest'
import { HOUR } from '../../src/kernel/instant.ts'
import { good, recordOf, type TestService, testService } from '../support/test-service.ts'
import { locked, registered, setUp, user } from '../support/user-journeys.ts'

const since = async (w: TestService) =>
  ((await recordOf(w, user))?.state as { readonly emailRegisteredAt?: number } | undefined)?.emailRegisteredAt

const by = 'HKEX'

test('MIG-02 · an email that replaces another keeps the first registration date; a first email gets its own date', async () => {
  const w = testService()
  await registered(w, user, { email: null })
  expect(await since(w)).toBeUndefined()
  const first = w.clock.now()
  await good(w.auth.registry.change({ userId: user, by, changes: { email: 'first@bank.example' } }))
  expect(await since(w)).toBe(first)
  w.clock.pass(HOUR)
  await good(w.auth.registry.change({ userId: user, by, changes: { email: 'other@bank.example' } }))
  expect(await since(w)).toBe(first)
  w.clock.pass(HOUR)
  await good(w.auth.registry.change({ userId: user, by, changes: { surname: 'LEE' } }))
  expect(await since(w)).toBe(first)
  await good(w.auth.registry.change({ userId: user, by, changes: { email: null } }))
  expect(await since(w)).toBeUndefined()
  w.clock.pass(HOUR)
  await good(w.auth.registry.change({ userId: user, by, changes: { email: 'third@bank.example' } }))
  expect(await since(w)).toBe(first + 3 * HOUR)
})

test('MIG-02, ACC-08 · a lock, an unlock and a reset keep the registration date of the email', async () => {
  const w = testService()
  const first = w.clock.now()
  await registered(w, user, { email: null })
  await good(w.auth.registry.change({ userId: user, by, changes: { email: 'first@bank.example' } }))
  w.clock.pass(HOUR)
  await locked(w, await setUp(w, user, 'MobileApp'))
  expect((await recordOf(w, user))?.state).toMatchObject({ stage: 'Locked', emailRegisteredAt: first })
  w.clock.pass(HOUR)
  await good(w.auth.registry.unlock({ userId: user, by }))
  expect((await recordOf(w, user))?.state).toMatchObject({ stage: 'Registered', emailRegisteredAt: first })
})
