import type { Refusal, RefusalCode, RefusalOf } from '../../refusals.ts'
import { httpStatusOf, type RefusalStatus, retryAfterOf } from './http-status.ts'
import { type MessageOptions, passwordRuleText, refusalText, textsOf } from './text.ts'

/**
 * A refusal as problem details (RFC 9457), fit for the body of an HTTP answer: `application/problem+json`.
 *
 * @category Messages
 * @rule LOCK-11
 */
export interface ProblemDetails {
  /** A URI that names the code; `urn:ccass-2fa:refusal:<code>` by default. */
  readonly type: string
  /** The code in words, in English. */
  readonly title: string
  readonly status: RefusalStatus
  /** The text for the user, in the language asked for. */
  readonly detail: string
  readonly code: RefusalCode
  /** Absent where the rule would reveal more than the code. */
  readonly rule?: string
  /** Of `password-refused`: each unmet rule with its text. */
  readonly unmet?: readonly { readonly code: string; readonly rule: string; readonly detail: string }[]
  /** The path of the field that is not well-formed. */
  readonly field?: string
  /** What is wrong with the field or the User ID. */
  readonly problem?: string
  /** Why a request or form is not open to the step. */
  readonly reason?: string
  /** Epoch milliseconds. */
  readonly retryAt?: number
  readonly retryAfterSeconds?: number
  /** Whether the same request can succeed later. */
  readonly retry?: boolean
  /** The last line of a listing that was read. */
  readonly line?: number
}

type FactOf<Code extends RefusalCode> = Exclude<keyof RefusalOf<Code>, 'code'>

/**
 * The facts of each code that its caller may see. What stays with the host: which port failed, which fields of the
 * configuration are wrong, and why a smartcard was refused, its rule included.
 */
const disclosedFacts: { readonly [Code in RefusalCode]: readonly FactOf<Code>[] } = {
  'malformed-input': ['rule', 'field', 'problem'],
  'malformed-user-id': ['rule', 'problem'],
  'looks-like-administrator': ['rule'],
  'user-ids-exhausted': ['rule'],
  'password-refused': ['rule'],
  'passwords-differ': ['rule'],
  'policy-invalid': [],
  'timeline-invalid': [],
  'rate-limited': ['rule', 'retryAfterSeconds'],
  'sign-in-refused': ['rule'],
  'code-refused': ['rule'],
  'malformed-code': ['rule'],
  'challenge-ended': ['rule'],
  'too-many-codes': ['rule', 'retryAt'],
  'delivery-failed': ['rule', 'retry'],
  'too-many-attempts': ['rule', 'retryAt'],
  'not-an-email-user': ['rule'],
  'no-channel-chosen': ['rule'],
  'no-registered-email': ['rule'],
  'current-password-refused': ['rule'],
  'no-authenticator-app': ['rule'],
  'session-ended': ['rule'],
  'smartcard-refused': [],
  'smartcard-session-not-allowed': ['rule'],
  'no-timeline': [],
  'listing-interrupted': ['rule', 'line'],
  'not-authorised': ['rule'],
  'request-not-open': ['rule', 'reason'],
  'maker-as-checker': ['rule'],
  'authorisation-refused': ['rule'],
  'form-refused': ['rule', 'reason'],
  'quota-exceeded': ['rule'],
  'dates-reversed': ['rule'],
  'unknown-account': ['rule'],
  'user-id-taken': ['rule'],
  busy: ['rule'],
  'port-failed': [],
  'internal-error': [],
}

const titleOf = (code: RefusalCode): string => {
  const words = code.replaceAll('-', ' ').replace('user id', 'User ID') // lint-language-ignore: a code in words
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/**
 * How a problem is made.
 *
 * @category Messages
 */
export interface ProblemDetailsOptions extends MessageOptions {
  /** The URI of a code; `urn:ccass-2fa:refusal:<code>` by default. */
  readonly typeOf?: ((code: RefusalCode) => string) | undefined
}

/**
 * A refusal as problem details (RFC 9457). It holds only what the caller of the operation may see.
 *
 * @example
 * ```ts
 * toProblemDetails({ code: 'busy', rule: 'LOCK-09' }, { messages: 'en' })
 * // { type: 'urn:ccass-2fa:refusal:busy', title: 'Busy', status: 503, detail: 'The service is busy. …', … }
 * ```
 * @category Messages
 * @rule LOCK-11
 */
export const toProblemDetails = (refusal: Refusal, options: ProblemDetailsOptions = {}): ProblemDetails => {
  const { code } = refusal
  const disclosed: readonly string[] = disclosedFacts[code]
  const facts = Object.fromEntries(Object.entries(refusal).filter(([fact]) => disclosed.includes(fact)))
  const unmet =
    refusal.code === 'password-refused'
      ? { unmet: refusal.unmet.map((each) => ({ ...each, detail: passwordRuleText(each.code, options) })) }
      : {}
  return {
    type: options.typeOf?.(code) ?? `urn:ccass-2fa:refusal:${code}`,
    title: titleOf(code),
    status: httpStatusOf(refusal),
    detail: refusalText(refusal, options),
    code,
    ...facts,
    ...unmet,
  }
}

/**
 * The HTTP headers of an answer whose body is {@link toProblemDetails}: content type and language, no caching, and
 * `retry-after` where waiting helps.
 *
 * @param options - the language, and `now`: epoch milliseconds, the clock of the service.
 * @category Messages
 */
export const problemHeaders = (
  refusal: Refusal,
  options: MessageOptions & { readonly now: number },
): Readonly<Record<string, string>> => {
  const retryAfter = retryAfterOf(refusal, options.now)
  return {
    'content-type': 'application/problem+json',
    'content-language': textsOf(options.messages).locale,
    'cache-control': 'no-store',
    ...(retryAfter === undefined ? {} : { 'retry-after': `${retryAfter}` }),
  }
}
