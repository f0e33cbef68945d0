import { type ContractCase, casesOf } from './contract.ts'
import { deliveryChecks } from './mailer-contract/deliveries.ts'
import type { MailerUnderTest } from './mailer-contract/fixtures.ts'
import { secretChecks } from './mailer-contract/secrets.ts'

/**
 * The contract of the `Mailer` port, as cases for any test runner. What they can see of it depends on what
 * the factory gives: without `received` no one knows what arrived, and without `simulate` nothing ever goes
 * wrong; the cases that need them then pass idly.
 *
 * @param makeMailer - gives a mailer whose mails all get through, a new one for each case.
 * @returns the cases, each to be run once, alone or beside others.
 * @example
 * ```ts
 * for (const { name, run } of mailerContract(async () => ({ mailer: captureMailer() }))) test(name, run)
 * ```
 * @rule OTP-07
 * @rule PW-15
 * @category Testing kit
 */
export const mailerContract = (makeMailer: () => Promise<MailerUnderTest>): readonly ContractCase[] =>
  casesOf({ ...deliveryChecks, ...secretChecks }, makeMailer)
