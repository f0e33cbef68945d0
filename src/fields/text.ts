import * as z from 'zod'

/** No input text is longer than this many UTF-16 code units; longer input is refused unread. */
export const maxTextLength = 4_096

/** The most UTF-16 code units of the free texts of a profile: organisation, clearing house options, access channel. */
export const maxProfileText = 256

/**
 * Characters that must not stand in a text that people read or that storage keeps: controls, invisible
 * formatting such as bidirectional overrides, unpaired surrogates, private-use and unassigned characters,
 * and line and paragraph separators. PostgreSQL refuses some of them; a checker would misread others.
 */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u
const unprintableExceptLineBreaks = /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/u

/**
 * Opaque text such as a code or a token, which is compared and never stored or shown: at most
 * {@link maxTextLength} code units of any kind.
 *
 * @rule API-01
 */
export const opaqueText = z.string().max(maxTextLength)

/**
 * One line of printable text.
 *
 * @param maximum - the most UTF-16 code units.
 * @rule API-01
 */
export const lineOfText = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .refine((text) => !unprintable.test(text), 'must be one line without control or invisible characters')

/**
 * Printable text of several lines: line feeds and tabs are allowed.
 *
 * @param maximum - the most UTF-16 code units.
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
