/**
 * Keys in the order in which they were last seen, at most this many: the one longest not seen gives way.
 *
 * @param most - how many are kept, from 1 on.
 * @param forget - told of each that gave way.
 */
export const recentKeys = (most: number, forget: (key: string) => void) => {
  const keys = new Set<string>()
  return (key: string): void => {
    keys.delete(key)
    keys.add(key)
    if (keys.size <= most) return
    const [eldest] = keys
    if (eldest === undefined) return
    keys.delete(eldest)
    forget(eldest)
  }
}
