/** Changing an email, and an email shared by accounts. */
import { expect, test } from 'vitest'
import { codeOf, good, testService } from '../support/test-service.ts'
import {
  another,
  begun,
  initialised,
  mailed,
  passwordSet,
  registered,
  user,
} from '../support/user-journeys.ts'

test('ACC-14 · another email voids codes that are still valid and what they have verified', async () => {
  const service = testService()
  await initialised(service)
  const { passwordSetUp, registry } = service.auth
  const begin = async () => (await good(passwordSetUp.begin({ userId: user }))).challenge
  const proved = await begin()
  await good(passwordSetUp.confirmCode({ challenge: proved, code: mailed(service, user) }))
  const open = await begin()
  const code = mailed(service, user)
  await good(registry.change({ userId: user, by: 'HKEX', changes: { email: 'other@example.com' } }))
  const fresh = { password: another(1), confirmation: another(1) }
  expect(await codeOf(passwordSetUp.complete({ challenge: proved, ...fresh }))).toBe('challenge-ended')
  expect(await codeOf(passwordSetUp.confirmCode({ challenge: open, code }))).toBe('code-refused')
  const renewed = await begin()
  expect(await codeOf(passwordSetUp.confirmCode({ challenge: renewed, code }))).toBe('code-refused')
  expect(service.mailer.mails.findLast(({ type }) => type === 'code')).toMatchObject({
    to: 'other@example.com',
  })
})

test('ACC-14 · another email also voids the code of a sign-in and of an enrolment', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  const { challenge } = await begun(service, person)
  const code = mailed(service, user)
  const email = (address: string) =>
    good(service.auth.registry.change({ userId: user, by: 'HKEX', changes: { email: address } }))
  await email('other@example.com')
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code }))).toBe('code-refused')
  await good(service.auth.signIn.resendCode({ challenge }))
  expect(service.mailer.mails.findLast(({ type }) => type === 'code')).toMatchObject({
    to: 'other@example.com',
  })
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: mailed(service, user) }))).toBe('ok')

  await registered(service, 'B0123402')
  const password = await passwordSet(service, 'B0123402')
  const { challenge: first } = await begun(service, { userId: 'B0123402', password })
  await good(service.auth.enrolment.chooseChannel({ challenge: first, channel: 'Email' }))
  await good(
    service.auth.registry.change({ userId: 'B0123402', by: 'HKEX', changes: { email: 'b@example.com' } }),
  )
  // Before 2FA is initialised, changing the address ends the whole set-up (ACC-18).
  expect(
    await codeOf(service.auth.enrolment.confirm({ challenge: first, code: mailed(service, 'B0123402') })),
  ).toBe('challenge-ended')
})

test('ACC-14 · two accounts can share an email; a code is valid only for its own account', async () => {
  const service = testService()
  const shared = { email: 'desk@example.com' }
  await registered(service, 'B0123401', shared)
  await registered(service, 'B0123402', shared)
  const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: 'B0123401' }))
  await good(service.auth.passwordSetUp.begin({ userId: 'B0123402' }))
  const confirm = (code: string) => codeOf(service.auth.passwordSetUp.confirmCode({ challenge, code }))
  expect(await confirm(mailed(service, 'B0123402'))).toBe('code-refused')
  expect(await confirm(mailed(service, 'B0123401'))).toBe('ok')
})
