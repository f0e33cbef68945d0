/** The whole authority table against the rules as the rulebook words them. */
import { describe, expect, test } from 'vitest'
import {
  accountChannels,
  authorityTable,
  dmsDenial,
  dmsPartDenial,
  type SupportRequest,
  type SupportRoute,
  supportNeeds,
  supportRouteFor,
} from '../../src/access-control/authority.ts'
import { phases } from '../../src/access-control/timeline.ts'
import { type Role, roles } from '../../src/identity/role.ts'
import { definePolicy } from '../../src/policy/define.ts'
import { type RuleId, ruleIds } from '../support/dms-tables.ts'

const isAdministrator = ({ role }: SupportRequest) => role === 'DelegatedAdministrator'
const launched = ({ phase }: SupportRequest) => phase === 'parallel-run' || phase === 'decommissioned'
const isOf = ({ need }: SupportRequest, ...given: readonly SupportRequest['need'][]) => given.includes(need)
const has2fa = ({ channel }: SupportRequest) => channel !== 'none'
const byHkexOn = (form: SupportRoute) => (situation: SupportRequest) =>
  isAdministrator(situation) ? form : 'delegated-administrators'

interface Claim {
  readonly rule: RuleId
  /** Whether the rule applies to the request. */
  readonly speaks: (situation: SupportRequest) => boolean
  readonly route: SupportRoute | ((situation: SupportRequest) => SupportRoute)
}

/** Each rule with all its conditions; their order does not matter. */
const claims: readonly Claim[] = [
  {
    rule: 'MIG-03',
    speaks: (s) =>
      !launched(s) &&
      isOf(s, 'change-password', 'reset-password', 'unlock', 'change-device', 'replace-lost-device'),
    route: 'not-available',
  },
  {
    rule: 'MNT-01',
    speaks: (s) => launched(s) && has2fa(s) && isOf(s, 'change-password'),
    route: 'self-service',
  },
  {
    rule: 'ACC-03',
    speaks: (s) =>
      launched(s) && !has2fa(s) && isOf(s, 'change-password', 'change-device', 'replace-lost-device'),
    route: 'not-available',
  },
  {
    rule: 'MNT-02',
    speaks: (s) => launched(s) && s.channel === 'MobileApp' && isOf(s, 'reset-password'),
    route: 'self-service',
  },
  {
    rule: 'ACC-01',
    speaks: (s) => launched(s) && !has2fa(s) && isOf(s, 'reset-password'),
    route: 'self-service',
  },
  {
    rule: 'MNT-03',
    speaks: (s) => launched(s) && s.channel === 'Email' && isOf(s, 'reset-password'),
    route: byHkexOn('DA 3'),
  },
  { rule: 'MNT-04', speaks: (s) => launched(s) && isOf(s, 'unlock'), route: byHkexOn('DA 3') },
  { rule: 'MNT-05', speaks: (s) => isOf(s, 'reset-smartcard-password'), route: byHkexOn('SCard 1') },
  {
    rule: 'MNT-06',
    speaks: (s) => isAdministrator(s) && isOf(s, 'create-account', 'change-profile', 'delete-account'),
    route: (s) => (launched(s) ? 'DA 3' : 'SCard 1'),
  },
  {
    rule: 'MNT-07',
    speaks: (s) => !isAdministrator(s) && isOf(s, 'create-account'),
    route: (s) => (launched(s) ? 'delegated-administrators' : 'SCard 1'),
  },
  {
    rule: 'MNT-07',
    speaks: (s) => !isAdministrator(s) && isOf(s, 'change-profile', 'delete-account'),
    route: 'delegated-administrators',
  },
  {
    rule: 'MIG-01',
    speaks: (s) => isOf(s, 'register-email'),
    route: (s) => (s.phase === 'before-registration' ? 'not-available' : byHkexOn('DA 3')(s)),
  },
  {
    rule: 'MNT-10',
    speaks: (s) => isOf(s, 'assign-business-groups'),
    route: (s) =>
      isAdministrator(s) && s.phase !== 'decommissioned' ? 'not-available' : byHkexOn('DA 3')(s),
  },
  {
    rule: 'OTP-08',
    speaks: (s) => launched(s) && s.channel === 'MobileApp' && isOf(s, 'change-device'),
    route: 'self-service',
  },
  {
    rule: 'OTP-09',
    speaks: (s) => launched(s) && s.channel === 'MobileApp' && isOf(s, 'replace-lost-device'),
    route: byHkexOn('DA 3'),
  },
  {
    rule: 'OTP-09',
    speaks: (s) => launched(s) && s.channel === 'Email' && isOf(s, 'change-device', 'replace-lost-device'),
    route: 'not-available',
  },
]

const situations: readonly SupportRequest[] = supportNeeds.flatMap((need) =>
  roles.flatMap((role) =>
    accountChannels.flatMap((channel) => phases.map((phase) => ({ need, role, channel, phase }))),
  ),
)

const claimed = (situation: SupportRequest) =>
  claims
    .filter(({ speaks }) => speaks(situation))
    .map(({ rule, route }) => ({ rule, route: typeof route === 'function' ? route(situation) : route }))

describe('the authority table', () => {
  test('MNT-11 · the table has one answer to every need × role × channel × phase', () => {
    expect(situations).toHaveLength(11 * 2 * 3 * 4)
    expect(authorityTable().map(({ route: _, rule: __, ...situation }) => situation)).toEqual(situations)
  })

  test('MNT-11, MNT-01, MNT-02, MNT-05, MNT-07, MNT-10 · exactly one rule of an independent reference applies to each support request, and the table agrees with it', () => {
    for (const situation of situations)
      expect([situation, [supportRouteFor(situation)]]).toEqual([situation, claimed(situation)])
    for (const { route, rule, ...situation } of authorityTable())
      expect(claimed(situation)).toEqual([{ route, rule }])
  })

  test('MNT-11 · every claim of the reference applies to at least one request, and names a rule of the rulebook', () => {
    for (const { rule, speaks } of claims) {
      expect(situations.some(speaks), rule).toBe(true)
      expect(ruleIds).toContain(rule)
    }
  })

  test('MNT-08, MNT-04, MNT-03 · Delegated Administrators do nothing for a DA, and DA 3 does nothing for a user', () => {
    for (const { role, route } of authorityTable()) {
      if (role === 'DelegatedAdministrator') expect(route).not.toBe('delegated-administrators')
      else expect(route).not.toBe('DA 3')
    }
  })

  test('MNT-06 · from launch on, SCard 1 is for smartcard passwords only', () => {
    for (const { need, phase, route } of authorityTable())
      if (route === 'SCard 1' && (phase === 'parallel-run' || phase === 'decommissioned'))
        expect(need).toBe('reset-smartcard-password')
  })

  test('MNT-11 · an unknown support request has no route', () => {
    const nonsense = { need: 'be-rich', role: 'User', channel: 'Email', phase: 'parallel-run' }
    expect(supportRouteFor(nonsense as unknown as SupportRequest)).toEqual({
      route: 'not-available',
      rule: 'MNT-11',
    })
  })
})

describe('acting in DMS', () => {
  const participants = ['B01234', 'B09999'] as const
  const person = (role: Role, participant: string, self: boolean) => ({
    userId: `${participant}${role === 'User' ? '0' : 'X'}${self ? 1 : 2}`,
    role,
    participant,
  })

  test('MNT-08 · a DA may act only for a user of its own participant and by the table, for every actor × subject × need × channel × phase', () => {
    let asked = 0
    let granted = 0
    for (const actorRole of roles)
      for (const subjectRole of roles)
        for (const participant of participants)
          for (const self of [true, false])
            for (const { role: _, ...rest } of situations.filter(({ role }) => role === subjectRole)) {
              const actor = person(actorRole, 'B01234', true)
              const subject = person(subjectRole, participant, self)
              const answer = dmsDenial(actor, subject, rest)
              const [claim] = claimed({ ...rest, role: subjectRole })
              const mayAct =
                actorRole === 'DelegatedAdministrator' &&
                subjectRole === 'User' &&
                participant === 'B01234' &&
                claim?.route === 'delegated-administrators'
              asked++
              if (mayAct) granted++
              expect([actor, subject, rest, answer === undefined]).toEqual([actor, subject, rest, mayAct])
            }
    expect(asked).toBe(2 * 2 * 2 * 2 * 11 * 3 * 4)
    // Both spellings of "another user of the own participant", for each need that the table routes to DAs.
    const given = authorityTable().filter(({ route }) => route === 'delegated-administrators').length
    expect(granted).toBe(2 * given)
  })

  test('MNT-08 · the first applicable reason is reported: actor, participant of the subject, subject, route', () => {
    const reasonFor = (
      actorRole: Role,
      subjectRole: Role,
      participant: string,
      rest: Omit<SupportRequest, 'role'>,
    ) => dmsDenial(person(actorRole, 'B01234', true), person(subjectRole, participant, false), rest)
    for (const { role, ...rest } of situations) {
      for (const participant of participants)
        expect(reasonFor('User', role, participant, rest)).toEqual({
          reason: 'not-a-delegated-administrator',
          rule: 'MNT-08',
        })
      expect(reasonFor('DelegatedAdministrator', role, 'B09999', rest)).toEqual({
        reason: 'other-participant',
        rule: 'MNT-08',
      })
      const own = reasonFor('DelegatedAdministrator', role, 'B01234', rest)
      const [claim] = claimed({ ...rest, role })
      if (role === 'DelegatedAdministrator')
        expect(own).toEqual({ reason: 'subject-is-an-administrator', rule: 'MNT-08' })
      else if (claim?.route !== 'delegated-administrators')
        expect(own).toEqual({ reason: 'not-by-this-route', rule: claim?.rule })
    }
  })

  test('MNT-08 · a DA can never help itself, with any need in any phase', () => {
    const self = person('DelegatedAdministrator', 'B01234', true)
    for (const { role: _, ...rest } of situations) expect(dmsDenial(self, self, rest)).toBeDefined()
  })
})

describe('MNT-12 · a DA of one clearing house and an account of another', () => {
  const request = { need: 'unlock', channel: 'MobileApp', phase: 'parallel-run' } as const
  const actor = { userId: 'HKABC1X1', participant: 'HKABC', role: 'DelegatedAdministrator' } as const
  const subject = { userId: 'HKABC201', participant: 'HKABC', role: 'User' } as const

  test.each([
    ['HKCC', 'HKCC', undefined],
    ['HKCC', 'SEOCH', 'other-clearing-house'],
    ['SEOCH', 'HKCC', 'other-clearing-house'],
    ['HKCC', undefined, undefined],
    [undefined, 'SEOCH', undefined],
    [undefined, undefined, undefined],
  ] as const)('%s and %s: %s', (one, other, reason) => {
    const denial = dmsDenial({ ...actor, clearingHouse: one }, { ...subject, clearingHouse: other }, request)
    expect(denial).toEqual(reason === undefined ? undefined : { reason, rule: 'MNT-12' })
  })
})

test('DMS-11 · a DA whom the policy limits to one part is denied the other', () => {
  const policy = definePolicy({
    dms: { makersOnly: ['HKABC1X1'], checkersOnly: ['HKABC1X2'] },
  })._unsafeUnwrap()
  const denials = (userId: string) => [
    dmsPartDenial(userId, 'maker', policy),
    dmsPartDenial(userId, 'checker', policy),
  ]
  expect(denials('HKABC1X1')).toEqual([undefined, { reason: 'maker-only', rule: 'DMS-11' }])
  expect(denials('HKABC1X2')).toEqual([{ reason: 'checker-only', rule: 'DMS-11' }, undefined])
  expect(denials('HKABC1X3')).toEqual([undefined, undefined])
})
