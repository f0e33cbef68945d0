/** International addresses over SMTP (RFC 6531): sent where the server supports SMTPUTF8, refused where it does not. */
import { type DeliveryFailure, smtpMailer } from 'ccass-2fa/smtp'
import { afterEach, expect, test } from 'vitest'
import { parseEmailAddress } from '../../../src/fields/email-address.ts'
import { lockedMail } from '../../support/mails.ts'
import { testMailServer } from '../../support/test-mail-server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const mailerTo = async (hideSMTPUTF8: boolean) => {
  const server = await testMailServer({}, { hideSMTPUTF8 })
  const failures: DeliveryFailure[] = []
  const mailer = smtpMailer({
    ...{ host: '127.0.0.1', port: server.port, tls: 'none', from: 'no-reply@participant.example' },
    onDeliveryFailure: (failure) => failures.push(failure),
  })
  closing.push(server.close, mailer.close)
  return { server, mailer, failures }
}

test('FLD-01 · an international domain needs no extension: the server sees its ASCII form', async () => {
  const { server, mailer } = await mailerTo(true)
  expect(await mailer.send(lockedMail({ to: 'chan@證券.香港' }))).toBe('delivered')
  expect(server.taken[0]?.raw).toContain(`To: ${parseEmailAddress('chan@證券.香港')?.wire}`)
  expect(parseEmailAddress('chan@證券.香港')?.domain).toMatch(/^xn--[a-z0-9]+\.xn--j6w193g$/)
})

test('FLD-01 · an international local part is sent over a server that supports SMTPUTF8', async () => {
  const { server, mailer } = await mailerTo(false)
  expect(await mailer.send(lockedMail({ to: '陳大文@bank.example' }))).toBe('delivered')
  expect(server.taken.map(({ to }) => to)).toEqual([['陳大文@bank.example']])
})

test('FLD-01 · without SMTPUTF8 it is refused, the host learns why, and the connection serves the next mail', async () => {
  const { server, mailer, failures } = await mailerTo(true)
  expect(await mailer.send(lockedMail({ to: '陳大文@bank.example' }))).toBe('refused')
  expect(failures).toEqual([
    { mail: 'account-locked', delivery: 'refused', step: 'envelope', code: 'ESMTPUTF8', uncertain: false },
  ])
  expect(await mailer.send(lockedMail({ to: 'chan@bank.example' }))).toBe('delivered')
  expect(server.connections()).toBe(1)
})
