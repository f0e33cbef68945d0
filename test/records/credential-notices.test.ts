/** The holder is notified of every change to a credential. */
import { describe, expect, test } from 'vitest'
import type { Notice } from '../../src/ports/mailer.ts'
import { good, morning, ninetyDays, type TestService, testService } from '../support/test-service.ts'
import {
  another,
  begun,
  channelSet,
  initialised,
  loggedIn,
  mailed,
  passwordSet,
  registered,
  user,
  wrongPasswords,
} from '../support/user-journeys.ts'

const address = `${user.toLowerCase()}@example.com`

/** The recipient and change of each notice since the last call. */
const heard = async (w: TestService) => {
  await good(w.auth.outbox.deliver())
  const told = w.mailer.mails
    .slice(seen.get(w) ?? 0)
    .filter(
      (mail): mail is Extract<Notice, { type: 'credential-changed' }> => mail.type === 'credential-changed',
    )
  seen.set(w, w.mailer.mails.length)
  return told.map(({ to, change }) => `${change} → ${to}`)
}
const seen = new WeakMap<TestService, number>()

const toHolder = (...changes: readonly string[]) => changes.map((change) => `${change} → ${address}`)

describe('ACC-17 · the holder is notified by email', () => {
  test('of a new password and of a new channel separately, with User ID and instant', async () => {
    const w = testService()
    await registered(w, user)
    expect(await heard(w)).toEqual([])
    const password = await passwordSet(w, user)
    expect(await heard(w)).toEqual(toHolder('password-set'))
    expect(w.mailer.mails.at(-1)).toEqual({
      type: 'credential-changed',
      to: address,
      userId: user,
      change: 'password-set',
      at: morning,
    })
    const { challenge } = await begun(w, { userId: user, password })
    expect(await heard(w)).toEqual([])
    await channelSet(w, challenge, user, 'MobileApp')
    expect(await heard(w)).toEqual(toHolder('channel-set'))
  })

  test('not of a sign-in, a wrong password or a requested code', async () => {
    const w = testService()
    const person = await initialised(w)
    await heard(w)
    await wrongPasswords(w, person, 2)
    await loggedIn(w, person)
    await good(w.auth.passwordSetUp.begin({ userId: user }))
    expect(await heard(w)).toEqual([])
  })

  test('of a changed password, by choice and after its expiry', async () => {
    const w = testService()
    const person = await initialised(w)
    const session = await loggedIn(w, person)
    await heard(w)
    const fresh = { password: another(1), confirmation: another(1) }
    await good(w.auth.selfService.changePassword({ session, current: person.password, ...fresh }))
    expect(await heard(w)).toEqual(toHolder('password-changed'))
    w.clock.pass(ninetyDays)
    const { challenge } = await begun(w, { ...person, password: another(1) })
    await good(w.auth.passwordSetUp.complete({ challenge, password: another(2), confirmation: another(2) }))
    expect(await heard(w)).toEqual(toHolder('password-changed'))
  })

  test('of a password reset with Forgot/Reset', async () => {
    const w = testService()
    await initialised(w)
    await heard(w)
    await passwordSet(w, user, another(1))
    expect(await heard(w)).toEqual(toHolder('password-reset'))
  })

  test('of another device when it is enrolled, and not when it is requested', async () => {
    const w = testService()
    const person = await initialised(w)
    const session = await loggedIn(w, person)
    await heard(w)
    await good(w.auth.selfService.changeDevice({ session }))
    expect(await heard(w)).toEqual([])
    const { challenge } = await begun(w, person)
    const proved = await good(w.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
    if (proved.next !== 'enrolOtp') throw new Error(proved.next)
    await channelSet(w, proved.challenge, user, 'Email')
    expect(await heard(w)).toEqual(toHolder('channel-changed'))
  })

  test('of an unlock or a reset by another person', async () => {
    const w = testService()
    await initialised(w)
    await heard(w)
    await good(w.auth.registry.unlock({ userId: user, by: 'HKEX' }))
    expect(await heard(w)).toEqual(toHolder('reset-by-administrator'))
  })

  test('of another email at the former and the new address, and later only at the new one', async () => {
    const w = testService()
    await initialised(w)
    await heard(w)
    const email = (to: string | null) =>
      good(w.auth.registry.change({ userId: user, by: 'HKEX', changes: { email: to } }))
    await email('new@example.com')
    expect(await heard(w)).toEqual([`email-changed → ${address}`, 'email-changed → new@example.com'])
    await good(w.auth.registry.unlock({ userId: user, by: 'HKEX' }))
    expect(await heard(w)).toEqual(['reset-by-administrator → new@example.com'])
    await email('new@example.com')
    expect(await heard(w)).toEqual([])
    await email(null)
    expect(await heard(w)).toEqual(['email-changed → new@example.com'])
    await good(w.auth.registry.unlock({ userId: user, by: 'HKEX' }))
    expect(await heard(w)).toEqual([])
    await email('first@example.com')
    expect(await heard(w)).toEqual([])
  })

  test('not of a changed status or name, which are not credentials', async () => {
    const w = testService()
    await initialised(w)
    await heard(w)
    const changes = { status: 'DISABLED', surname: 'CHAN' } as const
    await good(w.auth.registry.change({ userId: user, by: 'HKEX', changes }))
    expect(await heard(w)).toEqual([])
  })

  test('until the mail server accepts the notice, with the same identifier at each attempt', async () => {
    const ids: (string | undefined)[] = []
    let down = true
    const w = testService({
      between: (ports) => ({
        ...ports,
        mailer: {
          send: async (mail, id) => {
            if (mail.type !== 'code') ids.push(id)
            return down && mail.type !== 'code' ? 'try-again' : ports.mailer.send(mail)
          },
        },
      }),
    })
    await registered(w, user)
    await passwordSet(w, user)
    for (let tries = 0; tries < 2; tries++) {
      await good(w.auth.outbox.deliver())
      w.clock.pass(60_000) // what could not be sent is tried again then
    }
    down = false
    expect(await heard(w)).toEqual(toHolder('password-set'))
    expect(ids.length).toBeGreaterThanOrEqual(2)
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toMatch(/^[0-9a-f]{32}-0$/)
    expect(mailed(w, user)).toMatch(/^\d{8}$/)
  })
})

test('ACC-17 · the policy can disable the notices; the notice of a lock is always sent', async () => {
  const w = testService({ policy: { notices: { credentialChanges: false } } })
  const person = await initialised(w)
  await wrongPasswords(w, person, 5)
  await good(w.auth.registry.unlock({ userId: user, by: 'HKEX' }))
  await good(w.auth.outbox.deliver())
  expect(w.mailer.mails.map(({ type }) => type).filter((type) => type !== 'code')).toEqual(['account-locked'])
})
