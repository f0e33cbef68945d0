/**
 * Set-ups that an outsider blocks or guesses at: the holder and the operator are notified, and an unlock
 * helps.
 */
import { expect, test } from 'vitest'
import type { Mail } from '../../src/index.ts'
import { codeOf, good, type TestService, testService } from '../support/test-service.ts'
import {
  initialised,
  mailed,
  passwordSet,
  registered,
  unlocked,
  user,
  view,
  wrong,
} from '../support/user-journeys.ts'

const told = ({ mailer }: TestService) =>
  mailer.mails.filter(
    (mail): mail is Extract<Mail, { type: 'enrolment-blocked' }> => mail.type === 'enrolment-blocked',
  )

/** Enters wrong codes until the set-up is aborted: three for each requested code. */
const spent = async (service: TestService, userId: string, times = 10) => {
  for (let given = 0; given < times; given += 3) {
    const { challenge } = await good(service.auth.passwordSetUp.begin({ userId }))
    const code = wrong(mailed(service, userId))
    for (let i = given; i < Math.min(given + 3, times); i++)
      expect(await codeOf(service.auth.passwordSetUp.confirmCode({ challenge, code }))).toBe('code-refused')
  }
}

test('LOCK-15 · after ten wrong codes the holder is notified without a further call, the registry shows the block, and an unlock ends it', async () => {
  const service = testService()
  await initialised(service)
  await spent(service, user)
  const until = service.clock.now() + 86_400_000
  expect(await view(service, { userId: user })).toMatchObject({ enrolmentBlockedUntil: { password: until } })
  const blocked = () => told(service).filter((mail) => mail.until === until)
  await expect.poll(blocked).toHaveLength(1)
  expect(blocked()).toMatchObject([
    { userId: user, to: `${user.toLowerCase()}@example.com`, purpose: 'password' },
  ])
  await unlocked(service, { userId: user })
  expect(await view(service, { userId: user })).not.toHaveProperty('enrolmentBlockedUntil')
  await passwordSet(service, user, 'Another-Horse-9!')
})

test('LOCK-15 · after five requests for a code the holder is notified, with the duration', async () => {
  const service = testService()
  await registered(service, user)
  for (let i = 0; i < 4; i++) await good(service.auth.passwordSetUp.begin({ userId: user }))
  expect(await view(service, { userId: user })).not.toHaveProperty('enrolmentBlockedUntil')
  await good(service.auth.passwordSetUp.begin({ userId: user }))
  const until = service.clock.now() + 900_000
  expect(await view(service, { userId: user })).toMatchObject({ enrolmentBlockedUntil: { password: until } })
  await expect.poll(() => told(service)).toHaveLength(1)
  service.clock.set(until)
  expect(await view(service, { userId: user })).not.toHaveProperty('enrolmentBlockedUntil')
})

test('LOCK-15, OTP-06 · a set-up code has 8 digits and is void after three wrong entries, unless the policy says otherwise', async () => {
  const service = testService()
  await registered(service, user)
  const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  const code = mailed(service, user)
  expect(code).toMatch(/^\d{8}$/)
  for (let i = 0; i < 3; i++) await service.auth.passwordSetUp.confirmCode({ challenge, code: wrong(code) })
  expect(await codeOf(service.auth.passwordSetUp.confirmCode({ challenge, code }))).toBe('code-refused')

  const tuned = testService({ policy: { enrolment: { codeDigits: 6, attemptsPerCode: 5 } } })
  await registered(tuned, user)
  const again = (await good(tuned.auth.passwordSetUp.begin({ userId: user }))).challenge
  const short = mailed(tuned, user)
  expect(short).toMatch(/^\d{6}$/)
  for (let i = 0; i < 4; i++)
    await tuned.auth.passwordSetUp.confirmCode({ challenge: again, code: wrong(short) })
  expect(await codeOf(tuned.auth.passwordSetUp.confirmCode({ challenge: again, code: short }))).toBe('ok')
})

test('LOCK-15 · a few guesses at each of many accounts raise one alarm in each period', async () => {
  const service = testService({ policy: { enrolment: { alarm: { max: 12, perSeconds: 3_600 } } } })
  const alarms = () =>
    service.faults.filter(({ error }) => String(error).includes('over all accounts')).length
  const guess = async (from: number, accounts: number) => {
    for (let i = from; i < from + accounts; i++) {
      const userId = `B01234${String(i).padStart(2, '0')}`
      await registered(service, userId)
      await spent(service, userId, 2)
    }
  }
  await guess(10, 5)
  expect(alarms()).toBe(0)
  await guess(15, 5)
  expect(alarms()).toBe(1)
  service.clock.pass(3_600_000)
  await guess(20, 6)
  expect(alarms()).toBe(2)
})

test('LOCK-15, PRI-01 · the alarm counts the guesses of callers with a request context too, from any source', async () => {
  const service = testService({ policy: { enrolment: { alarm: { max: 12, perSeconds: 3_600 } } } })
  for (let i = 10; i < 16; i++) {
    const userId = `B01234${i}`
    await registered(service, userId)
    const { challenge } = await good(service.auth.passwordSetUp.begin({ userId }))
    const code = wrong(mailed(service, userId))
    for (let n = 0; n < 2; n++)
      await service.auth.passwordSetUp.confirmCode({ challenge, code, context: { source: `192.0.2.${i}` } })
  }
  expect(service.faults).toMatchObject([
    { port: 'library', error: { message: expect.stringContaining('over all accounts') } },
  ])
})
