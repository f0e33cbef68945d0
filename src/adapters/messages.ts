/**
 * Texts for users, in English and Chinese, for each refusal code, password rule, access reason and reason of
 * a form, with suggested HTTP statuses and problem details (RFC 9457). It runs on every supported runtime.
 *
 * @module ccass-2fa/messages
 * @rule API-04
 */
export { hongKongTime, type Locale } from './mail/locale.ts'
export { httpStatuses, httpStatusOf, type RefusalStatus, retryAfterOf } from './messages/http-status.ts'
export { preferredLocale } from './messages/preferred-locale.ts'
export {
  type ProblemDetails,
  type ProblemDetailsOptions,
  problemHeaders,
  toProblemDetails,
} from './messages/problem.ts'
export {
  accessReasonText,
  lineReasonText,
  type MessageOptions,
  messages,
  passwordRuleText,
  refusalText,
} from './messages/text.ts'
export type { MessageFormatters, Messages, RefusalText } from './messages/wording.ts'
