import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { keyText, recordOf } from '../integrity/entry.ts'
import type { RecordFinding } from '../integrity/finding.ts'
import type { ErasedRecord } from '../integrity/personal-data.ts'
import type { RecordKey } from '../ports/storage.ts'
import { missingAccounts, unallocatedAccounts } from './allocated-user-ids.ts'
import { readTrails, trailGroups } from './read-trail.ts'
import { type FoundRecord, nextRecords } from './record-cursor.ts'
import { listReadable, loadReadable } from './unreadable-records.ts'
import { type Verified, verifyAbsent, verifyRecord } from './verify-record.ts'

/**
 * The result of `audit.verify`: what was checked, and the findings.
 *
 * @category Audit trail
 */
export interface VerifiedPage {
  /** The number of records checked. */
  readonly records: number
  /** The number of trail entries checked. */
  readonly entries: number
  /** The findings; empty if nothing is wrong. */
  readonly findings: readonly RecordFinding[]
  /** Personal data that were erased according to the trails. This is not a finding (PRI-02). */
  readonly erased: readonly ErasedRecord[]
  /** The cursor for the next call; absent when everything has been checked. */
  readonly after?: string
}

/** Adds up what was checked. */
const tally = () => {
  let entries = 0
  const findings: RecordFinding[] = []
  const erased: ErasedRecord[] = []
  return {
    findings,
    add: (record: RecordKey, verified: Verified) => {
      entries += verified.entries
      findings.push(...verified.findings)
      const through = verified.erased ?? {}
      if (Object.keys(through).length > 0) erased.push({ record, through })
    },
    page: (records: number): VerifiedPage => ({ records, entries, findings, erased }),
  }
}

const accountsBy = (found: readonly FoundRecord[]): ReadonlyMap<string, readonly FoundRecord[]> => {
  const groups = new Map<string, FoundRecord[]>()
  for (const each of found) {
    if (each.key.kind !== 'account') continue
    const group = groups.get(each.key.participant)
    if (group === undefined) groups.set(each.key.participant, [each])
    else group.push(each)
  }
  return groups
}

/** A record with the version that it claims; one that claims none is read by itself. */
const versioned = ({ key, record }: FoundRecord) => ({
  key,
  record,
  version: recordOf(record)?.version ?? Number.POSITIVE_INFINITY,
})

/** Verifies records with their trails, and against each other. */
const verifyFound = async (
  context: ServiceContext,
  found: readonly FoundRecord[],
): Promise<Result<VerifiedPage, PortFailed>> => {
  const sum = tally()
  const accounts = accountsBy(found)
  for (const group of trailGroups(found.map(versioned))) {
    const trails = await readTrails(context, group)
    for (const each of group) {
      const verified = await verifyRecord(context, each.key, each.record, { trail: trails.get(each.key) })
      if (verified.isErr()) return err(verified.error)
      sum.add(each.key, verified.value)
      if (each.key.kind !== 'participant' || each.key.id !== each.key.participant) continue
      const lost = await missingAccounts(context, each, accounts.get(each.key.participant))
      if (lost.isErr()) return err(lost.error)
      sum.findings.push(...lost.value)
    }
  }
  for (const [participant, own] of accounts) {
    const unallocated = await unallocatedAccounts(context, participant, own)
    if (unallocated.isErr()) return err(unallocated.error)
    sum.findings.push(...unallocated.value)
  }
  return ok(sum.page(found.length))
}

/** Verifies one record if it exists; if it does not, verifies that nothing of it remains. */
export const verifyOne = async (
  context: ServiceContext,
  key: RecordKey,
): Promise<Result<VerifiedPage, PortFailed>> => {
  const record = await loadReadable(context, key)
  if (record.isErr()) return err(record.error)
  if (record.value === 'unreadable')
    return ok({
      records: 1,
      entries: 0,
      findings: [{ record: key, code: 'record-unreadable', rule: 'AUD-01' }],
      erased: [],
    })
  if (record.value !== undefined) return verifyFound(context, [{ key, record: record.value }])
  return (await verifyAbsent(context, key)).map(({ there, erased: through, ...rest }) => ({
    ...rest,
    erased: through === undefined || Object.keys(through).length === 0 ? [] : [{ record: key, through }],
    records: there ? 1 : 0,
  }))
}

/**
 * Verifies the next page of records from a cursor on.
 *
 * @rule AUD-02
 */
export const verifyPage = async (
  context: ServiceContext,
  only: string | undefined,
  from: RecordKey | undefined,
  limit: number,
): Promise<Result<VerifiedPage, PortFailed>> => {
  const unreadable: RecordFinding[] = []
  const listed = await nextRecords(
    context,
    only,
    from,
    limit,
    listReadable((finding) => unreadable.push(finding)),
  )
  if (listed.isErr()) return err(listed.error)
  const { found, last } = listed.value
  return (await verifyFound(context, found)).map(({ records, entries, findings, erased }) => ({
    erased,
    records: records + unreadable.length,
    entries,
    findings: [...unreadable, ...findings],
    ...(last === undefined ? {} : { after: keyText(last) }),
  }))
}
