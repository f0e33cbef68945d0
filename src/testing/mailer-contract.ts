import { deliveryChecks } from './mailer-contract/deliveries.ts'
import type { MailerUnderTest } from './mailer-contract/fixtures.ts'
import { secretChecks } from './mailer-contract/secrets.ts'
import type { ContractCase } from './storage-contract/fixtures.ts'

/**
 * The contract of the `Mailer` port, as cases for any test runner. What they can see of it depends on what
 * the factory gives: without `received` nobody knows what arrived, and without `become` nothing ever goes
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
 */
export const mailerContract = (makeMailer: () => Promise<MailerUnderTest>): readonly ContractCase[] =>
  Object.entries({ ...deliveryChecks, ...secretChecks }).map(([name, check]) => ({
    name,
    run: async () => {
      const given = await makeMailer()
      try {
        await check(given)
      } finally {
        await given.close?.()
      }
    },
  }))
