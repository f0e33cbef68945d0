import type { DeliveryResult, Mail, Mailer } from '../../ports/mailer.ts'

/**
 * What can be wrong on the way: the reader is refused permanently, postponed, or the server is not there at
 * all.
 *
 * @category Testing kit
 */
export type SimulatedMailFailure = 'refusing' | 'deferring' | 'unreachable'

/**
 * A mail as it arrived.
 *
 * @category Testing kit
 */
export interface ReceivedMail {
  /** Its readers, all of them. */
  readonly to: readonly string[]
  /** All of it that is to be read, codes included, decoded. */
  readonly content: string
}

/**
 * A mailer to be put through the contract, whose mails get through until it is told otherwise.
 *
 * @category Testing kit
 */
export interface MailerUnderTest {
  readonly mailer: Mailer
  /** What has arrived, if there is a place to look. */
  readonly received?: () => Promise<readonly ReceivedMail[]>
  /** Makes something go wrong from now on, if that can be arranged. */
  readonly simulate?: (failure: SimulatedMailFailure) => Promise<void>
  /** Called when a case is over, regardless of its outcome. */
  readonly close?: () => Promise<void>
}

/** What a case does with a mailer of its own. */
export type MailerCheck = (given: MailerUnderTest) => Promise<void>

/** A code that occurs nowhere else. */
export const contractCode = '48151623'

/** A mail with a code. */
export const codeFor = (userId: string, code: string = contractCode): Mail => ({
  type: 'code',
  to: `${userId.toLowerCase()}@participant.example`,
  userId,
  purpose: 'sign-in',
  code,
  validSeconds: 300,
})

const holder = { to: 'holder@participant.example', userId: 'B0123401', at: 1_686_000_000_000 } as const

/** One mail of each type. */
export const mailOfEachType: readonly Mail[] = [
  codeFor('B0123401'),
  { type: 'account-locked', ...holder },
  { type: 'enrolment-blocked', ...holder, purpose: 'password', until: 1_686_086_400_000 },
  { type: 'credential-changed', ...holder, change: 'password-changed' },
  {
    type: 'eservice',
    to: 'checker@participant.example',
    reference: 'DA3_00013361',
    form: 'DA 3',
    participant: 'B01234',
    status: 'Ready to Send to HKEX',
    notification: 'for-action',
    processedBy: 'CHAN Tai Man',
    at: holder.at,
  },
]

/** What became of a mail; a rejection counts as `try-again`, and its error is kept. */
export interface Sent {
  readonly outcome: DeliveryResult
  readonly error?: unknown
}

/** Sends a mail as the service does. */
export const sent = async (mailer: Mailer, mail: Mail, id?: string): Promise<Sent> => {
  try {
    return { outcome: await mailer.send(mail, id) }
  } catch (error) {
    return { outcome: 'try-again', error }
  }
}
