import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Phase } from '../../../src/access-control/timeline.ts'
import type { Account, ExistingAccount } from '../../../src/account/state.ts'
import { noFailedAttempts } from '../../../src/lockout/attempts.ts'
import type { AccountPlan } from '../../../src/migration/model/account-plan.ts'
import { reconcileAccount, reconciliationOutcomes } from '../../../src/migration/model/reconcile.ts'
import { listingReconciler } from '../../../src/migration/model/reconciler.ts'
import { hk, launch, lineOf, planLines, planReads, suppliedLines } from './lines.ts'

const unknown: Account = { stage: 'Unknown' }
const situation = { at: launch, phase: 'parallel-run' as Phase }

/** The account that a plan imports, before its holder has done anything. */
const arrivedAs = ({ account }: AccountPlan, changes: Partial<ExistingAccount> = {}): Account => {
  if (account === undefined) return unknown
  const { userId, role, profile } = account
  return {
    stage: 'Registered',
    userId,
    role,
    ...profile,
    origin: 'imported',
    registeredAt: launch - 1,
    sessionEpoch: 0,
    failedAttempts: noFailedAttempts,
    challenges: [],
    codes: {},
    codesIssued: {},
    failedEnrolmentAttempts: {},
    passwordHistory: [],
    ...changes,
  } as Account
}
const initialised = {
  stage: 'Initialised',
  password: { credential: 'p', changedAt: launch },
  channel: { kind: 'Email' },
  deviceChangePending: false,
} as const satisfies Partial<ExistingAccount>

const planOf = (changes: Parameters<typeof lineOf>[1] = {}) =>
  planLines([lineOf('B0123401', changes)]).accounts[0] as AccountPlan
const ready = planOf()
const outcome = (plan: AccountPlan, stored: Account, phase: Phase = 'parallel-run') =>
  reconcileAccount(plan, stored, { ...situation, phase })

test('MIG-16 · every combination of plan and store has its outcome', () => {
  const refused = planOf({ Organisation: 'B01235 X' })
  const deleted = { stage: 'Deleted', userId: 'B0123401' } as Account
  const met = [
    outcome(ready, arrivedAs(ready, initialised)),
    outcome(ready, arrivedAs(ready)),
    outcome(ready, arrivedAs(ready, { email: 'other@example.example' })),
    outcome(ready, unknown),
    outcome(ready, deleted),
    outcome(refused, unknown),
    outcome(refused, arrivedAs(ready)),
  ].map((each) => each.outcome)
  expect(met).toEqual([...reconciliationOutcomes])
  expect(outcome(refused, deleted).outcome).toBe('left-out')
})

test('MIG-16 · differences are reported by field; fields without a column are not compared', () => {
  const differs = (changes: Partial<ExistingAccount>) => outcome(ready, arrivedAs(ready, changes)).differs
  expect(differs({})).toEqual([])
  expect(differs({ internal: true, userGroups: ['11'], transactionLimits: { DI: '1.00' } })).toEqual([])
  expect(
    differs({
      role: 'DelegatedAdministrator',
      status: 'DISABLED',
      email: 'x@y.example',
      surname: 'LEE',
      enableFrom: '2023-01-01',
      smartcard: { srn: '1', certificateExpiry: 1 },
    }),
  ).toEqual(['role', 'status', 'surname', 'email', 'enableFrom', 'smartcard'])
  const { email: _, ...gone } = arrivedAs(ready) as ExistingAccount
  expect(outcome(ready, gone as Account).differs).toEqual(['email'])
  expect(
    outcome(
      ready,
      arrivedAs(ready, {
        smartcard: { certificateExpiry: hk('2031-01-01T00:00:00'), srn: '0101101200012AB2' },
      }),
    ).differs,
  ).toEqual([])
})

test('MIG-12 · after decommissioning a smartcard that has left the profile is not a difference', () => {
  const { smartcard: _, ...gone } = arrivedAs(ready) as ExistingAccount
  expect(outcome(ready, gone as Account).differs).toEqual(['smartcard'])
  expect(outcome(ready, gone as Account, 'decommissioned').outcome).toBe('not-initialised')
})

test('ACC-03, ACC-06 · accounts that have not initialised are listed with what they wait for', () => {
  const waits = (changes: Partial<ExistingAccount>, plan = ready) =>
    outcome(plan, arrivedAs(plan, changes)).pending
  expect(waits({})).toBe('holder')
  expect(waits({ stage: 'PasswordSet', password: initialised.password })).toBe('holder')
  expect(waits({}, planOf({ Email: '' }))).toBe('email')
  expect(waits({ stage: 'Locked' })).toBe('unlock')
  expect(waits({ stage: 'Locked', status: 'DISABLED' })).toBe('enabling')
  expect(['2023-06-05', '2023-06-06'].map((enableFrom) => waits({ enableFrom }))).toEqual([
    'holder',
    'enabling',
  ])
  expect(['2023-06-05', '2023-06-04'].map((disableAfter) => waits({ disableAfter }))).toEqual([
    'holder',
    'enabling',
  ])
  expect(waits(initialised)).toBeUndefined()
})

test('MIG-16 · the supplied listing, applied except for one account and with two initialised, is reconciled correctly', () => {
  const { accounts } = planReads(suppliedLines())
  const reconciling = listingReconciler({ at: launch, phaseOf: () => 'parallel-run' })
  accounts.forEach((plan, i) => {
    const stored = i < 2 ? arrivedAs(plan, initialised) : arrivedAs(plan)
    reconciling.add(plan, i === 12 ? unknown : stored)
  })
  const { totals, participants } = reconciling.finish()
  expect(totals).toEqual({
    lines: 13,
    planned: 13,
    arrived: 12,
    missing: 1,
    deleted: 0,
    different: 0,
    initialised: 2,
    notInitialised: 10,
    waiting: { enabling: 1, unlock: 0, email: 2, holder: 7 },
    leftOut: 0,
    unplanned: 0,
  })
  expect(participants.map(({ participant, listed, more }) => [participant, listed.length, more])).toEqual([
    ['B01234', 4, 0],
    ['BNK999', 3, 0],
    ['HKABC', 4, 0],
  ])
})

test('MIG-16 · a line refused as a duplicate is left out although the first one is applied', () => {
  const rows = [lineOf('B0123401'), lineOf('B0123401'), lineOf('B012')]
  const { accounts } = planLines(rows)
  const reconciling = listingReconciler({ at: launch, phaseOf: () => 'parallel-run' })
  const stored = arrivedAs(accounts[0] as AccountPlan)
  const outcomes = accounts.map((plan) => reconciling.add(plan, plan.line === 4 ? unknown : stored).outcome)
  expect(outcomes).toEqual(['not-initialised', 'left-out', 'left-out'])
  expect(reconciling.finish().totals).toMatchObject({ lines: 3, planned: 1, leftOut: 2, unplanned: 0 })
})

test('MIG-16 · accounts are listed up to the limits; the rest are counted', () => {
  const rows = Array.from({ length: 20 }, (_, i) => lineOf(`${i < 12 ? 'B01234' : 'BNK999'}${10 + i}`))
  const listed = (options: object) => {
    const reconciling = listingReconciler({
      at: hk('2023-07-01T00:00:00'),
      phaseOf: () => 'parallel-run',
      ...options,
    })
    for (const plan of planLines(rows).accounts) reconciling.add(plan, unknown)
    return reconciling.finish().participants.map((each) => [each.listed.length, each.more])
  }
  expect(listed({})).toEqual([
    [12, 0],
    [8, 0],
  ])
  expect(listed({ perParticipant: 5, overall: 7 })).toEqual([
    [5, 7],
    [2, 6],
  ])
})

test('MIG-16 · for any accounts the totals add up, per participant and overall', () => {
  const plans = planReads(suppliedLines()).accounts
  const stored = fc.array(
    fc.constantFrom('none', 'registered', 'initialised', 'locked', 'other', 'deleted'),
    {
      minLength: 13,
      maxLength: 13,
    },
  )
  fc.assert(
    fc.property(stored, (states) => {
      const reconciling = listingReconciler({ at: launch, phaseOf: () => 'parallel-run' })
      plans.forEach((plan, i) => {
        const accounts: Record<string, Account> = {
          none: unknown,
          registered: arrivedAs(plan),
          initialised: arrivedAs(plan, initialised),
          locked: arrivedAs(plan, { stage: 'Locked' }),
          other: arrivedAs(plan, { surname: 'OTHER' }),
          deleted: { stage: 'Deleted', userId: plan.userId } as Account,
        }
        reconciling.add(plan, accounts[states[i] ?? 'none'] ?? unknown)
      })
      const { totals, participants } = reconciling.finish()
      expect(totals.planned).toBe(totals.arrived + totals.missing + totals.deleted)
      expect(totals.arrived).toBe(totals.initialised + totals.notInitialised)
      expect(totals.notInitialised).toBe(Object.values(totals.waiting).reduce((a, b) => a + b, 0))
      expect(totals.lines).toBe(totals.planned + totals.leftOut + totals.unplanned)
      for (const key of ['lines', 'arrived', 'missing', 'different', 'initialised'] as const)
        expect(participants.reduce((sum, each) => sum + each.totals[key], 0)).toBe(totals[key])
      expect(totals.different).toBe(states.filter((state) => state === 'other').length)
    }),
  )
})

test('MIG-16 · each outcome is counted under its own name, and under no other', () => {
  const reconciling = listingReconciler({ at: launch, phaseOf: () => 'parallel-run' })
  const refused = planOf({ Organisation: 'B01235 X' })
  reconciling.add(refused, arrivedAs(ready))
  reconciling.add(refused, unknown)
  reconciling.add(ready, unknown)
  expect(reconciling.finish().totals).toMatchObject({
    lines: 3,
    planned: 1,
    unplanned: 1,
    leftOut: 1,
    missing: 1,
  })
})
