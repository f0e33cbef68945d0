import * as z from 'zod'
import { day } from '../../fields/day-range.ts'
import { emailAddress } from '../../fields/email-address.ts'
import { userGroup, userIdText } from '../../fields/identifiers.ts'
import { personName } from '../../fields/person-name.ts'
import { lineOfText, linesOfText } from '../../fields/text.ts'
import { accountStatuses } from '../../identity/account-status.ts'
import { isOneOf } from '../../kernel/membership.ts'
import {
  type EserviceLine,
  maxAccountsPerForm,
  type NewAccountProfile,
  type ProfileFields,
  statusActions,
} from './lines.ts'

/**
 * The clearing house under which a form names its participant. A Designated Bank uses HKSCC, whose User ID
 * format and system it shares; the form has no separate box for it.
 *
 * @rule ESV-06
 * @category eServices
 */
export type ClearingHouse = 'HKSCC' | 'HKCC' | 'SEOCH'

/**
 * The clearing houses that a form can name.
 *
 * @rule ESV-06
 * @category eServices
 */
export const clearingHouses = ['HKSCC', 'HKCC', 'SEOCH'] as const satisfies readonly ClearingHouse[]

/**
 * Whether a value, e.g. from a page, is a clearing house that a form can name.
 *
 * @rule ESV-06
 * @category eServices
 */
export const isClearingHouse: (value: unknown) => value is ClearingHouse =
  /* @__PURE__ */ isOneOf(clearingHouses)

/**
 * The contact person for HKEX. In a draft, fields can be empty.
 *
 * @category eServices
 */
export interface ContactPerson {
  readonly name: string
  readonly email: string
  readonly telephone: string
}

/**
 * The contents that a maker fills in.
 *
 * @rule ESV-06
 * @rule ESV-07
 * @category eServices
 */
export interface EserviceContents {
  readonly clearingHouse: ClearingHouse
  readonly lines: readonly EserviceLine[]
  readonly contact: ContactPerson
  /** Whether the declaration is ticked. */
  readonly declared: boolean
  readonly remarks?: string
}

const line = lineOfText(254)
const userId = userIdText

const newHolder: z.ZodType<NewAccountProfile> = z.strictObject({
  surname: personName,
  otherNames: personName,
  email: emailAddress,
  enableFrom: day.exactOptional(),
  disableAfter: day.exactOptional(),
})

const changes: z.ZodType<Partial<ProfileFields>> = z.strictObject({
  surname: personName.exactOptional(),
  otherNames: personName.exactOptional(),
  email: emailAddress.exactOptional(),
  status: z.enum(accountStatuses).exactOptional(),
  enableFrom: day.nullable().exactOptional(),
  disableAfter: day.nullable().exactOptional(),
  userGroups: z.array(userGroup).max(256).exactOptional(),
})

const anyLine: z.ZodType<EserviceLine> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('add'), profile: newHolder }),
  z.strictObject({ type: z.literal('change'), userId, changes }),
  z.strictObject({
    type: z.literal('status'),
    userId,
    email: line,
    action: z.enum(statusActions),
  }),
  z.strictObject({ type: z.literal('delete'), userId }),
  z.strictObject({ type: z.literal('reset-smartcard-password'), userId }),
  z.strictObject({ type: z.literal('add-user'), profile: newHolder }),
  z.strictObject({ type: z.literal('buy-accounts'), count: z.int().min(1).max(maxAccountsPerForm) }),
])

/**
 * The strict schema of a form's contents: unknown fields are refused. A draft can lack lines, contact and
 * declaration; they are checked on submission. At most 100 lines, 254 characters per field, 1,000 characters
 * of remarks.
 *
 * @rule API-01
 */
export const contentsShape: z.ZodType<EserviceContents> = z.strictObject({
  clearingHouse: z.enum(clearingHouses),
  lines: z.array(anyLine).max(100),
  contact: z.strictObject({ name: line, email: line, telephone: line }),
  declared: z.boolean(),
  remarks: linesOfText(1_000).exactOptional(),
})

const completeContact = z.object({
  name: personName,
  email: emailAddress,
  telephone: z.string().regex(/^\+?(?=(?:\D*\d){6,15}\D*$)[\d(][\d ()-]{4,30}$/),
})

/**
 * Whether name, email and telephone number of the contact person are all present. A telephone number has 6–15
 * digits, optionally with a leading `+` and with spaces, hyphens or brackets in between.
 *
 * @rule ESV-07
 */
export const isComplete = (contact: ContactPerson): boolean => completeContact.safeParse(contact).success
