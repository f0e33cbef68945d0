import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { load } from '../engine/unit-of-work.ts'
import { isObject } from '../integrity/entry.ts'
import type { RecordFinding } from '../integrity/finding.ts'
import type { RecordKey } from '../ports/storage.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { keyOf } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import type { FoundRecord } from './record-cursor.ts'
import { loadReadable } from './unreadable-records.ts'
import { verifyAbsent } from './verify-record.ts'

type Findings = Promise<Result<readonly RecordFinding[], PortFailed>>

/** The number of records that are looked up together. */
const batchSize = 100

/** Reads a field of a record's state, which can have any shape. */
const fieldOf = (record: unknown, field: string): unknown => {
  const state = isObject(record) ? record['state'] : undefined
  return isObject(state) ? state[field] : undefined
}

/** The User IDs that a participant's record says were allocated. */
const allocatedBy = (record: unknown): ReadonlySet<string> => {
  const given = fieldOf(record, 'allocated')
  return new Set(isObject(given) ? Object.keys(given) : [])
}

/** Those of the given keys under which nothing is stored. A record that can't be read counts as stored. */
const absentOf = async (
  context: ServiceContext,
  keys: readonly RecordKey[],
): Promise<Result<readonly RecordKey[], PortFailed>> => {
  const records = await load(context, keys)
  if (records.isOk()) return ok(keys.filter((_, i) => records.value[i] === undefined))
  const absent: RecordKey[] = []
  for (const key of keys) {
    const record = await loadReadable(context, key)
    if (record.isErr()) return err(record.error)
    if (record.value === undefined) absent.push(key)
  }
  return ok(absent)
}

/**
 * Finds accounts that are missing although their participant allocated their User IDs: an account is created
 * in the same commit as its ID, and is never removed.
 *
 * @rule ID-12
 */
export const missingAccounts = async (
  context: ServiceContext,
  { key, record }: FoundRecord,
  found: readonly FoundRecord[] = [],
): Findings => {
  // Accounts that were just listed exist: they need not be loaded again.
  const there = new Set(found.map((account) => account.key.id))
  const absent = [...allocatedBy(record)].filter((id) => !there.has(id))
  const keys = absent.map((id) => keyOf(accountAggregate, key.participant, id))
  const findings: RecordFinding[] = []
  for (let from = 0; from < keys.length; from += batchSize) {
    const missing = await absentOf(context, keys.slice(from, from + batchSize))
    if (missing.isErr()) return err(missing.error)
    for (const each of missing.value) {
      const verified = await verifyAbsent(context, each, { expected: true })
      if (verified.isErr()) return err(verified.error)
      findings.push(...verified.value.findings)
    }
  }
  return ok(findings)
}

/**
 * Finds accounts of one participant whose User IDs were never allocated. The participant's record is read
 * after theirs, so that it includes all of them.
 *
 * @rule ID-12
 */
export const unallocatedAccounts = async (
  context: ServiceContext,
  participant: string,
  accounts: readonly FoundRecord[],
): Findings => {
  const suspects = accounts.filter(({ record }) => {
    const stage = fieldOf(record, 'stage')
    return typeof stage === 'string' && stage !== 'Unknown'
  })
  if (suspects.length === 0) return ok([])
  const shared = await loadReadable(context, keyOf(participantAggregate, participant, participant))
  if (shared.isErr()) return err(shared.error)
  if (shared.value === 'unreadable') return ok([])
  const given = allocatedBy(shared.value)
  return ok(
    suspects
      .filter(({ key }) => !given.has(key.id))
      .map(({ key }) => ({ record: key, code: 'id-never-allocated', rule: 'ID-12' })),
  )
}
