/** The texts and limits of plans and reconciliations, and the order of what they list. */

import { err } from 'neverthrow'
import { describe, expect, test } from 'vitest'
import type { Account, ExistingAccount } from '../../../src/account/state.ts'
import { noFailedAttempts } from '../../../src/lockout/attempts.ts'
import type { AccountPlan } from '../../../src/migration/model/account-plan.ts'
import { checklistOf, checklistPoints } from '../../../src/migration/model/checklist.ts'
import { findingCodes, findingKinds, remedyFor } from '../../../src/migration/model/findings.ts'
import { brokenLine, type ListingRow, readListingRow } from '../../../src/migration/model/listing.ts'
import type { PlanOptions } from '../../../src/migration/model/plan.ts'
import { listingPlanner } from '../../../src/migration/model/plan.ts'
import { pendingStep, reconcileAccount } from '../../../src/migration/model/reconcile.ts'
import { listingReconciler } from '../../../src/migration/model/reconciler.ts'
import { seenIds } from '../../../src/migration/model/seen-ids.ts'
import { hk, launch, lineOf, planLines, planReads, timelineOf } from './lines.ts'

describe('findings', () => {
  test('MIG-16 · every finding has its effect, its rule and its statement', () => {
    expect(findingCodes.map((code) => [code, ...Object.values(findingKinds[code])])).toEqual([
      ['no-registered-email', 'blocked', 'MIG-06', 'No email is registered'],
      ['invalid-email', 'blocked', 'MIG-06', 'The registered email is not a valid email address'],
      ['disabled', 'blocked', 'ACC-05', 'The status is DISABLED'],
      ['not-yet-enabled', 'blocked', 'ACC-06', 'Enable From is after launch'],
      ['no-longer-enabled', 'blocked', 'ACC-06', 'Disable After is before launch'],
      ['certificate-expired', 'blocked', 'MIG-16', 'The smartcard’s certificate has expired'],
      ['no-such-format', 'refused', 'ID-07', 'The User ID has no known format'],
      ['unreadable', 'refused', 'MIG-16', 'The line can’t be read'],
      [
        ...['remark-without-administrator-id', 'refused', 'DMS-06'],
        'The remark says Delegated Administrator, the User ID does not',
      ],
      [
        ...['looks-like-administrator', 'refused', 'ID-09'],
        'The User ID looks like a Delegated Administrator’s, and the remark is missing',
      ],
      ['wrong-participant', 'refused', 'ID-07', 'The User ID belongs to another participant than the line'],
      ['duplicate-id', 'refused', 'ID-12', 'The User ID is in the listing already'],
      ['over-quota', 'refused', 'QTA-03', 'The participant’s maximum of accounts is passed'],
      ['too-many-participants', 'refused', 'MIG-16', 'The listing has more participants than one plan holds'],
    ])
  })

  test('MNT-06, MIG-07, ESV-14 · each finding has its remedy, with the rule that names it', () => {
    for (const phase of ['before-registration', 'registration'] as const)
      expect(remedyFor('certificate-expired', 'User', phase)).toEqual({ route: 'SCard 1', rule: 'MNT-06' })
    for (const phase of ['parallel-run', 'decommissioned'] as const)
      expect(remedyFor('certificate-expired', 'User', phase)).toEqual({
        route: 'self-service',
        rule: 'MIG-07',
      })
    expect(remedyFor('over-quota', 'User', 'registration')).toEqual({ route: 'DA 4', rule: 'ESV-14' })
    const ofListing = findingCodes.filter(
      (code) => findingKinds[code].status === 'refused' && code !== 'over-quota',
    )
    for (const code of ofListing)
      expect(remedyFor(code, 'User', 'registration')).toEqual({ route: 'listing', rule: 'MIG-16' })
  })

  test('MIG-16 · what is wrong with an unreadable line is detailed, by column if it has one', () => {
    const { accounts } = planReads([
      readListingRow(lineOf('B0123401', { 'User Status': 'X', 'Enable From': 'x' })),
      err(brokenLine),
      readListingRow(lineOf('B0123401', { Remarks: 'Delegated Administrator' })),
    ])
    const remedy = { route: 'listing', rule: 'MIG-16' }
    expect(accounts).toEqual([
      {
        ...{ line: 2, userId: 'B0123401', participant: 'B01234', status: 'refused', warnings: [] },
        findings: [
          { code: 'unreadable', rule: 'ACC-05', remedy, detail: 'unknown-status: User Status' },
          { code: 'unreadable', rule: 'ACC-05', remedy, detail: 'no-such-date: Enable From' },
        ],
      },
      {
        ...{ line: 3, userId: '', status: 'refused', warnings: [] },
        findings: [{ code: 'unreadable', rule: 'API-01', remedy, detail: 'broken-line' }],
      },
      {
        ...{ line: 4, userId: 'B0123401', participant: 'B01234', status: 'refused', warnings: [] },
        findings: [{ code: 'remark-without-administrator-id', rule: 'DMS-06', remedy }],
      },
    ])
  })
})

describe('the checklist', () => {
  test('MIG-13 · its seven points are those of the briefing', () => {
    expect(checklistPoints).toEqual({
      1: 'Emails of all users and Delegated Administrators are registered',
      2: 'The terminal’s bookmark is checked',
      3: 'Connectivity to the new servers is verified',
      4: 'All users and Delegated Administrators are informed',
      5: 'The information package and the user guides are studied',
      6: 'The procedure of the first sign-in is understood',
      7: 'Users who already use Client Connect or VaR Online keep the same authenticator app',
    })
  })

  test('MIG-13 · each point has its source, and only the first a number of missing emails', () => {
    const item = (point: number, done: boolean) => ({ point, done, source: 'declaration' })
    expect(checklistOf({ total: 2, withoutEmail: 1 }, [1, 3])).toEqual([
      { point: 1, done: false, source: 'listing', missing: 1 },
      ...[item(2, false), item(3, true), item(4, false), item(5, false), item(6, false), item(7, false)],
    ])
    expect(checklistOf({ total: 1, withoutEmail: 0 }, [])[0]).toMatchObject({ done: true, missing: 0 })
    expect(checklistOf({ total: 0, withoutEmail: 0 }, [])[0]).toMatchObject({ done: false, missing: 0 })
  })
})

describe('a plan', () => {
  test('DMS-02, MIG-13 · the tasks are complete, with their rules: accounts first, then administrators, then the checklist', () => {
    const { plan } = planLines([lineOf('B0123401', { Email: '' })], {
      ...{ declared: { B01234: [2, 3, 4, 5] }, onePersonParticipants: ['B01234'] },
    })
    expect(plan.participants[0]?.tasks).toMatchObject([
      { what: 'no-registered-email', count: 1, reason: 'MIG-06', route: 'delegated-administrators' },
      { what: 'fewer-than-two-administrators', count: 1, reason: 'DMS-02', route: 'SCard 1' },
      { what: 'checklist', point: 6, count: 1, reason: 'MIG-13', route: 'participant', rule: 'MIG-13' },
      { what: 'checklist', point: 7, count: 1, reason: 'MIG-13', route: 'participant', rule: 'MIG-13' },
    ])
    expect(plan.participants[0]?.tasks).toHaveLength(4)
    expect(plan.participants[0]?.tasks[0]).not.toHaveProperty('late')
  })

  test('MIG-02 · only tasks for emails can be late', () => {
    const rows: readonly ListingRow[] = [
      lineOf('B0123401', { Email: 'x' }),
      lineOf('B0123402', { 'User Status': 'DISABLED' }),
    ]
    const [first] = planLines(rows, { at: hk('2023-05-02T00:00:00') }).plan.participants
    expect(first?.late).toBe(true)
    expect(first?.tasks.filter(({ late }) => late === true).map(({ what }) => what)).toEqual([
      'invalid-email',
    ])
    const [early] = planLines(rows, { at: hk('2023-04-28T23:59:59') }).plan.participants
    expect(early?.late).toBe(false)
  })

  test('MIG-16 · a plan has its instant, and each participant in order of its key with phase, launch and organisation', () => {
    const at = hk('2023-04-01T12:00:00')
    const rows = [
      lineOf('HKABC101'),
      lineOf('BNK99901'),
      lineOf('B0123401', { 'User Status': 'X' }),
      lineOf('B0123402', { Organisation: 'B01234 FIRST' }),
      lineOf('B0123403', { Organisation: 'B01234 SECOND' }),
    ]
    const { plan } = planLines(rows, { at })
    expect(plan.at).toBe(at)
    expect(plan.participants).toMatchObject([
      { participant: 'B01234', organisation: 'B01234 FIRST', phase: 'registration', launch },
      { participant: 'BNK999', phase: 'registration', launch },
      { participant: 'HKABC', phase: 'registration', launch },
    ])
  })

  test('MIG-16 · the defaults list 100 lines of a participant that are not ready and 50 that are', () => {
    const digits = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVW']
    const ids = digits.flatMap((a) => digits.slice(0, 10).map((b) => `B01234${a}${b}`))
    const rows = ids.slice(0, 160).map((id, i) => lineOf(id, i < 105 ? { Email: '' } : {}))
    const [first] = planLines(rows).plan.participants
    expect(first?.more).toEqual({ ready: 5, notReady: 5 })
    expect(first?.listed.filter(({ status }) => status === 'ready')).toHaveLength(50)
    expect(first?.listed.filter(({ status }) => status === 'blocked')).toHaveLength(100)
  })

  test('MIG-16 · a finished plan does not change when more lines are added', () => {
    const planner = listingPlanner(timelineOf(), { at: launch, participants: ['B01234'] })
    planner.add(2, readListingRow(lineOf('B0123401')))
    planner.add(3, readListingRow(lineOf('BNK99901')))
    const finished = planner.finish()
    const before = structuredClone(finished)
    planner.add(4, readListingRow(lineOf('B0123402')))
    planner.add(5, readListingRow(lineOf('BNK99902')))
    expect(finished).toEqual(before)
    expect(planner.finish().totals).toMatchObject({ lines: 4, ready: 2, refused: 2 })
  })

  test('MIG-16 · everything that other lines or options refuse is found, the participant first', () => {
    const codes = (rows: readonly ListingRow[], options: Partial<PlanOptions> = {}) =>
      planLines(rows, options).accounts.map(({ findings }) => findings.map(({ code }) => code))
    const lookalike = lineOf('B01234X1', { Remarks: '', Organisation: 'B01235 X' })
    expect(codes([lookalike])).toEqual([['wrong-participant', 'looks-like-administrator']])
    // A line that is refused does not take its User ID, and one beyond the maximum does not either.
    expect(codes([lookalike, lineOf('B01234X1')])[1]).toEqual([])
    const twice = [lineOf('B0123401'), lineOf('B0123402'), lineOf('B0123402'), lineOf('B0123401')]
    expect(codes(twice, { maxima: { B01234: 1 } })).toEqual([
      [],
      ['over-quota'],
      ['over-quota'],
      ['duplicate-id'],
    ])
  })

  test('MIG-16 · an account of the instant of launch is judged by that day, and its warnings come in order', () => {
    const { accounts } = planLines(
      [
        lineOf('B0123401', {
          ...{ Email: 'x', 'User Status': 'DISABLED', 'Enable From': '06/06/23', Remarks: 'x' },
          'Certificate Expiry Date': '31-Dec-22 23:59:59',
        }),
      ],
      { expiredCertificates: 'warn' },
    )
    expect(accounts[0]?.findings.map(({ code }) => code)).toEqual([
      'invalid-email',
      'disabled',
      'not-yet-enabled',
    ])
    expect(accounts[0]?.warnings).toEqual(['unknown-remark', 'certificate-expired'])
  })
})

test('MIG-16 · a set of User IDs distinguishes each of them from all others', () => {
  const seen = seenIds()
  const ids = ['B0123400', 'B012340T', 'B012340U', 'B012340V', 'B01234ZZ', 'B0123500', 'HKABC101'] as never[]
  for (const [i, id] of ids.entries()) {
    expect(ids.map((each) => seen.has(each))).toEqual(ids.map((_, j) => j < i))
    expect(seen.add(id)).toBe(true)
    expect(seen.add(id)).toBe(false)
  }
  expect(ids.every((id) => seen.has(id))).toBe(true)
})

describe('a reconciliation', () => {
  const plan = planLines([lineOf('B0123401')]).accounts[0] as AccountPlan
  const unknown: Account = { stage: 'Unknown' }
  const stored = (changes: Partial<ExistingAccount> = {}) =>
    ({
      ...{ stage: 'Registered', userId: 'B0123401', role: 'User', ...plan.account?.profile },
      ...{ origin: 'imported', registeredAt: launch, sessionEpoch: 0, failedAttempts: noFailedAttempts },
      ...{ sessions: [], challenges: [], codes: {}, codesIssued: {}, failedEnrolmentAttempts: {} },
      ...{ passwordHistory: [], ...changes },
    }) as unknown as ExistingAccount
  const full = stored({
    ...{ stage: 'Initialised', password: { credential: 'p', changedAt: launch } },
    ...{ channel: { kind: 'Email' }, deviceChangePending: false },
  } as never)
  const context = { at: launch, phase: 'parallel-run' } as const

  test('MIG-16 · an account is reconciled with its line, participant, outcome and what it waits for', () => {
    const base = { line: 2, userId: 'B0123401', participant: 'B01234', differs: [] }
    expect(reconcileAccount(plan, full, context)).toEqual({
      ...{ ...base, outcome: 'initialised', arrived: true, initialised: true },
    })
    expect(reconcileAccount(plan, stored(), context)).toEqual({
      ...{ ...base, outcome: 'not-initialised', arrived: true, initialised: false, pending: 'holder' },
    })
    expect(reconcileAccount(plan, unknown, context)).toEqual({
      ...{ ...base, outcome: 'missing', arrived: false, initialised: false },
    })
    // A refused line is not compared with the account that has its ID.
    const refused = { ...plan, status: 'refused' } as const
    expect(reconcileAccount(refused, stored({ surname: 'LEE' }), context)).toMatchObject({
      ...{ outcome: 'unplanned', differs: [] },
    })
  })

  test('ACC-06 · enabling comes before an unlock, and an unlock before an email', () => {
    const day = '2023-06-05'
    const locked = { stage: 'Locked', email: undefined } as never
    expect(pendingStep(stored({ status: 'DISABLED', ...(locked as object) }), day)).toBe('enabling')
    expect(pendingStep(stored(locked), day)).toBe('unlock')
    expect(pendingStep(stored({ email: undefined } as never), day)).toBe('email')
    expect(pendingStep(stored(), day)).toBe('holder')
  })

  test('MIG-16 · each outcome is counted and listed under its own name; initialised and left-out ones are not listed', () => {
    const reconciler = listingReconciler({ at: launch, phaseOf: () => 'parallel-run' })
    const of = (line: number): AccountPlan => ({ ...plan, line })
    reconciler.add(of(1), full)
    reconciler.add(of(2), { ...full, surname: 'LEE' })
    reconciler.add(of(3), { stage: 'Deleted', userId: 'B0123401' as never })
    reconciler.add(of(4), unknown)
    reconciler.add(of(5), stored({ stage: 'Locked' } as never))
    reconciler.add({ ...of(6), status: 'refused' }, unknown)
    reconciler.add({ ...of(7), status: 'refused' }, stored())
    const { at, participants, totals } = reconciler.finish()
    expect(at).toBe(launch)
    expect(totals).toEqual({
      ...{ lines: 7, planned: 5, arrived: 3, missing: 1, deleted: 1, different: 1 },
      ...{ initialised: 2, notInitialised: 1, leftOut: 1, unplanned: 1 },
      waiting: { enabling: 0, unlock: 1, email: 0, holder: 0 },
    })
    expect(participants[0]?.totals).toEqual(totals)
    expect(participants[0]?.listed.map(({ line, outcome }) => `${line} ${outcome}`)).toEqual([
      ...['2 different', '3 deleted', '4 missing', '5 not-initialised', '7 unplanned'],
    ])
  })

  test('MIG-16 · a line without a participant counts in the totals only, and asks for no phase', () => {
    const { participant: _, ...without } = plan
    const asked: string[] = []
    const reconciler = listingReconciler({
      at: launch,
      phaseOf: (key) => {
        asked.push(key)
        return 'parallel-run'
      },
    })
    reconciler.add({ ...without, status: 'refused' }, unknown)
    expect(reconciler.finish()).toMatchObject({ participants: [], totals: { lines: 1, leftOut: 1 } })
    reconciler.add(plan, unknown)
    expect(asked).toEqual(['B01234'])
  })

  test('MIG-16 · participants are in the order of their keys, and a finished reconciliation does not change', () => {
    const reconciler = listingReconciler({ at: launch, phaseOf: () => 'parallel-run' })
    for (const participant of ['HKABC', 'B01234', 'BNK999'])
      reconciler.add({ ...plan, participant }, stored())
    const finished = reconciler.finish()
    expect(finished.participants.map(({ participant }) => participant)).toEqual(['B01234', 'BNK999', 'HKABC'])
    const before = structuredClone(finished)
    reconciler.add(plan, stored())
    expect(finished).toEqual(before)
  })

  test('MIG-16 · the defaults list 100 accounts of a participant, and 10,000 of all together', () => {
    const reconciler = listingReconciler({ at: launch, phaseOf: () => 'parallel-run' })
    for (let i = 0; i <= 100; i++)
      for (let line = 0; line <= 100; line++)
        reconciler.add({ ...plan, line, participant: `B${`${i}`.padStart(5, '0')}` }, unknown)
    const { participants } = reconciler.finish()
    expect([participants[0]?.listed.length, participants[0]?.more]).toEqual([100, 1])
    expect(participants.reduce((sum, { listed }) => sum + listed.length, 0)).toBe(10_000)
    expect([participants[100]?.listed.length, participants[100]?.more]).toEqual([0, 101])
  })
})
