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
const heard = async (service: TestService) => {
  await good(service.auth.outbox.deliver())
  const told = service.mailer.mails
    .slice(seen.get(service) ?? 0)
    .filter(
      (mail): mail is Extract<Notice, { type: 'credential-changed' }> => mail.type === 'credential-changed',
    )
  seen.set(service, service.mailer.mails.length)
  return told.map(({ to, change }) => `${change} → ${to}`)
}
const seen = new WeakMap<TestService, number>()

const toHolder = (...changes: readonly string[]) => changes.map((change) => `${change} → ${address}`)

describe('ACC-17 · the holder is notified by email', () => {
  test('of a new password and of a new channel separately, with User ID and instant', async () => {
    const service = testService()
    await registered(service, user)
    expect(await heard(service)).toEqual([])
    const password = await passwordSet(service, user)
    expect(await heard(service)).toEqual(toHolder('password-set'))
    expect(service.mailer.mails.at(-1)).toEqual({
      type: 'credential-changed',
      to: address,
      userId: user,
      change: 'password-set',
      at: morning,
    })
    const { challenge } = await begun(service, { userId: user, password })
    expect(await heard(service)).toEqual([])
    await channelSet(service, challenge, user, 'MobileApp')
    expect(await heard(service)).toEqual(toHolder('channel-set'))
  })

  test('not of a sign-in, a wrong password or a requested code', async () => {
    const service = testService()
    const person = await initialised(service)
    await heard(service)
    await wrongPasswords(service, person, 2)
    await loggedIn(service, person)
    await good(service.auth.passwordSetUp.begin({ userId: user }))
    expect(await heard(service)).toEqual([])
  })

  test('of a changed password, by choice and after its expiry', async () => {
    const service = testService()
    const person = await initialised(service)
    const session = await loggedIn(service, person)
    await heard(service)
    const fresh = { password: another(1), confirmation: another(1) }
    await good(service.auth.selfService.changePassword({ session, current: person.password, ...fresh }))
    expect(await heard(service)).toEqual(toHolder('password-changed'))
    service.clock.pass(ninetyDays)
    const { challenge } = await begun(service, { ...person, password: another(1) })
    await good(
      service.auth.passwordSetUp.complete({ challenge, password: another(2), confirmation: another(2) }),
    )
    expect(await heard(service)).toEqual(toHolder('password-changed'))
  })

  test('of a password reset with Forgot/Reset', async () => {
    const service = testService()
    await initialised(service)
    await heard(service)
    await passwordSet(service, user, another(1))
    expect(await heard(service)).toEqual(toHolder('password-reset'))
  })

  test('of another device when it is enrolled, and not when it is requested', async () => {
    const service = testService()
    const person = await initialised(service)
    const session = await loggedIn(service, person)
    await heard(service)
    await good(service.auth.selfService.changeDevice({ session }))
    expect(await heard(service)).toEqual([])
    const { challenge } = await begun(service, person)
    const proved = await good(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
    if (proved.next !== 'enrolOtp') throw new Error(proved.next)
    await channelSet(service, proved.challenge, user, 'Email')
    expect(await heard(service)).toEqual(toHolder('channel-changed'))
  })

  test('of an unlock or a reset by another person', async () => {
    const service = testService()
    await initialised(service)
    await heard(service)
    await good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))
    expect(await heard(service)).toEqual(toHolder('reset-by-administrator'))
  })

  test('of another email at the former and the new address, and later only at the new one', async () => {
    const service = testService()
    await initialised(service)
    await heard(service)
    const email = (to: string | null) =>
      good(service.auth.registry.change({ userId: user, by: 'HKEX', changes: { email: to } }))
    await email('new@example.com')
    expect(await heard(service)).toEqual([`email-changed → ${address}`, 'email-changed → new@example.com'])
    await good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))
    expect(await heard(service)).toEqual(['reset-by-administrator → new@example.com'])
    await email('new@example.com')
    expect(await heard(service)).toEqual([])
    await email(null)
    expect(await heard(service)).toEqual(['email-changed → new@example.com'])
    await good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))
    expect(await heard(service)).toEqual([])
    await email('first@example.com')
    expect(await heard(service)).toEqual([])
  })

  test('not of a changed status or name, which are not credentials', async () => {
    const service = testService()
    await initialised(service)
    await heard(service)
    const changes = { status: 'DISABLED', surname: 'CHAN' } as const
    await good(service.auth.registry.change({ userId: user, by: 'HKEX', changes }))
    expect(await heard(service)).toEqual([])
  })

  test('until the mail server accepts the notice, with the same identifier at each attempt', async () => {
    const ids: (string | undefined)[] = []
    let down = true
    const service = testService({
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
    await registered(service, user)
    await passwordSet(service, user)
    for (let tries = 0; tries < 2; tries++) {
      await good(service.auth.outbox.deliver())
      service.clock.pass(60_000) // what could not be sent is tried again then
    }
    down = false
    expect(await heard(service)).toEqual(toHolder('password-set'))
    expect(ids.length).toBeGreaterThanOrEqual(2)
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toMatch(/^[0-9a-f]{32}-0$/)
    expect(mailed(service, user)).toMatch(/^\d{8}$/)
  })
})

test('ACC-17 · the policy can disable the notices; the notice of a lock is always sent', async () => {
  const service = testService({ policy: { notices: { credentialChanges: false } } })
  const person = await initialised(service)
  await wrongPasswords(service, person, 5)
  await good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))
  await good(service.auth.outbox.deliver())
  expect(service.mailer.mails.map(({ type }) => type).filter((type) => type !== 'code')).toEqual([
    'account-locked',
  ])
})
