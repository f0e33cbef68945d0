import * as z from 'zod'
import { asciiUpperCase } from '../kernel/ascii-case.ts'

/** The maximum UTF-16 code units of any input text; longer input is refused without being processed. */
export const maxTextLength = 4_096

/**
 * The maximum UTF-16 code units of a profile's free texts: organisation, clearing house options, access
 * channel.
 */
export const maxProfileText = 256

/**
 * Characters that must not occur in a text that people read or that storage keeps: controls, invisible
 * formatting such as bidirectional overrides, unpaired surrogates, private-use and unassigned characters, line
 * and paragraph separators, and everything else that Unicode calls ignorable, such as fillers and tags.
 * PostgreSQL refuses some of them; a checker would misread others. A variation selector after a Chinese
 * character is allowed: it selects the form of that character, and names are written with it.
 */
const unprintableCharacter =
  '[\\p{C}\\p{Zl}\\p{Zp}]|(?!\\p{Variation_Selector})\\p{Default_Ignorable_Code_Point}|(?<!\\p{Script=Han})\\p{Variation_Selector}'
const unprintable = new RegExp(unprintableCharacter, 'u')
const everyUnprintable = new RegExp(unprintableCharacter, 'gu')
const unprintableExceptLineBreaks = new RegExp(`(?![\\n\\t])(?:${unprintableCharacter})`, 'u')

/**
 * The schema of opaque text such as a code or a token, which is compared and never stored or shown: at most
 * {@link maxTextLength} code units of any kind.
 *
 * @rule API-01
 */
export const opaqueText = z.string().max(maxTextLength)

/**
 * The schema of one line of printable text.
 *
 * @param maximum - the maximum UTF-16 code units.
 * @rule API-01
 */
export const lineOfText = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .refine((text) => !unprintable.test(text), 'must be one line without control or invisible characters')

/**
 * The schema of printable text of several lines; line feeds and tabs are allowed.
 *
 * @param maximum - the maximum UTF-16 code units.
 * @rule API-01
 */
export const linesOfText = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .refine(
      (text) => !unprintableExceptLineBreaks.test(text),
      'must not contain control or invisible characters other than line feeds and tabs',
    )

/**
 * Whether a text has no control, invisible, private-use or unassigned character.
 *
 * @rule API-01
 */
export const isPrintable = (text: string): boolean => !unprintable.test(text)

/**
 * Replaces every character of a text that {@link isPrintable} refuses.
 *
 * @rule API-01
 */
export const replaceUnprintable = (text: string, replacement: (character: string) => string): string =>
  text.replace(everyUnprintable, replacement)

/**
 * Shows every character of a text that {@link isPrintable} refuses as its number, such as `[U+202E]`, so that
 * a text of unknown origin can be printed.
 *
 * @rule API-01
 */
export const showUnprintable = (text: string): string =>
  replaceUnprintable(
    text,
    (character) => `[U+${asciiUpperCase((character.codePointAt(0) ?? 0).toString(16)).padStart(4, '0')}]`,
  )

/**
 * Whether a spreadsheet would run a text as a formula: it begins with `=`, `+`, `-` or `@`, or with one of
 * their full-width forms, which East Asian versions of Excel read alike.
 *
 * @rule MIG-24
 */
export const looksLikeFormula = (text: string): boolean => /^\s*[=+\-@＝＋－＠]/.test(text)
