/** What is absent: a participant, an account, a line, or a warning that is a finding. */
import { expect, test } from 'vitest'
import type { AccountPlan } from '../../../src/migration/model/account-plan.ts'
import { type ListingRow, readListingRow } from '../../../src/migration/model/listing.ts'
import { reconcileAccount } from '../../../src/migration/model/reconcile.ts'
import { launch, lineOf, planLines } from './lines.ts'

test('MIG-16 · a line without a participant has no such field, in the plan and in the reconciliation', () => {
  const plan = planLines([lineOf('x', { 'User ID': 'x' })]).accounts[0] as AccountPlan
  expect(plan).not.toHaveProperty('participant')
  const reconciled = reconcileAccount(plan, { stage: 'Unknown' }, { at: launch, phase: 'parallel-run' })
  expect(reconciled).not.toHaveProperty('participant')
})

test('API-01 · a line that is no object is refused with all of its cells missing', () => {
  for (const row of [null, undefined, 5])
    expect(readListingRow(row as unknown as ListingRow)._unsafeUnwrapErr().problems).toHaveLength(13)
})

test('MIG-16 · an expired certificate that blocks an account is no warning too', () => {
  const row = lineOf('B0123401', { 'Certificate Expiry Date': '31-Dec-22 23:59:59' })
  expect(planLines([row]).accounts).toMatchObject([
    { status: 'blocked', findings: [{ code: 'certificate-expired' }], warnings: [] },
  ])
})

test('ID-07, ID-12 · a line of another participant is refused as such, also if its User ID is in the listing already', () => {
  const rows = [lineOf('B0123401'), lineOf('B0123401', { Organisation: 'B01235 X' })]
  expect(planLines(rows).accounts.map(({ findings }) => findings.map(({ code }) => code))).toEqual([
    [],
    ['wrong-participant'],
  ])
})
