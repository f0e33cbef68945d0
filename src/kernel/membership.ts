/**
 * A guard for the values of a list: true for a string that is in it, false for every other value of any type.
 * Letter case and blanks count.
 */
export const isOneOf =
  <const T extends string>(values: readonly T[]) =>
  (value: unknown): value is T =>
    typeof value === 'string' && (values as readonly string[]).includes(value)
