import type { FormName } from './forms.ts'

/**
 * A form's reference number: its prefix and 8 digits, e.g. `DA3_00013361`.
 *
 * @category eServices
 */
export type EserviceReference = string

/** The prefix of each form's reference numbers. */
const prefixes: Readonly<Record<FormName, string>> = { 'DA 3': 'DA3', 'DA 4': 'DA4', 'SCard 1': 'SCard1' }

/**
 * Formats a form's number as its reference.
 *
 * @param number - whole, 0–99,999,999.
 * @returns the reference; `undefined` if the number is out of bounds.
 * @example
 * ```ts
 * formatReference('DA 3', 13361) // DA3_00013361
 * ```
 * @rule ESV-03
 * @category eServices
 */
export const formatReference = (form: FormName, number: number): EserviceReference | undefined =>
  Number.isInteger(number) && number >= 0 && number <= 99_999_999
    ? `${prefixes[form]}_${String(number).padStart(8, '0')}`
    : undefined

/**
 * Whether a text is a reference of a given form.
 *
 * @rule ESV-03
 * @category eServices
 */
export const isReferenceOf = (form: FormName, text: string): boolean =>
  text.startsWith(`${prefixes[form]}_`) && /^[0-9]{8}$/.test(text.slice(prefixes[form].length + 1))
