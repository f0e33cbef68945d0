import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { keyText } from '../integrity/entry.ts'
import type { RecordFinding } from '../integrity/finding.ts'
import type { ErasedThrough } from '../ports/personal-data.ts'
import type { RecordKey } from '../ports/storage.ts'
import { lostAccounts, strangeAccounts } from './allocated-user-ids.ts'
import { type FoundRecord, nextRecords } from './record-cursor.ts'
import { listedPast, loadPast } from './unreadable-records.ts'
import { type Verified, verifyAbsent, verifyRecord } from './verify-record.ts'

/**
 * A record of which personal data were erased.
 *
 * @category Audit trail
 */
export interface ErasedRecord {
  readonly record: RecordKey
  /** By kind, the last entry up to which they were erased. */
  readonly through: ErasedThrough
}

/**
 * What a call of `audit.verify` looked at, and what is wrong with it.
 *
 * @category Audit trail
 */
export interface VerifiedPage {
  /** How many records were checked. */
  readonly records: number
  /** How many entries of their trails were looked at. */
  readonly entries: number
  /** The findings; empty if nothing is wrong. */
  readonly findings: readonly RecordFinding[]
  /** What was erased of personal data, as the trails say: no finding (PRI-02). */
  readonly erased: readonly ErasedRecord[]
  /** Cursor for the next call; absent when everything was checked. */
  readonly after?: string
}

/** Adds up what is looked at. */
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
  for (const each of found)
    if (each.key.kind === 'account')
      groups.set(each.key.participant, [...(groups.get(each.key.participant) ?? []), each])
  return groups
}

/** Records with their trails, and what they say of each other. */
const verifyFound = async (
  context: ServiceContext,
  found: readonly FoundRecord[],
): Promise<Result<VerifiedPage, PortFailed>> => {
  const sum = tally()
  for (const each of found) {
    const verified = await verifyRecord(context, each.key, each.record)
    if (verified.isErr()) return err(verified.error)
    sum.add(each.key, verified.value)
    if (each.key.kind !== 'participant' || each.key.id !== each.key.participant) continue
    const lost = await lostAccounts(context, each)
    if (lost.isErr()) return err(lost.error)
    sum.findings.push(...lost.value)
  }
  for (const [participant, accounts] of accountsBy(found)) {
    const strange = await strangeAccounts(context, participant, accounts)
    if (strange.isErr()) return err(strange.error)
    sum.findings.push(...strange.value)
  }
  return ok(sum.page(found.length))
}

/** One record, if it is there; if it is not, that nothing is left of it. */
export const verifyOne = async (
  context: ServiceContext,
  key: RecordKey,
): Promise<Result<VerifiedPage, PortFailed>> => {
  const record = await loadPast(context, key)
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
 * The next records, from a place on.
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
  const walked = await nextRecords(
    context,
    only,
    from,
    limit,
    listedPast((finding) => unreadable.push(finding)),
  )
  if (walked.isErr()) return err(walked.error)
  const { found, last } = walked.value
  return (await verifyFound(context, found)).map(({ records, entries, findings, erased }) => ({
    erased,
    records: records + unreadable.length,
    entries,
    findings: [...unreadable, ...findings],
    ...(last === undefined ? {} : { after: keyText(last) }),
  }))
}
