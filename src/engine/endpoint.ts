import { err, type Result, ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { type ParsedUserId, parseUserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { unmetPasswordRules } from '../password/composition.ts'
import type { Policy } from '../policy/policy.ts'
import { Session } from '../session/session.ts'
import type { ServiceContext } from './context.ts'

/** Longer than anything that has a meaning here; nothing beyond it is read. */
const maxTextLength = 4_096

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

const printed = z.string().max(256)
const amount = z.string().regex(/^\d{1,13}(\.\d{2})?$/, 'must be an amount, e.g. 9999999999999.99')

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

/** A principal that this library made. */
export const sessionSchema = z.custom<Session>(
  (value) => Session.loginOf(value) !== undefined,
  'must be a principal',
)

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

/**
 * One function of the public face: what it is given is checked first, and whatever happens inside,
 * nothing is thrown and nothing rejects.
 *
 * @rule API-01
 * @rule API-02
 */
export const endpoint =
  <I, T>(context: ServiceContext, shape: z.ZodType<I>, run: (input: I) => Promise<Result<T, Refusal>>) =>
  (input: I): ResultAsync<T, Refusal> => {
    const safely = async (): Promise<Result<T, Refusal>> => {
      try {
        const parsed = shape.safeParse(input)
        if (parsed.success) return await run(parsed.data)
        const [issue] = parsed.error.issues
        const field = issue?.path.join('.') ?? ''
        return err({ code: 'malformed-input', rule: 'API-01', field, problem: issue?.message ?? 'unknown' })
      } catch (error) {
        context.onFault({ port: 'library', error })
        return err({ code: 'internal-fault', rule: 'API-02' })
      }
    }
    return new ResultAsync(safely())
  }

/** Reads a User ID by the policy's reading of ID-06. */
export const readUserId = (context: ServiceContext, userId: string): Result<ParsedUserId, Refusal> =>
  parseUserId(userId, context.policy.userId.seochAdministratorOrder)
