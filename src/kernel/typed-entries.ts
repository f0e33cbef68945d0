/*
 * TypeScript types the keys of an object as `string`, because a value can have more members than its type names. These
 * functions are for tables that this library writes itself, which have exactly the keys of their type: the casts that
 * this takes stand here once.
 */

/** The keys of a table. */
export const keysOf = <T extends object>(table: T): readonly (keyof T & string)[] =>
  // Exactly these keys, as stated above.
  Object.keys(table) as (keyof T & string)[]

/** The keys of a table, each with its value. */
export const entriesOf = <Key extends string, Value>(
  table: Readonly<Partial<Record<Key, Value>>>,
): readonly (readonly [Key, Value])[] =>
  // Exactly these keys, as stated above.
  Object.entries(table) as [Key, Value][]

/** A table with a value for each of some keys. */
export const tableOf = <Key extends string, Value>(
  keys: readonly Key[],
  valueFor: (key: Key) => Value,
): Readonly<Record<Key, Value>> =>
  // There is an entry for each key.
  Object.fromEntries(keys.map((key) => [key, valueFor(key)])) as Record<Key, Value>
