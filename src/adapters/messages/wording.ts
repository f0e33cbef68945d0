import type { AccessReason } from '../../access-control/access-table.ts'
import type { EserviceDenialReason, LineRefusalReason } from '../../eservices/model/refusal-reason.ts'
import type { PasswordRuleCode } from '../../password/refusals.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RefusalCode, RefusalOf } from '../../refusals.ts'
import type { Locale } from '../mail/locale.ts'

/**
 * Formatters for the facts in the text of a refusal, in the language of the text.
 *
 * @category Messages
 */
export interface MessageFormatters {
  /** Formats an instant in Hong Kong time. */
  time(at: number): string
  /** Formats a number of seconds, such as `30 seconds`. */
  duration(seconds: number): string
  /** Returns the text of a password rule, with the numbers of the policy. */
  passwordRule(code: PasswordRuleCode): string
  /** Returns the text of a reason of `form-refused`. */
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
 * All texts of one language. Each group is complete by its type: a code, rule or reason without a text does
 * not compile. A text says no more than its code.
 *
 * @rule LOCK-11
 * @category Messages
 */
export interface Messages {
  readonly locale: Locale
  readonly refusals: { readonly [Code in RefusalCode]: RefusalText<Code> }
  /**
   * What a new password needs, such as `At least 16 characters`. Without a full stop, so that it fits into a
   * list.
   */
  readonly passwordRules: Readonly<
    Record<PasswordRuleCode, string | ((policy: Policy['password']) => string)>
  >
  /** Why a sign-in method is allowed or denied, for the host's staff and for signed-in holders. */
  readonly accessReasons: Readonly<Record<AccessReason, string>>
  /** Why an eService form does not allow a step. */
  readonly formReasons: Readonly<Record<EserviceDenialReason, string>>
  /** Why HKEX refuses one line of a form. */
  readonly lineReasons: Readonly<Record<LineRefusalReason, string>>
}
