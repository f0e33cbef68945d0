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
  const w = testService()
  await initialised(w)
  const { passwordSetUp, registry } = w.auth
  const begin = async () => (await good(passwordSetUp.begin({ userId: user }))).challenge
  const proved = await begin()
  await good(passwordSetUp.confirmCode({ challenge: proved, code: mailed(w, user) }))
  const open = await begin()
  const code = mailed(w, user)
  await good(registry.change({ userId: user, by: 'HKEX', changes: { email: 'other@example.com' } }))
  const fresh = { password: another(1), confirmation: another(1) }
  expect(await codeOf(passwordSetUp.complete({ challenge: proved, ...fresh }))).toBe('challenge-ended')
  expect(await codeOf(passwordSetUp.confirmCode({ challenge: open, code }))).toBe('code-refused')
  const renewed = await begin()
  expect(await codeOf(passwordSetUp.confirmCode({ challenge: renewed, code }))).toBe('code-refused')
  expect(w.mailer.mails.findLast(({ type }) => type === 'code')).toMatchObject({ to: 'other@example.com' })
})

test('ACC-14 · another email also voids the code of a sign-in and of an enrolment', async () => {
  const w = testService()
  const person = await initialised(w, user, 'Email')
  const { challenge } = await begun(w, person)
  const code = mailed(w, user)
  const email = (address: string) =>
    good(w.auth.registry.change({ userId: user, by: 'HKEX', changes: { email: address } }))
  await email('other@example.com')
  expect(await codeOf(w.auth.signIn.confirmOtp({ challenge, code }))).toBe('code-refused')
  await good(w.auth.signIn.resendCode({ challenge }))
  expect(w.mailer.mails.findLast(({ type }) => type === 'code')).toMatchObject({ to: 'other@example.com' })
  expect(await codeOf(w.auth.signIn.confirmOtp({ challenge, code: mailed(w, user) }))).toBe('ok')

  await registered(w, 'B0123402')
  const password = await passwordSet(w, 'B0123402')
  const { challenge: first } = await begun(w, { userId: 'B0123402', password })
  await good(w.auth.enrolment.chooseChannel({ challenge: first, channel: 'Email' }))
  await good(w.auth.registry.change({ userId: 'B0123402', by: 'HKEX', changes: { email: 'b@example.com' } }))
  // Before 2FA is initialised, changing the address ends the whole set-up (ACC-18).
  expect(await codeOf(w.auth.enrolment.confirm({ challenge: first, code: mailed(w, 'B0123402') }))).toBe(
    'challenge-ended',
  )
})

test('ACC-14 · two accounts can share an email; a code is valid only for its own account', async () => {
  const w = testService()
  const shared = { email: 'desk@example.com' }
  await registered(w, 'B0123401', shared)
  await registered(w, 'B0123402', shared)
  const { challenge } = await good(w.auth.passwordSetUp.begin({ userId: 'B0123401' }))
  await good(w.auth.passwordSetUp.begin({ userId: 'B0123402' }))
  const confirm = (code: string) => codeOf(w.auth.passwordSetUp.confirmCode({ challenge, code }))
  expect(await confirm(mailed(w, 'B0123402'))).toBe('code-refused')
  expect(await confirm(mailed(w, 'B0123401'))).toBe('ok')
})
