/** Runs tasks of the same key one after the other, those of others meanwhile. */
export interface KeyedQueue {
  run<T>(key: string, task: () => Promise<T>): Promise<T>
}

/**
 * A queue within this process. It only saves tries: what holds the rules under parallel attempts is the
 * storage's compare-and-set, over any number of processes.
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
