/** MIG-16: planned before any change, and compared with the store afterwards. */
import { expect, test } from 'vitest'
import { htmlReport, textReport } from '../../src/adapters/migration-report.ts'
import type { AccountPlan } from '../../src/migration/model/account-plan.ts'
import type { ReconciledAccount } from '../../src/migration/model/reconcile.ts'
import {
  arriving,
  decommissioning,
  generated,
  launch,
  migratingService,
  supplied,
} from '../support/migration.ts'
import { counting } from '../support/storages.ts'
import { good, type TestService } from '../support/test-service.ts'
import { locked, setUp } from '../support/user-journeys.ts'

const by = 'HKEX'
const participant = 'B01234'

const migrated = async (): Promise<TestService> => {
  const service = migratingService()
  await good(service.auth.migration.apply({ lines: supplied(), by }))
  return service
}

test('MIG-16 · a dry run reports for every account what will happen, what blocks it and who can help; nothing is loaded or written', async () => {
  const storage = counting()
  const service = migratingService({ storage })
  const accounts: AccountPlan[] = []
  const { plan, status: ended } = await good(
    service.auth.migration.plan({ lines: arriving(supplied()), onAccount: (each) => accounts.push(each) }),
  )
  expect([ended, storage.trips]).toEqual(['finished', { load: 0, commit: 0, trail: 0 }])
  expect(plan.totals).toMatchObject({ lines: 13, ready: 10, blocked: 3, refused: 0 })
  const told = accounts.filter(({ status }) => status !== 'ready')
  expect(
    told.map(({ userId, findings }) => [
      userId,
      findings.map(({ code, remedy: help }) => [code, help.route]),
    ]),
  ).toEqual([
    ['B0123403', [['no-registered-email', 'delegated-administrators']]],
    [
      'B012340W',
      [
        ['disabled', 'delegated-administrators'],
        ['no-longer-enabled', 'delegated-administrators'],
        ['certificate-expired', 'SCard 1'],
      ],
    ],
    ['HKABC201', [['no-registered-email', 'delegated-administrators']]],
  ])
})

test('MIG-22, DMS-02 · the plan uses the policy of the service', async () => {
  const service = migratingService({
    policy: {
      migration: { expiredCertificates: 'warn' },
      dms: { onePersonParticipants: ['HKABC'] },
    },
  })
  const { plan } = await good(service.auth.migration.plan({ lines: supplied() }))
  const whatOf = (key: string) =>
    plan.participants.find(({ participant: each }) => each === key)?.tasks.map(({ what }) => what)
  expect(whatOf(participant)).not.toContain('certificate-expired')
  expect(whatOf('HKABC')).not.toContain('fewer-than-two-administrators')
})

test('QTA-01, MIG-13 · maxima and declarations are taken into account', async () => {
  const service = migratingService()
  const { plan } = await good(
    service.auth.migration.plan({
      lines: supplied(),
      maxima: { B01234: 5 },
      declared: { BNK999: [2, 3, 4, 5, 6, 7] },
      participants: ['B01234', 'BNK999'],
    }),
  )
  expect(plan.totals).toMatchObject({ refused: 5 })
  const bank = plan.participants.find(({ participant: key }) => key === 'BNK999')
  expect(bank?.checklist.every(({ done }) => done)).toBe(true)
})

test('MIG-16 · before applying every account is missing, and after it every account has arrived', async () => {
  const before = migratingService()
  const missing = await good(before.auth.migration.reconcile({ lines: supplied() }))
  expect(missing.reconciliation.totals).toMatchObject({ planned: 13, arrived: 0, missing: 13 })

  const service = await migrated()
  const { reconciliation } = await good(service.auth.migration.reconcile({ lines: arriving(supplied()) }))
  expect(reconciliation.totals).toMatchObject({
    ...{ lines: 13, planned: 13, arrived: 13, missing: 0, different: 0, initialised: 0 },
    ...{ notInitialised: 13, waiting: { enabling: 1, unlock: 0, email: 2, holder: 10 } },
  })
})

test('MIG-16 · accounts that were initialised, locked, changed or deleted since are reported as such', async () => {
  const service = await migrated()
  service.clock.set(launch)
  await setUp(service, 'B0123401', 'MobileApp')
  await locked(service, await setUp(service, 'B0123402', 'Email'))
  await good(service.auth.registry.change({ userId: 'BNK99901', by, changes: { surname: 'WONG' } }))
  await good(service.auth.registry.delete({ userId: 'HKABC101', by }))
  const became = new Map<string, ReconciledAccount>()
  const { reconciliation } = await good(
    service.auth.migration.reconcile({
      lines: supplied(),
      onAccount: (account) => became.set(account.userId, account),
    }),
  )
  expect(became.get('B0123401')).toMatchObject({ outcome: 'initialised', initialised: true })
  expect(became.get('B0123402')).toMatchObject({ outcome: 'not-initialised', pending: 'unlock' })
  expect(became.get('BNK99901')).toMatchObject({ outcome: 'different', differs: ['surname'] })
  expect(became.get('HKABC101')).toMatchObject({ outcome: 'deleted' })
  expect(reconciliation.totals).toMatchObject({ arrived: 12, deleted: 1, different: 1, initialised: 1 })
})

test('MIG-16 · after decommissioning removed smartcards are not differences', async () => {
  const service = await migrated()
  service.clock.set(decommissioning)
  await good(service.auth.migration.decommissionSmartcards({ participant, by }))
  const { reconciliation } = await good(service.auth.migration.reconcile({ lines: supplied() }))
  expect(reconciliation.totals.different).toBe(0)
})

test('MIG-16 · a run reports its progress, and each participant is queried in one round trip', async () => {
  const storage = counting()
  const service = migratingService({ storage })
  const lines = generated(3, 300)
  await good(service.auth.migration.apply({ lines, by }))
  storage.trips.load = 0
  const told: number[] = []
  const { status: ended } = await good(
    service.auth.migration.reconcile({ lines, onProgress: ({ upToLine }) => told.push(upToLine) }),
  )
  expect([ended, told]).toEqual(['finished', [501, 907]])
  expect(storage.trips.load).toBe(4)
})

test('MIG-16 · plan and reconciliation can be rendered as text and as one page of HTML', async () => {
  const service = await migrated()
  const { plan, reconciliation } = await good(service.auth.migration.reconcile({ lines: supplied() }))
  const text = [...textReport({ plan, reconciliation })].join('')
  expect(text).toContain('B0123403')
  expect([...htmlReport({ plan, reconciliation })].join('')).toMatch(/^<!doctype html>/i)
})

test('MIG-15 · the access of any account to any resource at any instant can be evaluated, with the rule for each method', async () => {
  const service = await migrated()
  const of = async (userId: string, resource: 'terminal' | 'PG', at: number) =>
    (await good(service.auth.access.evaluate({ userId, resource, at }))).decisions
  expect(await of('B0123401', 'terminal', launch - 1)).toEqual({
    smartcard: { decision: 'allow', rule: expect.any(String), reason: 'smartcard-until-launch' },
    '2fa': { decision: 'deny', rule: 'MIG-03', reason: 'before-launch' },
    '2fa-set-up': { decision: 'deny', rule: 'MIG-07', reason: 'before-launch' },
  })
  expect(await of('B0123403', 'terminal', launch)).toMatchObject({
    smartcard: { decision: 'allow' },
    '2fa-set-up': { decision: 'deny', rule: 'ACC-02', reason: 'no-registered-email' },
  })
  expect(await of('B0123401', 'terminal', decommissioning)).toMatchObject({
    smartcard: { decision: 'deny', rule: 'MIG-12' },
  })
  expect((await of('B0123401', 'PG', decommissioning)).smartcard).toMatchObject({ decision: 'allow' })
  expect((await of('B012340W', 'terminal', launch)).smartcard).toMatchObject({ decision: 'deny' })
})
