/**
 * Creates a type guard for the values of a list. It returns true only for a string in the list; letter case
 * and blanks matter.
 *
 * @rule API-01
 */
export const isOneOf = <const T extends string>(values: readonly T[]) => {
  const members = new Set<unknown>(values)
  return (value: unknown): value is T => members.has(value)
}
