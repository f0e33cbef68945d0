/** Every mailer of the package passes the port's contract. */
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { smtpMailer } from 'ccass-2fa/smtp'
import { type MailerUnderTest, mailerContract, type SimulatedMailFailure } from 'ccass-2fa/testing'
import { describe, test } from 'vitest'
import { reply, testMailServer } from '../support/test-mail-server.ts'

const run = (make: () => Promise<MailerUnderTest>) => {
  for (const { name, run } of mailerContract(make)) test(`OTP-07 PW-15 · ${name}`, run)
}

describe('capture-mailer', () => {
  run(async () => {
    const mailer = captureMailer()
    return {
      mailer,
      received: async () => mailer.mails.map((mail) => ({ to: [mail.to], content: JSON.stringify(mail) })),
      simulate: async (failure) => mailer.answer(failure === 'refusing' ? 'refused' : 'try-again'),
    }
  })
})

describe.each([['en'], ['zh-Hant', 'zh-Hans']] as const)('smtp, in %s %s', (...locales) => {
  run(async () => {
    let failure: SimulatedMailFailure | undefined
    const mailServer = await testMailServer({
      reader: () => (failure === 'refusing' ? reply(550) : failure === 'deferring' ? reply(451) : undefined),
    })
    const mailer = smtpMailer({
      host: '127.0.0.1',
      port: mailServer.port,
      tls: 'none',
      from: { name: 'CCASS/CCMS', address: 'no-reply@participant.example' },
      locales: locales.filter((locale) => locale !== undefined) as never,
    })
    return {
      mailer,
      received: async () =>
        mailServer.taken.map(({ to, mail }) => ({
          to,
          content: `${mail.subject}\n${mail.text}\n${mail.html}`,
        })),
      simulate: async (next) => {
        failure = next
        if (next === 'unreachable') await mailServer.close()
      },
      close: async () => {
        await mailer.close()
        if (failure !== 'unreachable') await mailServer.close()
      },
    }
  })
})
