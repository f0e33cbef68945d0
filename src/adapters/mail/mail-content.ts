import type { Mail } from '../../ports/mailer.ts'
import type { Locale } from './locale.ts'

/**
 * The mails of one type.
 *
 * @rule ACC-17
 * @category Adapters
 */
export type MailOf<Type extends Mail['type']> = Extract<Mail, { readonly type: Type }>

/**
 * What a mail says in one language, before layout. All texts are plain and not yet escaped.
 *
 * @category Adapters
 */
export interface MailContent {
  readonly locale: Locale
  readonly subject: string
  /** The subject matter in one sentence. */
  readonly opening: string
  /** A one-time code, shown on its own line. */
  readonly code?: string
  /** The facts, each with a label and a value. */
  readonly facts: readonly (readonly [label: string, value: string])[]
  /** What to do, what not to do, and why. */
  readonly closing: readonly string[]
}

/** The wording of all mails in one language. */
export type Wording = { readonly [Type in Mail['type']]: (mail: MailOf<Type>) => MailContent }
