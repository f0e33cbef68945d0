/**
 * Runs tasks with the same key one after the other, and tasks with different keys concurrently.
 *
 * @rule LOCK-09
 */
export interface KeyedQueue {
  run<T>(key: string, task: () => Promise<T>): Promise<T>
}

/**
 * Creates a queue for this process. It only reduces conflicts: across any number of processes, the storage's
 * compare-and-set enforces the rules.
 */
export const keyedQueue = (): KeyedQueue => {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run: async (key, task) => {
      const before = tails.get(key) ?? Promise.resolve()
      const mine = before.then(task, task)
      tails.set(key, mine)
      try {
        return await mine
      } finally {
        if (tails.get(key) === mine) tails.delete(key)
      }
    },
  }
}
