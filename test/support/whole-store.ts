import { expect } from 'vitest'
import { trailVerifier } from '../../src/aggregates.ts'
import { type RecordKey, recordKinds, type StoragePort } from '../../src/index.ts'

/** Reads all pages to the end. */
const pages = async function* <T>(read: (last: T | undefined) => Promise<readonly T[]>) {
  for (let last: T | undefined; ; ) {
    const page = await read(last)
    yield* page
    if (page.length === 0) return
    last = page.at(-1)
  }
}

/** The problems of one record, and the operations in its trail, each once. */
const lookAt = async (storage: StoragePort, key: RecordKey, record: unknown) => {
  const verifier = trailVerifier(key, record)
  const [acts, problems]: [string[], unknown[]] = [[], []]
  const trail = pages<{ readonly seq: number; readonly operationId: string }>((last) =>
    storage.trail(key, { after: last?.seq ?? 0, limit: 500 }),
  )
  for await (const entry of trail) {
    verifier.add(entry)
    if (acts.at(-1) !== entry.operationId) acts.push(entry.operationId)
  }
  const { findings, beyond } = verifier.finish()
  if (beyond !== undefined) problems.push({ code: 'trail-ahead', record: key, seq: beyond })
  const twice = acts.filter((operationId, i) => acts.indexOf(operationId) !== i)
  if (twice.length > 0) problems.push({ code: 'operationId-twice', record: key, acts: twice })
  return { acts, problems: [...findings, ...problems] }
}

/**
 * Verifies a store after a storm: every record equals the fold of its trail, every chain is valid up to its
 * head, every vault holds what the state refers to, and no operationId was committed twice. Returns the
 * number of records and operations, for tests that know how many there must be.
 */
export const expectWholeStore = async (storage: StoragePort) => {
  const acts = new Set<string>()
  const problems: unknown[] = []
  let records = 0
  const participants = pages<string>((last) => storage.participants({ after: last ?? '', limit: 100 }))
  for await (const participant of participants)
    for (const kind of recordKinds)
      for await (const { id, record } of pages<{ readonly id: string; readonly record: unknown }>((last) =>
        storage.list(participant, kind, { after: last?.id ?? '', limit: 100 }),
      )) {
        const looked = await lookAt(storage, { participant, kind, id }, record)
        problems.push(...looked.problems)
        for (const operationId of looked.acts) acts.add(operationId)
        records++
      }
  expect(problems).toEqual([])
  return { records, acts: acts.size }
}
