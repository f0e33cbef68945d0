import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateAccess } from '../../../src/access-control/access-table.ts'
import { phaseAt } from '../../../src/access-control/timeline.ts'
import type { AccountPlan } from '../../../src/migration/model/account-plan.ts'
import { checklistPoints } from '../../../src/migration/model/checklist.ts'
import { findingCodes, findingKinds } from '../../../src/migration/model/findings.ts'
import { type ListingRow, readListingRow } from '../../../src/migration/model/listing.ts'
import { listingColumns } from '../../../src/migration/model/listing-header.ts'
import type { ParticipantPlan } from '../../../src/migration/model/participant-plan.ts'
import type { PlanOptions } from '../../../src/migration/model/plan.ts'
import { ruleOf } from '../../../src/policy/rulebook.ts'
import { branches } from '../../support/branches.ts'
import {
  decommissioning,
  hk,
  launch,
  lineOf,
  planLines,
  planReads,
  suppliedLines,
  timelineOf,
} from './lines.ts'

const told = ({ status, findings: found }: AccountPlan) =>
  [status, ...found.map(({ code, rule, remedy: help }) => `${code} ${rule} → ${help.route}`)].join(', ')
const one = (row: ListingRow, options: Partial<PlanOptions> = {}) =>
  told(planLines([row], options).accounts[0] as AccountPlan)
const toDoOf = (plan: Pick<ParticipantPlan, 'tasks'> | undefined) =>
  plan?.tasks.map(({ what, point, count, route, late }) =>
    [what, point, count, route, late ? 'late' : undefined].filter((each) => each !== undefined).join(' '),
  )

test('MIG-16 · the plan of the supplied listing says what happens to each account, what blocks it and who can help', () => {
  const { accounts, plan } = planReads(suppliedLines())
  expect(
    accounts
      .filter(({ status }) => status !== 'ready')
      .map((each) => `${each.line} ${each.userId} ${told(each)}`),
  ).toEqual([
    '4 B0123403 blocked, no-registered-email MIG-06 → delegated-administrators',
    '5 B012340W blocked, disabled ACC-05 → delegated-administrators, no-longer-enabled ACC-06 → delegated-administrators, certificate-expired MIG-16 → SCard 1',
    '13 HKABC201 blocked, no-registered-email MIG-06 → delegated-administrators',
  ])
  expect(plan.participants.map(({ participant, organisation }) => `${participant}: ${organisation}`)).toEqual(
    ['B01234: B01234 ABC SECURITIES', 'BNK999: BNK999 EXAMPLE BANK', 'HKABC: HKABC ABC FUTURES'],
  )
  expect(plan.totals).toEqual({
    lines: 13,
    ready: 10,
    blocked: 3,
    refused: 0,
    users: 7,
    administrators: 6,
    withEmail: 11,
    withoutEmail: 2,
  })
  expect(plan.participants.map(({ checklist }) => checklist[0])).toEqual([
    { point: 1, done: false, source: 'listing', missing: 1 },
    { point: 1, done: true, source: 'listing', missing: 0 },
    { point: 1, done: false, source: 'listing', missing: 1 },
  ])
})

describe('each finding', () => {
  test.each([
    ['B0123401', {}, 'ready'],
    ['B0123401', { Email: '' }, 'blocked, no-registered-email MIG-06 → delegated-administrators'],
    ['B01234X1', { Email: '' }, 'blocked, no-registered-email MIG-06 → DA 3'],
    ['B0123401', { Email: 'x' }, 'blocked, invalid-email MIG-06 → delegated-administrators'],
    ['B01234X1', { Email: 'x' }, 'blocked, invalid-email MIG-06 → DA 3'],
    ['B0123401', { 'User Status': 'DISABLED' }, 'blocked, disabled ACC-05 → delegated-administrators'],
    ['B01234X1', { 'User Status': 'DISABLED' }, 'blocked, disabled ACC-05 → SCard 1'],
    ['B0123401', { 'Enable From': '06/06/23' }, 'blocked, not-yet-enabled ACC-06 → delegated-administrators'],
    ['B01234X1', { 'Disable After': '04/06/23' }, 'blocked, no-longer-enabled ACC-06 → SCard 1'],
    [
      'B0123401',
      { 'Certificate Expiry Date': '05-Jun-23 08:59:59' },
      'blocked, certificate-expired MIG-16 → SCard 1',
    ],
    ['B012340', {}, 'refused, no-such-format ID-01 → listing'],
    ['B01234!1', {}, 'refused, no-such-format ID-08 → listing'],
    ['B123450A', { 'User ID': '12345678' }, 'refused, no-such-format ID-07 → listing'],
    ['B0123401', { 'User Status': 'X' }, 'refused, unreadable ACC-05 → listing'],
    [
      'B0123401',
      { Remarks: 'Delegated Administrator' },
      'refused, remark-without-administrator-id DMS-06 → listing',
    ],
    ['B01234X1', { Remarks: '' }, 'refused, looks-like-administrator ID-09 → listing'],
    ['B0123401', { Organisation: 'B01235 OTHER' }, 'refused, wrong-participant ID-07 → listing'],
    ['B0123401', { Organisation: '' }, 'refused, wrong-participant ID-07 → listing'],
    ['HKSBC101', { Organisation: 'hksbc S FUTURES' }, 'ready'],
    ['HKSBC101', { Organisation: 'HK\u017fBC S FUTURES' }, 'refused, wrong-participant ID-07 → listing'],
  ])('MIG-16 · %s with %o: %s', (userId, changes, expected) => {
    expect(one(lineOf(userId, changes as ListingRow))).toBe(expected)
  })

  test('MIG-16 · every finding names a rule of the rulebook and occurs in these tests', () => {
    for (const code of findingCodes) expect(ruleOf(findingKinds[code].rule).statement).toMatch(/\S/)
    expect(findingCodes).toHaveLength(14)
  })

  test('ID-12 · of duplicate IDs the first line applies, regardless of case, and a refused line does not count', () => {
    const rows = [
      lineOf('B0123401', { 'User Status': 'X' }),
      lineOf('B0123401'),
      lineOf('b0123401', { Organisation: 'B01234 X' }),
      lineOf('B0123402'),
      lineOf('B0123401'),
    ]
    expect(planLines(rows).accounts.map(told)).toEqual([
      'refused, unreadable ACC-05 → listing',
      'ready',
      'refused, duplicate-id ID-12 → listing',
      'ready',
      'refused, duplicate-id ID-12 → listing',
    ])
  })

  test('QTA-02, QTA-03 · beyond the maximum, administrators and disabled accounts count and refused lines do not', () => {
    const rows = [
      lineOf('B01234X1'),
      lineOf('B0123401', { 'User Status': 'DISABLED' }),
      lineOf('B0123402', { Organisation: 'B01235 X' }),
      lineOf('B0123403'),
      lineOf('B0123404'),
      lineOf('B0123403'),
      lineOf('BNK99901'),
    ]
    const { accounts, plan } = planLines(rows, { maxima: { B01234: 3 } })
    expect(accounts.map(told).slice(3)).toEqual([
      'ready',
      'refused, over-quota QTA-03 → DA 4',
      'refused, duplicate-id ID-12 → listing',
      'ready',
    ])
    expect(plan.participants.map(({ maximum }) => maximum)).toEqual([3, undefined])
    expect(planLines([lineOf('B0123401')], { maxima: { B01234: 0 } }).plan.totals.refused).toBe(1)
  })

  test('MIG-16 · a line of a participant outside the selection is refused and counted for no participant', () => {
    const rows = [lineOf('B0123401'), lineOf('BNK99901'), lineOf('BNK99902', { 'User Status': 'X' })]
    const { accounts, plan } = planLines(rows, { participants: ['B01234'] })
    expect(accounts.map(told)).toEqual([
      'ready',
      'refused, wrong-participant ID-07 → listing',
      'refused, unreadable ACC-05 → listing',
    ])
    expect(plan.participants.map(({ participant }) => participant)).toEqual(['B01234'])
    expect(plan.unattributed.totals.refused).toBe(2)
  })

  test('MIG-16 · more participants than the limit of a plan are refused', () => {
    const rows = [lineOf('B0123401'), lineOf('BNK99901'), lineOf('B0123402')]
    const { accounts, plan } = planLines(rows, { maxParticipants: 1 })
    expect(accounts.map(told)).toEqual(['ready', 'refused, too-many-participants MIG-16 → listing', 'ready'])
    expect(plan.unattributed.totals).toMatchObject({ lines: 1, refused: 1 })
  })

  test('ID-09 · if existing users are admitted, a lookalike is imported as a user with a warning', () => {
    const { accounts } = planLines([lineOf('B01234X1', { Remarks: '' })], {
      administratorLookalikes: 'admit',
    })
    expect(accounts).toMatchObject([
      { status: 'ready', warnings: ['looks-like-administrator'], account: { role: 'User' } },
    ])
  })

  test('MIG-16 · if expired certificates only give a warning, the account is ready', () => {
    const row = lineOf('B0123401', { 'Certificate Expiry Date': '31-Dec-22 23:59:59' })
    const { accounts } = planLines([row], { expiredCertificates: 'warn' })
    expect(accounts).toMatchObject([{ status: 'ready', warnings: ['certificate-expired'] }])
    const after = planLines([row], { at: decommissioning })
    expect(after.accounts).toMatchObject([{ status: 'ready', warnings: [] }])
  })

  test('MIG-05 · an account without a smartcard is migrated with a warning', () => {
    const { accounts } = planLines([lineOf('B0123401', { SRN: '', 'Certificate Expiry Date': '' })])
    expect(accounts).toMatchObject([{ status: 'ready', warnings: ['no-smartcard'] }])
  })
})

test('ACC-06 · accounts are assessed as of launch, including their Enable From and Disable After', () => {
  const status = (changes: ListingRow, at?: number) =>
    planLines([lineOf('B0123401', changes)], at === undefined ? {} : { at }).accounts[0]?.status
  expect(['05/06/23', '06/06/23'].map((day) => status({ 'Enable From': day }))).toEqual(['ready', 'blocked'])
  expect(['05/06/23', '04/06/23'].map((day) => status({ 'Disable After': day }))).toEqual([
    'ready',
    'blocked',
  ])
  const later = hk('2023-08-01T00:00:00')
  expect(['31/07/23', '01/08/23'].map((day) => status({ 'Disable After': day }, later))).toEqual([
    'blocked',
    'ready',
  ])
  const expiry = (seconds: string) => status({ 'Certificate Expiry Date': `05-Jun-23 ${seconds}` })
  expect([expiry('08:59:58'), expiry('08:59:59'), expiry('09:00:00')]).toEqual([
    'blocked',
    'blocked',
    'ready',
  ])
})

test('MIG-16 · participants that launch at another time are assessed as of their own launch', () => {
  const rows = [
    lineOf('B0123401', { 'Enable From': '01/07/23' }),
    lineOf('BNK99901', { 'Enable From': '01/07/23' }),
  ]
  const { plan } = planLines(rows, {}, { participants: { BNK999: { launch: hk('2023-07-03T09:00:00') } } })
  expect(plan.participants.map(({ totals }) => [totals.ready, totals.blocked])).toEqual([
    [0, 1],
    [1, 0],
  ])
})

test('MIG-15, MIG-16 · a ready account may initialise at launch, and one blocked for email or status may not', () => {
  const rows = [
    {},
    { Email: '' },
    { 'User Status': 'DISABLED' },
    { 'Enable From': '06/06/23' },
    { 'Disable After': '04/06/23' },
  ].map((changes, i) => lineOf(`B012340${i}`, changes))
  for (const { status, account } of planLines(rows).accounts) {
    const profile = account?.profile
    const day = '2023-06-05'
    const enabled =
      profile?.status === 'ENABLED' &&
      (profile.enableFrom ?? day) <= day &&
      day <= (profile.disableAfter ?? day)
    const access = evaluateAccess({
      phase: phaseAt(timelineOf(), 'B01234', launch),
      createdFromLaunch: false,
      role: 'User',
      hasBusinessGroup: false,
      initialised: false,
      hasEmail: profile?.email !== undefined,
      hasSmartcard: true,
      resource: 'terminal',
      site: 'primary',
      locked: false,
      enabled,
      smartcardWhenLocked: 'closed',
    })
    expect(access['2fa-set-up'].decision === 'allow').toBe(status === 'ready')
  }
})

test('MNT-06, MNT-07, MIG-02 · open actions name the actor, the route, and whether they are late', () => {
  const rows = [
    lineOf('B0123401', { Email: '' }),
    lineOf('B0123402', { Email: '' }),
    lineOf('B01234X1', { Email: '' }),
    lineOf('B01234X2', { 'User Status': 'DISABLED' }),
    lineOf('B0123403', { 'Certificate Expiry Date': '31-Dec-22 23:59:59' }),
  ]
  const declared = { B01234: [1, 2, 3, 4, 5, 6] as const }
  const at = (instant: number) => toDoOf(planLines(rows, { at: instant, declared }).plan.participants[0])
  const over = hk('2023-04-29T00:00:00')
  expect(at(hk('2022-11-30T23:59:59.999'))?.slice(0, 2)).toEqual([
    'no-registered-email 3 not-available',
    'disabled 1 SCard 1',
  ])
  const inTime = [
    'no-registered-email 2 delegated-administrators',
    'no-registered-email 1 DA 3',
    'disabled 1 SCard 1',
    'certificate-expired 1 SCard 1',
    'checklist 7 1 participant',
  ]
  expect(at(over - 1)).toEqual(inTime)
  expect(at(over)).toEqual(
    inTime.map((each) => (each.startsWith('no-registered-email') ? `${each} late` : each)),
  )
  expect(at(launch)).toEqual([
    'no-registered-email 2 delegated-administrators late',
    'no-registered-email 1 DA 3 late',
    'disabled 1 DA 3',
    'certificate-expired 1 self-service',
    'checklist 7 1 participant',
  ])
})

test('MIG-23 · between December 2022 and 20 March 2023 a user’s email can be registered, a Delegated Administrator’s not yet', () => {
  const remedies = (at: number) => {
    const { accounts } = planLines([lineOf('B0123401', { Email: '' }), lineOf('B01234X1', { Email: '' })], {
      at,
    })
    return accounts.map(({ findings }) => findings.map(({ remedy }) => remedy.route).join())
  }
  expect(remedies(hk('2023-03-19T23:59:59'))).toEqual(['delegated-administrators', 'not-available'])
  expect(remedies(hk('2023-03-20T00:00:00'))).toEqual(['delegated-administrators', 'DA 3'])
})

test('MIG-13 · in the checklist the listing ticks emails and no other item; the participant ticks the others', () => {
  const rows = [lineOf('B0123401'), lineOf('BNK99901', { Email: '' })]
  const { plan } = planLines(rows, { declared: { B01234: [2, 7], BNK999: [1, 2, 3, 4, 5, 6, 7] } })
  const done = plan.participants.map(({ checklist }) =>
    checklist.filter((each) => each.done).map(({ point }) => point),
  )
  expect(done).toEqual([
    [1, 2, 7],
    [2, 3, 4, 5, 6, 7],
  ])
  expect(Object.keys(checklistPoints)).toHaveLength(7)
  const none = planLines([lineOf('B0123401', { Organisation: 'X' })]).plan.participants[0]
  expect(none?.checklist[0]).toMatchObject({ done: false, missing: 0 })
})

test('DMS-02 · participants with users and without two administrators are reported, except one-person participants', () => {
  const rows = [lineOf('B0123401'), lineOf('B01234X1')]
  const lacking = (options: Partial<PlanOptions> = {}) =>
    toDoOf(planLines(rows, options).plan.participants[0])?.filter((each) => /administrators \d/.test(each))
  expect(lacking()).toEqual(['fewer-than-two-administrators 1 SCard 1'])
  expect(lacking({ at: launch })).toEqual(['fewer-than-two-administrators 1 DA 3'])
  expect(lacking({ onePersonParticipants: ['B01234'] })).toEqual([])
})

test('MIG-16 · lines are listed up to the limits; the rest are counted', () => {
  const rows = Array.from({ length: 60 }, (_, i) =>
    lineOf(`B01234${`${i}`.padStart(2, '0')}`, i % 3 === 0 ? { Email: '' } : {}),
  )
  const listed = (listing: PlanOptions['listing'] = {}) => {
    const [first] = planLines(rows, { listing }).plan.participants
    const by = (ready: boolean) => first?.listed.filter(({ status }) => (status === 'ready') === ready).length
    return [by(true), by(false), first?.more.ready, first?.more.notReady]
  }
  expect(listed()).toEqual([40, 20, 0, 0])
  expect(listed({ ready: 5, notReady: 7 })).toEqual([5, 7, 35, 13])
  expect(listed({ ready: 5, notReady: 7, overall: 6 })).toEqual([4, 2, 36, 18])
  expect(listed({ ready: 0, notReady: 0 })).toEqual([0, 0, 40, 20])
})

test('MIG-16 · names of Object.prototype are not read as participants of the options', () => {
  const rows = [lineOf('B0123401')]
  const maxima = Object.create({ B01234: 0 })
  expect(planLines(rows, { maxima }).plan.totals.ready).toBe(1)
})

/** Cells that are changed: any number of them, which makes a bad line, one, or none. */
const changes = fc.oneof(
  fc.record(
    Object.fromEntries(listingColumns.map((column) => [column, fc.constantFrom('', 'x', 'ENABLED')])),
    { requiredKeys: [] },
  ),
  fc
    .tuple(fc.constantFrom(...listingColumns), fc.constantFrom('', 'x', 'ENABLED'))
    .map(([column, text]) => ({ [column]: text })),
  fc.constant({}),
)

const anyLine = fc
  .tuple(
    fc.constantFrom(
      'B0123401',
      'B0123402',
      'B01234X1',
      'B01235X1',
      'BNK99901',
      'HKABC101',
      'HKABC2Y9',
      'HKABC2A1',
      'x',
    ),
    changes,
  )
  .map(([userId, changes]) => lineOf(userId, changes))

test('MIG-16 · any lines are each counted once, each account is admitted once, and the plan is the same each time', () => {
  const seen = branches('ready', 'blocked', 'refused', 'as many admitted as allowed')
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 40 }), fc.nat(5), (rows, maximum) => {
      const options = { maxima: { B01234: maximum }, listing: { overall: 10, ready: 3, notReady: 3 } }
      const { accounts, plan } = planLines(rows, options)
      const by = (status: string) => accounts.filter((each) => each.status === status).length
      expect(plan.totals).toMatchObject({
        lines: rows.length,
        ready: by('ready'),
        blocked: by('blocked'),
        refused: by('refused'),
      })
      const admitted = accounts.filter(({ status }) => status !== 'refused').map(({ userId }) => userId)
      expect(new Set(admitted).size).toBe(admitted.length)
      const own = admitted.filter((userId) => userId.startsWith('B01234')).length
      seen.hitIf('as many admitted as allowed', own === maximum)
      expect(own).toBeLessThanOrEqual(maximum)
      const parts = [...plan.participants, plan.unattributed]
      for (const { totals, listed, more } of parts)
        expect(listed.length + more.ready + more.notReady).toBe(totals.lines)
      for (const { status, findings: found } of accounts) {
        seen.hit(status)
        expect(found.length === 0).toBe(status === 'ready')
      }
      expect(planLines(rows, options)).toEqual({ accounts, plan })
    }),
  )
  seen.expectAll()
})

test('MIG-16 · all 1,296 suffixes of a six-character participant are distinguished', () => {
  const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const rows = alphabet.flatMap((a) => alphabet.map((b) => lineOf(`B01234${a}${b}`)))
  const reads = rows.map((row) => readListingRow(row))
  const { plan, accounts } = planReads([...reads, ...reads])
  expect(plan.totals).toMatchObject({ ready: 1_296, refused: 1_296 })
  expect(accounts.slice(1_296).every(({ findings: [first] }) => first?.code === 'duplicate-id')).toBe(true)
})

describe('the lines of a plan', () => {
  test('MIG-16 · a warning that is also a finding is reported once, as the finding', () => {
    const { accounts } = planLines([lineOf('B01234X1', { Remarks: '' })])
    expect(accounts).toMatchObject([{ status: 'refused', warnings: [] }])
    expect(accounts[0]?.findings.map(({ code }) => code)).toEqual(['looks-like-administrator'])
  })

  test('ID-09, ID-06 · an ID that only a Delegated Administrator can have, without the remark, is reported as a lookalike', () => {
    const read = readListingRow(lineOf('HKABCX21', { Remarks: '' }), 'as-written')
    expect(told(planReads([read]).accounts[0] as AccountPlan)).toBe(
      'refused, looks-like-administrator ID-09 → listing',
    )
  })

  test('MIG-16 · an unreadable line belongs to the participant of its User ID', () => {
    const { accounts, plan } = planLines([
      lineOf('B0123401', { 'User Status': 'X' }),
      lineOf('x', { 'User ID': 'x' }),
    ])
    expect(accounts.map(({ participant }) => participant)).toEqual(['B01234', undefined])
    expect(plan.participants.map(({ totals }) => totals.refused)).toEqual([1])
    expect(plan.unattributed.totals.refused).toBe(1)
  })

  test('MIG-16 · a listed line has the surname before the other names, at most 128 characters, and says who is a Delegated Administrator', () => {
    const rows = [
      lineOf('B0123401', { Surname: 'CHAN', 'Other Names': 'TAI MAN' }),
      lineOf('B01234X1', { Surname: 'S'.repeat(100), 'Other Names': 'O'.repeat(100) }),
      lineOf('B0123402', { 'User Status': 'X' }),
    ]
    const listed = planLines(rows).plan.participants[0]?.listed
    expect(listed?.map(({ name, administrator }) => [name, administrator])).toEqual([
      ['CHAN TAI MAN', false],
      [`${'S'.repeat(100)} ${'O'.repeat(27)}`, true],
      ['', undefined],
    ])
  })

  test('MIG-16 · the most frequent action comes first', () => {
    const rows = [
      lineOf('B0123401', { 'User Status': 'DISABLED' }),
      ...['B0123402', 'B0123403', 'B0123404'].map((userId) => lineOf(userId, { Email: '' })),
      lineOf('B01234X1'),
      lineOf('B01234X2'),
    ]
    expect(toDoOf(planLines(rows).plan.participants[0])?.slice(0, 2)).toEqual([
      'no-registered-email 3 delegated-administrators',
      'disabled 1 delegated-administrators',
    ])
  })

  test('DMS-02 · a participant without users or with two Delegated Administrators lacks none', () => {
    const lacking = (...userIds: readonly string[]) =>
      toDoOf(planLines(userIds.map((userId) => lineOf(userId))).plan.participants[0])?.filter((each) =>
        /administrators \d/.test(each),
      )
    expect(lacking('B01234X1')).toEqual([])
    expect(lacking('B0123401', 'B01234X1', 'B01234X2')).toEqual([])
    expect(lacking('B0123401')).toEqual(['fewer-than-two-administrators 2 SCard 1'])
  })

  test('MIG-02 · lines without a participant are never late, as only the listing can be corrected', () => {
    const rows = [lineOf('BNK99901', { Email: '' }), lineOf('x', { 'User ID': 'x' })]
    const { plan } = planLines(rows, { participants: ['B01234'], at: hk('2023-05-02T00:00:00') })
    expect(toDoOf(plan.unattributed)).toEqual([
      'wrong-participant 1 listing',
      'no-registered-email 1 delegated-administrators',
      'no-such-format 1 listing',
    ])
  })
})
