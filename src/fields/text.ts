import * as z from 'zod'

/** The maximum UTF-16 code units of any input text; longer input is refused without being processed. */
export const maxTextLength = 4_096

/**
 * The maximum UTF-16 code units of a profile's free texts: organisation, clearing house options, access
 * channel.
 */
export const maxProfileText = 256

/**
 * Characters that must not occur in a text that people read or that storage keeps: controls, invisible
 * formatting such as bidirectional overrides, unpaired surrogates, private-use and unassigned characters, and
 * line and paragraph separators. PostgreSQL refuses some of them; a checker would misread others.
 */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u
const unprintableExceptLineBreaks = /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/u

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
