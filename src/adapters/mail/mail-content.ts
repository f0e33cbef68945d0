import type { Mail } from '../../ports/mailer.ts'
import type { Locale } from './locale.ts'

/**
 * The mails of one type.
 *
 * @category Adapters
 */
export type MailOf<Type extends Mail['type']> = Extract<Mail, { readonly type: Type }>

/**
 * What a mail says in one language, before it is laid out. Plain text throughout; no one has escaped it.
 *
 * @category Adapters
 */
export interface MailContent {
  readonly locale: Locale
  readonly subject: string
  /** What it is about, in a sentence. */
  readonly opening: string
  /** A one-time code, set apart. */
  readonly code?: string
  /** What is to be known: label and value. */
  readonly facts: readonly (readonly [label: string, value: string])[]
  /** What to do, what not, and why. */
  readonly closing: readonly string[]
}

/** The wording of every mail in one language. */
export type Wording = { readonly [Type in Mail['type']]: (mail: MailOf<Type>) => MailContent }
