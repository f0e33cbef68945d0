import { asciiUpperCase } from '../../kernel/ascii-case.ts'
import type { Refusal, RefusalCode, RefusalOf } from '../../refusals.ts'
import { httpStatusOf, type RefusalStatus, retryAfterOf } from './http-status.ts'
import { type MessageOptions, passwordRuleText, refusalText, textsOf } from './text.ts'

/**
 * A refusal as problem details (RFC 9457), for the body of an HTTP response with type
 * `application/problem+json`.
 *
 * @category Messages
 * @rule LOCK-11
 */
export interface ProblemDetails {
  /** A URI that identifies the code. Default: `urn:ccass-2fa:refusal:<code>`. */
  readonly type: string
  /** The code as English words. */
  readonly title: string
  readonly status: RefusalStatus
  /** The text for the user, in the requested language. */
  readonly detail: string
  readonly code: RefusalCode
  /** The rule number. Absent if it would reveal more than the code does. */
  readonly rule?: string
  /** For `password-refused`: each unmet rule with its text. */
  readonly unmet?: readonly { readonly code: string; readonly rule: string; readonly detail: string }[]
  /** The path of the malformed field. */
  readonly field?: string
  /** What is wrong with the field or the User ID. */
  readonly problem?: string
  /** Why the request or form does not allow the step. */
  readonly reason?: string
  /** When to try again, in epoch milliseconds. */
  readonly retryAt?: number
  readonly retryAfterSeconds?: number
  /** Whether the same request can succeed later. */
  readonly retry?: boolean
  /** The last line of a listing that was read. */
  readonly line?: number
}

type FactOf<Code extends RefusalCode> = Exclude<keyof RefusalOf<Code>, 'code'>

/**
 * The facts of each code that the caller may see. The host does not disclose which port failed, which
 * configuration fields are wrong, or why a smartcard was refused, including its rule.
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
  return asciiUpperCase(words.charAt(0)) + words.slice(1)
}

/**
 * Options of {@link toProblemDetails}.
 *
 * @category Messages
 */
export interface ProblemDetailsOptions extends MessageOptions {
  /** Returns the URI of a code. Default: `urn:ccass-2fa:refusal:<code>`. */
  readonly typeOf?: ((code: RefusalCode) => string) | undefined
}

/**
 * Converts a refusal to problem details (RFC 9457). They contain only what the caller of the operation may
 * see.
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
 * Returns the HTTP headers for a response whose body is {@link toProblemDetails}: content type and language,
 * no caching, and `retry-after` if waiting helps.
 *
 * @param options - the language, and `now`: epoch milliseconds, by the clock of the service.
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
