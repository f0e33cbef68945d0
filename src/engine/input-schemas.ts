import * as z from 'zod'
import { unmetPasswordRules } from '../password/composition.ts'
import type { Policy } from '../policy/policy.ts'

/** Longer than anything that has a meaning here; nothing beyond it is read. */
const maxTextLength = 4_096

const printed = z.string().max(256)
const amount = z.string().regex(/^\d{1,13}(\.\d{2})?$/, 'must be an amount, e.g. 9999999999999.99')

/** Text of any content, e.g. a code, which is looked at later. */
export const text = z.string().max(maxTextLength)

/** The text of a User ID; {@link parseUserId} tells whether it is one. */
export const userIdText = z.string().max(maxTextLength)

/** A name for the trail: who acts, where the library can't know. */
export const actorName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} .:@/_-]{0,127}$/u, 'must be a name of 1 to 128 characters')

/** The key of a participant. */
export const participantKey = z
  .string()
  .regex(/^([A-Z][0-9]{5}|BNK[0-9]{3}|HK[A-Z0-9]{3})$/, 'must be the key of a participant')

/** A day in Hong Kong. */
export const day = z.iso.date()

/** An email address. */
export const emailAddress = z.email().max(254)

/** The name of a request, as DMS gave it. */
export const requestId = z.string().regex(/^[0-9a-f]{24}$/, 'must be the name of a request')

/** A smartcard's serial number. */
export const serialNumber = z.string().regex(/^[0-9A-Za-z]{1,32}$/, 'must be a serial number')

/** A smartcard as it is entered. */
const smartcard = z.strictObject({
  srn: serialNumber,
  certificateExpiry: z.int(),
})

/** What is set or changed in a profile; `null` takes a value away. */
export const profileChanges = z.strictObject({
  organisation: printed.nullish(),
  internal: z.boolean().nullish(),
  status: z.enum(['ENABLED', 'DISABLED']).optional(),
  surname: printed.nullish(),
  otherNames: printed.nullish(),
  email: emailAddress.nullish(),
  enableFrom: day.nullish(),
  disableAfter: day.nullish(),
  clearingHouseOptions: printed.nullish(),
  accessChannel: printed.nullish(),
  smartcard: smartcard.nullish(),
  userGroups: z
    .array(z.string().regex(/^[0-9A-Z]{1,4}$/, 'must be a user group'))
    .max(256)
    .nullish(),
  transactionLimits: z.record(z.string().max(64), amount).nullish(),
})

/** A password given to be compared: nothing can be right that could not have been set (PW-06, PW-16). */
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
