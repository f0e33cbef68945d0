/** The contract of the service finds storages that reveal, count or allocate too much. */
import { memoryStorage } from 'ccass-2fa/memory'
import { serviceContract } from 'ccass-2fa/testing'
import { describe, expect, test } from 'vitest'
import type { Commit, RecordWrite, StoragePort } from '../../src/ports/storage.ts'
import { yielding } from '../support/storages.ts'
import { failuresOf } from './failures.ts'

const rebased = async (inner: StoragePort, { key, record, entries }: RecordWrite): Promise<RecordWrite> => {
  const version = (await inner.load([key]))[0]?.version ?? 0
  return {
    key,
    expectedVersion: version,
    record: { ...record, version: version + entries.length },
    entries: entries.map((entry, i) => ({ ...entry, seq: version + i + 1 })),
  }
}

/** Writes everything over the stored data without comparing versions. */
const lastWins = async (inner: StoragePort, { writes, notices }: Commit) =>
  inner.commit({ writes: await Promise.all(writes.map((write) => rebased(inner, write))), notices })

const breakages: Readonly<
  Record<string, readonly [breaking: (inner: StoragePort) => Partial<StoragePort>, caught: RegExp]>
> = {
  'does not compare': [
    (inner) => ({ commit: (commit) => lastWins(inner, commit) }),
    /^guesses · 200 concurrent wrong pass/,
  ],
  'compares, and writes later': [
    (inner) => ({
      commit: async (commit) => {
        const present = await inner.load(commit.writes.map(({ key }) => key))
        if (commit.writes.some((write, i) => (present[i]?.version ?? 0) !== write.expectedVersion))
          return 'conflict'
        await new Promise((resolve) => setImmediate(resolve))
        return lastWins(inner, commit)
      },
    }),
    /^codes · one correct code concurrently in 50 sign-ins/,
  ],
  'commits one record after the other': [
    (inner) => ({
      commit: async ({ writes, notices }) => {
        let outcome: Awaited<ReturnType<StoragePort['commit']>> = 'committed'
        for (const write of writes)
          if ((await inner.commit({ writes: [write], notices })) === 'conflict') outcome = 'conflict'
        return outcome
      },
    }),
    /^(quota|IDs) · /,
  ],
  'says committed for a conflict': [
    (inner) => ({
      commit: async (commit) => {
        await inner.commit(commit)
        return 'committed'
      },
    }),
    /^guesses · 200 concurrent wrong codes in one sign-in/,
  ],
}

test('LOCK-09 · a storage that passes its own contract passes this one', async () => {
  const cases = serviceContract(async () => ({ storage: yielding(memoryStorage()) }))
  expect(await failuresOf(cases.filter(({ name }) => /^(codes|quota|IDs)/.test(name)))).toEqual([])
})

describe('LOCK-09 · the contract catches a storage that', () => {
  test.each(Object.entries(breakages))('%s', async (_, [breaking, caught]) => {
    const cases = serviceContract(async () => {
      const inner = yielding(memoryStorage())
      return { storage: { ...inner, ...breaking(inner) } }
    })
    expect(await failuresOf(cases.filter(({ name }) => caught.test(name)))).not.toEqual([])
  })
})
