/**
 * Creates a type guard for the values of a list. It returns true only for a string in the list; letter case
 * and blanks matter.
 *
 * @rule API-01
 */
export const isOneOf =
  <const T extends string>(values: readonly T[]) =>
  (value: unknown): value is T =>
    // `includes` would take members of the list alone, which is what is to be found out.
    typeof value === 'string' && (values as readonly string[]).includes(value)
