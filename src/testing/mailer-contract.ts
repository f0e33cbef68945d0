import { type ContractCase, casesOf } from './contract.ts'
import { deliveryChecks } from './mailer-contract/deliveries.ts'
import type { MailerUnderTest } from './mailer-contract/fixtures.ts'
import { secretChecks } from './mailer-contract/secrets.ts'

/**
 * Creates the contract of the `Mailer` port, as cases for any test runner. How much they test depends on the
 * factory: without `received`, arrivals are not checked, and without `simulate`, failures are not. Cases that
 * need what is missing pass without testing anything.
 *
 * @param makeMailer - provides a new mailer for each case, whose mails all arrive.
 * @returns the cases. Run each one once, alone or in parallel.
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
