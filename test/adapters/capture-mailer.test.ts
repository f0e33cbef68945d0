import { captureMailer } from 'ccass-2fa/capture-mailer'
import { expect, test } from 'vitest'
import type { Mail } from '../../src/ports/mailer.ts'

const codeMail = (userId: string, code: string): Mail => ({
  type: 'code',
  to: 'holder@participant.example',
  userId,
  purpose: 'sign-in',
  code,
  validSeconds: 300,
})
const notice: Mail = { type: 'account-locked', to: 'holder@participant.example', userId: 'B0123401', at: 1 }

test('OTP-07 · every mail is delivered and kept in order', async () => {
  const mailer = captureMailer()
  expect(mailer.mails).toEqual([])
  expect(await mailer.send(codeMail('B0123401', '000001'))).toBe('delivered')
  expect(await mailer.send(notice)).toBe('delivered')
  expect(mailer.mails).toEqual([codeMail('B0123401', '000001'), notice])
})

test('OTP-06 · the code of an account is the newest one sent to it', async () => {
  const mailer = captureMailer()
  for (const mail of [
    codeMail('B0123401', '000001'),
    codeMail('B0123402', '000002'),
    codeMail('B0123401', '000003'),
    notice,
  ])
    await mailer.send(mail)
  expect(mailer.codeFor('B0123401')).toBe('000003')
  expect(mailer.codeFor('B0123402')).toBe('000002')
  expect(mailer.codeFor('B0123403')).toBeUndefined()
})

test('OTP-07 · a mail stays refused or deferred until the configured answer changes', async () => {
  const mailer = captureMailer()
  for (const answer of ['refused', 'try-again'] as const) {
    mailer.answer(answer)
    expect(await mailer.send(codeMail('B0123401', '000001'))).toBe(answer)
  }
  expect(mailer.mails).toEqual([])
  expect(mailer.codeFor('B0123401')).toBeUndefined()
  mailer.answer('delivered')
  expect(await mailer.send(codeMail('B0123401', '000002'))).toBe('delivered')
  expect(mailer.codeFor('B0123401')).toBe('000002')
})
