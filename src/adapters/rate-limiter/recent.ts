/**
 * Keeps a limited number of keys in the order in which they were last seen. The least recently seen key is
 * dropped.
 *
 * @param maxKeys - the maximum number of keys, at least 1.
 * @param forget - called with each dropped key.
 */
export const recentKeys = (maxKeys: number, forget: (key: string) => void) => {
  const keys = new Set<string>()
  return (key: string): void => {
    keys.delete(key)
    keys.add(key)
    if (keys.size <= maxKeys) return
    const [eldest] = keys
    if (eldest === undefined) return
    keys.delete(eldest)
    forget(eldest)
  }
}
