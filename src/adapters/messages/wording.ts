import type { AccessReason } from '../../access-control/access-table.ts'
import type { EserviceDenialReason, LineRefusalReason } from '../../eservices/model/refusal-reason.ts'
import type { PasswordRuleCode } from '../../password/refusals.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RefusalCode, RefusalOf } from '../../refusals.ts'
import type { Locale } from '../mail/locale.ts'

/**
 * What the text of a refusal can use: facts as a reader of its language reads them.
 *
 * @category Messages
 */
export interface MessageFormatters {
  /** An instant in Hong Kong time. */
  time(at: number): string
  /** A number of seconds, e.g. `30 seconds`. */
  duration(seconds: number): string
  /** The text of a password rule, with the numbers of the policy. */
  passwordRule(code: PasswordRuleCode): string
  /** The text of a reason of `form-refused`. */
  formReason(reason: string): string
}

/**
 * The text of a refusal: a sentence, or a function of the refusal's facts.
 *
 * @category Messages
 */
export type RefusalText<Code extends RefusalCode> =
  | string
  | ((refusal: RefusalOf<Code>, words: MessageFormatters) => string)

/**
 * The texts of one language. Each group is complete by its type: a code, rule or reason that has no text does not
 * compile. A text says no more than the code does.
 *
 * @rule LOCK-11
 * @category Messages
 */
export interface Messages {
  readonly locale: Locale
  readonly refusals: { readonly [Code in RefusalCode]: RefusalText<Code> }
  /** What a new password needs, e.g. `At least 16 characters`; without a full stop, fit for a list. */
  readonly passwordRules: Readonly<
    Record<PasswordRuleCode, string | ((policy: Policy['password']) => string)>
  >
  /** Why a sign-in method is allowed or denied, for the host's own staff and for signed-in holders. */
  readonly accessReasons: Readonly<Record<AccessReason, string>>
  /** Why an eService form does not take a step. */
  readonly formReasons: Readonly<Record<EserviceDenialReason, string>>
  /** Why HKEX refuses one line of a form. */
  readonly lineReasons: Readonly<Record<LineRefusalReason, string>>
}
