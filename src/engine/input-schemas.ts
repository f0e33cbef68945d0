import * as z from 'zod'
import { day } from '../fields/day-range.ts'
import { emailAddress } from '../fields/email-address.ts'
import { userGroup } from '../fields/identifiers.ts'
import { personName } from '../fields/person-name.ts'
import { smartcardSerial } from '../fields/smartcard-serial.ts'
import { lineOfText, maxProfileText } from '../fields/text.ts'
import { accountStatuses } from '../identity/account-status.ts'
import { unmetPasswordRules } from '../password/composition.ts'
import type { Policy } from '../policy/policy.ts'

const amount = z.string().regex(/^\d{1,13}(\.\d{2})?$/, 'must be an amount, e.g. 9999999999999.99')

/** The schema of a smartcard. */
const smartcard = z.strictObject({
  srn: smartcardSerial,
  certificateExpiry: z.int(),
})

/**
 * The schema of changes to a profile; `null` removes a value.
 *
 * @rule FLD-05
 */
export const profileChanges = z.strictObject({
  organisation: lineOfText(maxProfileText).nullish(),
  internal: z.boolean().nullish(),
  status: z.enum(accountStatuses).optional(),
  surname: personName.nullish(),
  otherNames: personName.nullish(),
  email: emailAddress.nullish(),
  enableFrom: day.nullish(),
  disableAfter: day.nullish(),
  clearingHouseOptions: lineOfText(maxProfileText).nullish(),
  accessChannel: lineOfText(maxProfileText).nullish(),
  smartcard: smartcard.nullish(),
  userGroups: z.array(userGroup).max(256).nullish(),
  transactionLimits: z
    // zod's record schema silently drops the key `__proto__`; a limit must be stored as entered or refused.
    .custom<Readonly<Record<string, string>>>(
      (limits) => typeof limits === 'object' && limits !== null && !Object.hasOwn(limits, '__proto__'),
      'must be limits by name, none of them __proto__',
    )
    .pipe(
      z
        .record(lineOfText(64), amount)
        .refine((limits) => Object.keys(limits).length <= 256, 'must be at most 256 limits'),
    )
    .nullish(),
})

/** The schema of an entered password. Passwords that could never have been set are refused (PW-06, PW-16). */
export const enteredPassword = (policy: Policy) =>
  z
    .string()
    .refine(
      (password) =>
        !unmetPasswordRules(password, policy).some(
          ({ code }) => code === 'too-long' || code === 'not-well-formed',
        ),
      'must be well-formed and no longer than a password may be',
    )
