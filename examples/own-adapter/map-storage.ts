import type { Commit, StoragePort } from 'ccass-2fa'
import { emptyTables, isUpToDate, roundTrip, type Tables, textOf, write } from './tables.ts'

/** How a commit is made. This is the only difference between the two adapters. */
type Committing = (tables: Tables, commit: Commit) => Promise<'committed' | 'conflict'>

/**
 * The obvious version, which passes every sequential test: it compares, waits for the database, and writes.
 * Another commit that compares during the wait is also up to date, and also writes.
 */
const compareThenWrite: Committing = async (tables, commit) => {
  if (!isUpToDate(tables, commit)) return 'conflict'
  await roundTrip()
  write(tables, commit)
  return 'committed'
}

/**
 * Compares and writes in one step without waiting in between, like `UPDATE … WHERE version = …` in a
 * transaction.
 */
const compareAndSet: Committing = async (tables, commit) => {
  await roundTrip()
  if (!isUpToDate(tables, commit)) return 'conflict'
  write(tables, commit)
  return 'committed'
}

/** A storage over plain maps. It copies everything, so that callers cannot change what is stored. */
const mapStorage = (commitInto: Committing): StoragePort => {
  const tables = emptyTables()
  const recordsOf = () => [...tables.records.values()]
  return {
    load: async (keys) => {
      await roundTrip()
      return keys.map((key) => structuredClone(tables.records.get(textOf(key))?.record))
    },
    commit: (commit) => commitInto(tables, structuredClone(commit)),
    list: async (participant, kind, { after, limit }) =>
      recordsOf()
        .filter(({ key }) => key.participant === participant && key.kind === kind && key.id > after)
        .map(({ key, record }) => ({ id: key.id, record: structuredClone(record) }))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    trail: async (key, { after, limit }) =>
      structuredClone((tables.trails.get(textOf(key)) ?? []).slice(after, after + limit)),
    journal: async ({ from, limit }) =>
      tables.journal.slice(Number(from), Number(from) + limit).flatMap(({ key, seq }, i) => {
        const entry = tables.trails.get(textOf(key))?.find((each) => each.seq === seq)
        return entry === undefined
          ? []
          : structuredClone([{ position: String(Number(from) + i), key, entry }])
      }),
    participants: async ({ after, limit }) =>
      [...new Set(recordsOf().map(({ key }) => key.participant))]
        .filter((participant) => participant > after)
        .sort()
        .slice(0, limit),
    claimNotices: async ({ now, until, limit }) => {
      const free = [...tables.notices.values()].filter(({ claimedUntil }) => claimedUntil <= now)
      // New notices, claimed until 0, come before those whose claim expired, which may fail again.
      const claimed = free.toSorted((a, b) => a.claimedUntil - b.claimedUntil).slice(0, limit)
      for (const { notice } of claimed) tables.notices.set(notice.id, { notice, claimedUntil: until })
      // `free` is in the order of commits, which the contract requires of the answer.
      return structuredClone(free.filter((row) => claimed.includes(row)).map(({ notice }) => notice))
    },
    settleNotice: async ({ id }) => void tables.notices.delete(id),
  }
}

/** The first version. */
export const firstStorage = (): StoragePort => mapStorage(compareThenWrite)

/** The corrected version. */
export const correctedStorage = (): StoragePort => mapStorage(compareAndSet)
