/** The contract of the mailer port finds mailers that violate it: each of these by at least one case. */
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { type MailerUnderTest, mailerContract } from 'ccass-2fa/testing'
import { expect, test } from 'vitest'
import type { Mail, Mailer } from '../../src/ports/mailer.ts'

/** The cases that a mailer fails, among those with these words in their names. */
const failing = async (make: () => Promise<MailerUnderTest>, words: string) => {
  const names: string[] = []
  for (const { name, run } of mailerContract(make)) {
    if (!name.includes(words)) continue
    const failed = await run().then(
      () => false,
      () => true,
    )
    if (failed) names.push(name)
  }
  return names
}

/** A correct mailer behind something that changes the mail. */
const but =
  (spoil: (mail: Mail, send: Mailer['send']) => ReturnType<Mailer['send']>, kept?: (mail: Mail) => Mail) =>
  async (): Promise<MailerUnderTest> => {
    const inner = captureMailer()
    const arrived: Mail[] = []
    return {
      mailer: {
        send: (mail) =>
          spoil(mail, async (sentOn) => {
            const outcome = await inner.send(sentOn)
            if (outcome === 'delivered') arrived.push(kept ? kept(sentOn) : { ...sentOn })
            return outcome
          }),
      },
      received: async () =>
        arrived.map((mail) => ({ to: mail.to.split(/,/), content: JSON.stringify(mail) })),
      simulate: async (failure) => inner.answer(failure === 'refusing' ? 'refused' : 'try-again'),
    }
  }

test.each<[string, () => Promise<MailerUnderTest>, string]>([
  ['that sends twice', but(async (mail, send) => (await send(mail)) && send(mail)), 'once'],
  ['that sends nothing', but(async () => 'delivered'), 'delivered once'],
  [
    'that says nothing of the outcome',
    but(async (mail, send) => (await send(mail)) && (undefined as never)),
    'delivered once',
  ],
  [
    'that calls a refusal a reason to try again',
    but(async (mail, send) => ((await send(mail)) === 'delivered' ? 'delivered' : 'try-again')),
    'refused',
  ],
  [
    'that calls everything delivered',
    but(async (mail, send) => (await send(mail)) && 'delivered'),
    'try again',
  ],
  [
    'that keeps the mail to read it later',
    but(
      (mail, send) => send(mail),
      (mail) => mail,
    ),
    'kept',
  ],
  [
    'that changes the mail',
    but((mail, send) => send(Object.assign(mail, { to: mail.to.toUpperCase() }))),
    'changed',
  ],
  ['that takes one address for two', but((mail, send) => send(mail)), 'at most one recipient'],
  [
    'that mixes readers up',
    but((mail, send) => send({ ...mail, to: 'holder@participant.example' })),
    'right one',
  ],
  [
    'that writes codes to the console',
    but((mail, send) => {
      if (mail.type === 'code') process.stdout.write(`sending ${mail.code}\n`)
      return send(mail)
    }),
    'logged',
  ],
  [
    'that rejects with the code',
    but(async (mail, send) => {
      if ((await send(mail)) === 'delivered') return 'delivered'
      throw Object.assign(new Error('no'), { cause: { mail } })
    }),
    'secrets',
  ],
])('OTP-07 PW-15 · the contract catches a mailer %s', async (_, make, by) => {
  expect(await failing(make, by)).not.toEqual([])
})

test('OTP-07 · a mailer that cannot be observed passes every case that needs observation', async () => {
  expect(await failing(async () => ({ mailer: { send: async () => 'delivered' } }), '')).toEqual([])
})
