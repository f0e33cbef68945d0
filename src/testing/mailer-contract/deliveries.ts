import assert from 'node:assert/strict'
import type { DeliveryResult, Mail } from '../../ports/mailer.ts'
import { same } from '../storage-contract/fixtures.ts'
import { codeFor, type MailerCheck, mailOfEachType, type SimulatedMailFailure, sent } from './fixtures.ts'

const addressee = (mail: Mail) => mail.to

const everyType: MailerCheck = async ({ mailer, received }) => {
  for (const mail of mailOfEachType) {
    const { outcome } = await sent(mailer, mail, mail.type === 'code' ? undefined : `id-${mail.type}`)
    assert.equal(outcome, 'delivered', `a mail of type ${mail.type} is delivered`)
  }
  const arrived = await received?.()
  if (arrived === undefined) return
  same(
    arrived.map(({ to }) => to),
    mailOfEachType.map((mail) => [addressee(mail)]),
    'each mail arrives once at its recipient',
  )
  for (const [i, mail] of mailOfEachType.entries()) {
    const content = arrived[i]?.content ?? ''
    for (const fact of mail.type === 'eservice' ? [mail.reference] : [mail.userId])
      assert.ok(content.includes(fact), `a mail of type ${mail.type} names its subject`)
    if (mail.type === 'code') assert.ok(content.includes(mail.code), 'the mail of a code contains the code')
  }
}

const crowd: MailerCheck = async ({ mailer, received }) => {
  const mails = Array.from({ length: 30 }, (_, i) =>
    codeFor(`B01234${String(i).padStart(2, '0')}`, String(500_000 + 7 * i)),
  )
  const outcomes = await Promise.all(mails.map((mail) => sent(mailer, mail)))
  assert.ok(
    outcomes.every(({ outcome }) => outcome === 'delivered'),
    'concurrent mails are all delivered',
  )
  const arrived = await received?.()
  if (arrived === undefined) return
  assert.equal(arrived.length, mails.length, 'each concurrent mail arrives once')
  for (const mail of mails) {
    const [own, ...more] = arrived.filter(({ to }) => to.includes(mail.to))
    assert.ok(own !== undefined && more.length === 0, 'each recipient gets one mail')
    assert.ok(
      mail.type === 'code' && own.content.includes(mail.code),
      'each mail contains its recipient’s code',
    )
  }
}

const again: MailerCheck = async ({ mailer }) => {
  const [, notice] = mailOfEachType
  if (notice === undefined) return
  for (const id of ['one', 'one', 'two', undefined])
    assert.equal((await sent(mailer, notice, id)).outcome, 'delivered', 'a notice may be sent again')
}

const frozen = <T extends object>(value: T): T => Object.freeze(value)

const untouched: MailerCheck = async ({ mailer, received }) => {
  for (const mail of mailOfEachType) {
    const given = { ...mail }
    assert.equal((await sent(mailer, frozen({ ...mail }))).outcome, 'delivered', 'a mail may be frozen')
    await sent(mailer, given)
    same(given, mail, 'a mail is not modified')
    // What the caller does with the object afterwards must not affect the mail.
    Object.assign(given, { to: 'unknown@elsewhere.example', userId: 'XXXXXXXX', code: '00000000' })
  }
  const arrived = (await received?.()) ?? []
  for (const { to, content } of arrived)
    assert.ok(
      !to.includes('unknown@elsewhere.example') && !content.includes('XXXXXXXX'),
      'a later change of the object does not change the mail that was sent',
    )
}

/** Addresses that name two recipients or try to inject one. */
const hostileAddresses = [
  'holder@participant.example,evil@elsewhere.example',
  'holder@participant.example;evil@elsewhere.example',
  'holder@participant.example evil@elsewhere.example',
  'holder@participant.example\r\nBcc: evil@elsewhere.example',
  'holder@participant.example\nRCPT TO:<evil@elsewhere.example>',
  'holder@participant.example> <evil@elsewhere.example',
  '"holder@participant.example" <evil@elsewhere.example>',
  'evil@elsewhere.example (holder@participant.example)',
]

const oneRecipient: MailerCheck = async ({ mailer, received }) => {
  for (const to of hostileAddresses) {
    const outcomes: readonly DeliveryResult[] = ['delivered', 'refused', 'try-again']
    assert.ok(
      outcomes.includes((await sent(mailer, { ...codeFor('B0123401'), to })).outcome),
      'the mailer returns a known outcome',
    )
  }
  for (const { to } of (await received?.()) ?? []) {
    assert.equal(to.length, 1, 'a mail has one recipient')
    assert.ok(!to.includes('evil@elsewhere.example'), 'the address adds no further recipient')
  }
}

const failureCheck =
  (failure: SimulatedMailFailure, expected: DeliveryResult): MailerCheck =>
  async ({ mailer, received, simulate: simulateFailure }) => {
    if (simulateFailure === undefined) return
    await simulateFailure(failure)
    for (const mail of mailOfEachType)
      assert.equal((await sent(mailer, mail)).outcome, expected, `${failure}, a mail of type ${mail.type}`)
    same((await received?.()) ?? [], [], 'no mail arrives')
  }

/** Which mails arrive, and who receives them. */
export const deliveryChecks: Readonly<Record<string, MailerCheck>> = {
  'deliveries · a mail of each type is delivered once to its recipient, with its content': everyType,
  'deliveries · many concurrent mails: each recipient gets the right one, once': crowd,
  'deliveries · a notice can be sent again with the same ID': again,
  'deliveries · a mail is neither changed nor kept': untouched,
  'deliveries · regardless of what an address contains, at most one recipient gets the mail': oneRecipient,
  'outcomes · a server that rejects the recipient permanently: refused': failureCheck('refusing', 'refused'),
  'outcomes · a server that defers the recipient: try again': failureCheck('deferring', 'try-again'),
  'outcomes · an unreachable server: try again, or a rejected promise': failureCheck(
    'unreachable',
    'try-again',
  ),
}
