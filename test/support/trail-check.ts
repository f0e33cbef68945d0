/** The checks of AUD-01 and AUD-02, written a second time so that the library is not its own witness. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { aggregates } from '../../src/aggregates.ts'
import { type RecordKey, recordKinds, type StoragePort, type StoredRecord } from '../../src/index.ts'
import { foldEvents } from '../../src/kernel/decider.ts'
import { keyOf, recordOf, type TestService, wholeTrail } from './test-service.ts'

/** The value with its keys sorted, as canonical JSON needs. */
const ordered = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(ordered)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, ordered((value as Record<string, unknown>)[key])]),
        )
      : value

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The hash before the first entry of a record's trail. */
export const originOf = ({ participant, kind, id }: RecordKey) =>
  sha256(`ccass-2fa/trail/1${JSON.stringify([participant, kind, id])}`)

/** The digests by which data refer to personal values. */
const referencesIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return []
  if ('personal' in value && 'digest' in value) return [String(value.digest)]
  return Object.values(value).flatMap(referencesIn).sort()
}

/**
 * The state is the fold of the trail, the version its length, the chain unbroken up to the head; personal values match the
 * digests that refer to them; and the vault holds what the state refers to and nothing else.
 */
const expectRecordVerifies = async (storage: StoragePort, key: RecordKey, record: StoredRecord) => {
  const name = `${key.participant} ${key.kind} ${key.id}`
  const { decider, credentialsOf } = aggregates[key.kind]
  const trail = await wholeTrail(storage, key)
  expect(
    trail.map(({ seq }) => seq),
    name,
  ).toEqual(trail.map((_, i) => i + 1))
  expect(record.version, name).toBe(trail.length)

  const events = trail.map(({ event }) => event as never)
  const folded = foldEvents<unknown, never>(decider.evolve as never, decider.initial, events)
  expect(record.state, name).toEqual(JSON.parse(JSON.stringify(folded)))

  let head = originOf(key)
  for (const { hash, personal = {}, ...entry } of trail) {
    const openings = Object.assign({}, ...Object.values(personal))
    expect(Object.keys(openings).sort(), name).toEqual(referencesIn(entry))
    for (const [digest, opening] of Object.entries(openings))
      expect(sha256(String(opening)), name).toBe(digest)
    head = sha256(head + JSON.stringify(ordered(entry)))
    expect(hash, name).toBe(head)
  }
  expect(record.head, name).toBe(head)

  const referredTo = [
    ...new Set([...credentialsOf(record.state as never), ...referencesIn(record.state)]),
  ].sort()
  expect(Object.keys(record.vault).sort(), name).toEqual(referredTo)
}

/** That the record of an account and its trail agree; where there is no account, that there is no trail. */
export const expectTrailVerifies = async (service: Pick<TestService, 'storage'>, userId: string) => {
  const record = await recordOf(service, userId)
  if (record === undefined) expect(await wholeTrail(service.storage, keyOf(userId))).toEqual([])
  else await expectRecordVerifies(service.storage, keyOf(userId), record)
}

/** That every record of a storage and its trail agree. */
export const expectAllTrailsVerify = async ({ storage }: Pick<TestService, 'storage'>) => {
  let checked = 0
  for (const participant of await storage.participants({ after: '', limit: 1_000 }))
    for (const kind of recordKinds)
      for (const { id, record } of await storage.list(participant, kind, { after: '', limit: 1_000 })) {
        await expectRecordVerifies(storage, { participant, kind, id }, record)
        checked++
      }
  expect(checked).toBeGreaterThan(0)
}
