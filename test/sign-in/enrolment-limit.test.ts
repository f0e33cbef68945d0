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
  const service = testService()
  const person = await initialised(service)
  const { passwordSetUp } = service.auth
  const guess = async (challenge: string) =>
    codeOf(passwordSetUp.confirmCode({ challenge, code: wrong(mailed(service, user)) }))
  const began = service.clock.now()
  const { challenge: first } = await good(passwordSetUp.begin({ userId: user }))
  for (let i = 0; i < 6; i++) expect(await guess(first)).toBe('code-refused')
  const { challenge } = await good(passwordSetUp.begin({ userId: user }))
  for (let i = 0; i < 4; i++) expect(await guess(challenge)).toBe('code-refused')
  expect(await count(service, user, 'EnrolmentAborted')).toBe(1)
  expect(await codeOf(passwordSetUp.confirmCode({ challenge, code: mailed(service, user) }))).toBe(
    'code-refused',
  )
  expect(await count(service, user, 'EnrolmentCodeRejected')).toBe(10)
  expect(await view(service, person)).toMatchObject({ locked: false, failedAttempts: { failedSignIns: 0 } })

  const sent = service.mailer.mails.length
  await good(passwordSetUp.begin({ userId: user }))
  expect([service.mailer.mails.length, await lastReason(service, user)]).toEqual([
    sent,
    'too-many-enrolment-attempts',
  ])
  service.clock.set(began + 86_400_000 - 1)
  await good(passwordSetUp.begin({ userId: user }))
  expect(service.mailer.mails.length).toBe(sent)
  service.clock.set(began + 86_400_000)
  await passwordSet(service, user, another(1))
})

test('LOCK-10 · a reset that is already verified continues although others have exhausted the limit', async () => {
  const service = testService()
  await initialised(service)
  const { passwordSetUp } = service.auth
  const { challenge: honest } = await good(passwordSetUp.begin({ userId: user }))
  await good(passwordSetUp.confirmCode({ challenge: honest, code: mailed(service, user) }))
  const { challenge } = await good(passwordSetUp.begin({ userId: user }))
  for (let i = 0; i < 10; i++)
    await passwordSetUp.confirmCode({ challenge, code: wrong(mailed(service, user)) })
  expect(
    await codeOf(
      passwordSetUp.complete({ challenge: honest, password: another(1), confirmation: another(1) }),
    ),
  ).toBe('ok')
})

test('LOCK-10 · the refusal of wrong channel codes gives the waiting time, and the sign-in count does not change', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge } = await begun(service, { userId: user, password })
  await good(service.auth.enrolment.chooseChannel({ challenge, channel: 'Email' }))
  const began = service.clock.now()
  const guess = () =>
    codeOf(service.auth.enrolment.confirm({ challenge, code: wrong(mailed(service, user)) }))
  for (let i = 0; i < 9; i++) expect(await guess()).toBe('code-refused')
  expect(await guess()).toBe('challenge-ended')
  const next = await begun(service, { userId: user, password })
  for (const channel of ['MobileApp', 'Email'] as const)
    expect(
      await refusal(service.auth.enrolment.chooseChannel({ challenge: next.challenge, channel })),
    ).toEqual({
      code: 'too-many-attempts',
      rule: 'LOCK-10',
      retryAt: began + 86_400_000,
    })
  expect(await view(service, { userId: user })).toMatchObject({
    locked: false,
    failedAttempts: { failedSignIns: 0 },
  })
})
