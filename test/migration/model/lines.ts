import { defineTimeline, type TimelineInput } from '../../../src/access-control/timeline.ts'
import type { AccountPlan, ReadLine } from '../../../src/migration/model/account-plan.ts'
import { type ListingRow, readListingCells, readListingRow } from '../../../src/migration/model/listing.ts'
import { readListingHeader } from '../../../src/migration/model/listing-header.ts'
import { type ListingPlan, listingPlanner, type PlanOptions } from '../../../src/migration/model/plan.ts'
import { suppliedCells } from './supplied-listing.ts'

/** Hong Kong wall time as an instant. */
export const hk = (text: string): number => Date.parse(`${text}+08:00`)

export const launch = hk('2023-06-05T09:00:00')
export const decommissioning = hk('2023-12-04T00:00:00')

/** A line of a listing without findings, except for the changes. */
export const lineOf = (userId: string, changes: ListingRow = {}): ListingRow => {
  const code = /^HK/i.test(userId) ? userId.slice(0, 5) : userId.slice(0, 6)
  return {
    Organisation: `${code.toUpperCase()} EXAMPLE LIMITED`,
    'User ID': userId,
    Surname: 'CHAN',
    'Other Names': 'TAI MAN',
    Email: 'tm.chan@example.example',
    'User Status': 'ENABLED',
    'Enable From': '',
    'Disable After': '',
    'Clearing House Options': 'Cash',
    'Access Channel': 'C3T',
    SRN: '0101101200012AB2',
    'Certificate Expiry Date': '31-Dec-30 23:59:59',
    Remarks: /[XYZ][1-9]$/.test(userId) ? 'Delegated Administrator' : '',
    ...changes,
  }
}

export const timelineOf = (input: Partial<TimelineInput> = {}) =>
  defineTimeline({ launch, decommissioning, ...input })._unsafeUnwrap()

/** The lines of the supplied listing, parsed. */
export const suppliedLines = (): readonly ReadLine[] => {
  const [names = [], ...lines] = suppliedCells
  const header = readListingHeader(names)._unsafeUnwrap()
  return lines.map((cells) => readListingCells(header, cells))
}

export interface Planned {
  readonly accounts: readonly AccountPlan[]
  readonly plan: ListingPlan
}

/** Plans lines that are numbered from 2 on. */
export const planReads = (
  reads: readonly ReadLine[],
  options: Partial<PlanOptions> = {},
  dates: Partial<TimelineInput> = {},
): Planned => {
  const planning = listingPlanner(timelineOf(dates), {
    at: hk('2023-04-01T12:00:00'),
    ...options,
  })
  const accounts = reads.map((read, i) => planning.add(i + 2, read))
  return { accounts, plan: planning.finish() }
}

export const planLines = (
  rows: readonly ListingRow[],
  options: Partial<PlanOptions> = {},
  dates: Partial<TimelineInput> = {},
): Planned =>
  planReads(
    rows.map((row) => readListingRow(row)),
    options,
    dates,
  )
