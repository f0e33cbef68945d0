import Database from 'libsql'
import type { Commit, StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { sqliteStorage } from '../../src/stores/sqlite.ts'

/** Storage in an SQLite database in memory. */
export const sqlite = (): StoragePort => sqliteStorage(new Database(':memory:'))

const aWhile = async () => {
  const hops = Math.floor(Math.random() * 4)
  for (let i = 0; i < hops; i++) await undefined
  if (Math.random() < 0.3) await new Promise((resolve) => setImmediate(resolve))
}

/** A storage with delays before and after it loads and commits, so that others interleave. */
export const yielding = (inner: StoragePort = memoryStorage()): StoragePort => {
  const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
    await aWhile()
    const done = await work()
    await aWhile()
    return done
  }
  return {
    ...inner,
    load: (keys) => slowly(() => inner.load(keys)),
    commit: (commit) => slowly(() => inner.commit(commit)),
  }
}

/** A storage that counts its round trips, and shows each commit to a callback. */
export const counting = (inner: StoragePort = memoryStorage()) => {
  const trips = { load: 0, commit: 0, trail: 0 }
  const commits: Commit[] = []
  const storage: StoragePort = {
    ...inner,
    load: (keys) => {
      trips.load++
      return inner.load(keys)
    },
    commit: (commit) => {
      trips.commit++
      commits.push(commit)
      return inner.commit(commit)
    },
    trail: (key, page) => {
      trips.trail++
      return inner.trail(key, page)
    },
  }
  return { ...storage, trips, commits }
}
