import type { DeliveryResult, Mail, Mailer } from '../../ports/mailer.ts'

/**
 * A failure on the way: the server refuses the recipient permanently, defers it, or cannot be reached.
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
  /** All of its recipients. */
  readonly to: readonly string[]
  /** Its whole readable content, decoded, including codes. */
  readonly content: string
}

/**
 * The mailer that {@link mailerContract} tests. Its mails arrive until `simulate` is called.
 *
 * @category Testing kit
 */
export interface MailerUnderTest {
  readonly mailer: Mailer
  /** The mails that arrived, if the test environment can read them. */
  readonly received?: () => Promise<readonly ReceivedMail[]>
  /** Causes a failure from now on, if the test environment can do so. */
  readonly simulate?: (failure: SimulatedMailFailure) => Promise<void>
  /** Called when a case has ended, successfully or not. */
  readonly close?: () => Promise<void>
}

/** What a case does with its mailer. */
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

/** The outcome of a mail. A rejection counts as `try-again`, and its error is kept. */
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
