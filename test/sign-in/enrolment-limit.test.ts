/** Wrong codes of a set-up or reset are counted in a separate budget. */
import { expect, test } from 'vitest'
import { codeOf, count, good, lastReason, refusal, testService } from '../support/test-service.ts'
import {
  another,
  begun,
  initialised,
  mailed,
  passwordSet,
  registered,
  user,
  view,
  wrong,
} from '../support/user-journeys.ts'

test('LOCK-10 · ten wrong set-up codes a day are allowed by their own limit: they end the reset and lock no account', async () => {
  const w = testService()
  const person = await initialised(w)
  const { passwordSetUp } = w.auth
  const guess = async (challenge: string) =>
    codeOf(passwordSetUp.confirmCode({ challenge, code: wrong(mailed(w, user)) }))
  const began = w.clock.now()
  const { challenge: first } = await good(passwordSetUp.begin({ userId: user }))
  for (let i = 0; i < 6; i++) expect(await guess(first)).toBe('code-refused')
  const { challenge } = await good(passwordSetUp.begin({ userId: user }))
  for (let i = 0; i < 4; i++) expect(await guess(challenge)).toBe('code-refused')
  expect(await count(w, user, 'EnrolmentAborted')).toBe(1)
  expect(await codeOf(passwordSetUp.confirmCode({ challenge, code: mailed(w, user) }))).toBe('code-refused')
  expect(await count(w, user, 'EnrolmentCodeRejected')).toBe(10)
  expect(await view(w, person)).toMatchObject({ locked: false, failedAttempts: { failedSignIns: 0 } })

  const sent = w.mailer.mails.length
  await good(passwordSetUp.begin({ userId: user }))
  expect([w.mailer.mails.length, await lastReason(w, user)]).toEqual([sent, 'too-many-enrolment-attempts'])
  w.clock.set(began + 86_400_000 - 1)
  await good(passwordSetUp.begin({ userId: user }))
  expect(w.mailer.mails.length).toBe(sent)
  w.clock.set(began + 86_400_000)
  await passwordSet(w, user, another(1))
})

test('LOCK-10 · a reset that is already verified continues although others have exhausted the limit', async () => {
  const w = testService()
  await initialised(w)
  const { passwordSetUp } = w.auth
  const { challenge: honest } = await good(passwordSetUp.begin({ userId: user }))
  await good(passwordSetUp.confirmCode({ challenge: honest, code: mailed(w, user) }))
  const { challenge } = await good(passwordSetUp.begin({ userId: user }))
  for (let i = 0; i < 10; i++) await passwordSetUp.confirmCode({ challenge, code: wrong(mailed(w, user)) })
  expect(
    await codeOf(
      passwordSetUp.complete({ challenge: honest, password: another(1), confirmation: another(1) }),
    ),
  ).toBe('ok')
})

test('LOCK-10 · the refusal of wrong channel codes gives the waiting time, and the sign-in count does not change', async () => {
  const w = testService()
  await registered(w, user)
  const password = await passwordSet(w, user)
  const { challenge } = await begun(w, { userId: user, password })
  await good(w.auth.enrolment.chooseChannel({ challenge, channel: 'Email' }))
  const began = w.clock.now()
  const guess = () => codeOf(w.auth.enrolment.confirm({ challenge, code: wrong(mailed(w, user)) }))
  for (let i = 0; i < 9; i++) expect(await guess()).toBe('code-refused')
  expect(await guess()).toBe('challenge-ended')
  const next = await begun(w, { userId: user, password })
  for (const channel of ['MobileApp', 'Email'] as const)
    expect(await refusal(w.auth.enrolment.chooseChannel({ challenge: next.challenge, channel }))).toEqual({
      code: 'too-many-attempts',
      rule: 'LOCK-10',
      retryAt: began + 86_400_000,
    })
  expect(await view(w, { userId: user })).toMatchObject({
    locked: false,
    failedAttempts: { failedSignIns: 0 },
  })
})
