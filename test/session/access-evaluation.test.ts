/** Which sign-in pages are allowed for an account, and when: signing in behaves as the access table says. */
import { expect, test } from 'vitest'
import { good, lastReason, refusal, testService } from '../support/test-service.ts'
import { administrator, initialised, loggedIn, registered, user } from '../support/user-journeys.ts'

const refused = { code: 'sign-in-refused', rule: 'LOCK-11' }

test('MIG-03, MIG-07 · before launch 2FA can be neither used nor set up; from launch both are allowed', async () => {
  const service = testService()
  const launch = service.clock.now() + 60_000
  const before = testService({ timeline: { launch }, storage: service.storage })
  await registered(before, user)
  await good(before.auth.passwordSetUp.begin({ userId: user }))
  expect(before.mailer.mails).toEqual([])
  expect(await lastReason(before, user)).toBe('before-launch')
  const password = 'Correct-Horse-1!'
  const login = () => before.auth.signIn.begin({ userId: user, password, system: 'CCASS/CCMS' })
  expect(await refusal(login())).toEqual(refused)
  expect(await lastReason(before, user)).toBe('before-launch')

  before.clock.set(launch - 1)
  await good(before.auth.passwordSetUp.begin({ userId: user }))
  expect(before.mailer.mails).toEqual([])
  before.clock.set(launch)
  await good(before.auth.passwordSetUp.begin({ userId: user }))
  expect(before.mailer.mails).toHaveLength(1)
})

test('ACC-13, MNT-10 · a DA can enter the terminal only after decommissioning and with a business user group', async () => {
  const start = testService().clock.now()
  const decommissioning = start + 86_400_000
  const service = testService({ timeline: { launch: start - 1, decommissioning } })
  const person = await initialised(service, administrator)
  const { userId, password } = person
  const enter = () => service.auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' })
  expect(await refusal(enter())).toEqual(refused)
  expect(await lastReason(service, administrator)).toBe('administrators-enter-dms-only')

  service.clock.set(decommissioning)
  expect(await refusal(enter())).toEqual(refused)
  expect(await lastReason(service, administrator)).toBe('administrator-without-business-group')
  await good(service.auth.registry.change({ userId, by: 'HKEX', changes: { userGroups: ['AA'] } }))
  const { challenge } = await good(enter())
  const done = await good(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
  expect(done).toMatchObject({ next: 'done', session: { system: 'CCASS/CCMS' } })
  service.clock.pass(30_000)
  expect((await loggedIn(service, person)).system).toBe('DMS')
})
