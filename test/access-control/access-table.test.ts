import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type AccessDecision,
  type AccessRequest,
  accessAttributes,
  accessMethods,
  accessRules,
  accessTable,
  evaluateAccess,
} from '../../src/access-control/access-table.ts'
import { defineTimeline, isCreatedFromLaunch, phaseAt } from '../../src/access-control/timeline.ts'
import { ruleOf } from '../../src/policy/rulebook.ts'

type Question = Required<AccessRequest>

/** The rulebook's access rules written independently, per method: allowed or denied, and the rule. */
const smartcard = (q: Question): string => {
  const launched = q.phase === 'parallel-run' || q.phase === 'decommissioned'
  if (q.resource === 'DMS' && q.role === 'User') return 'no ACC-13'
  if ((q.resource === 'terminal' || q.resource === 'ONRD') && q.role === 'DelegatedAdministrator') {
    const allowed = q.phase === 'decommissioned' && q.hasBusinessGroup
    if (!allowed) return 'no ACC-13'
  }
  if (q.resource !== 'PG' && q.phase === 'decommissioned') return 'no MIG-12'
  if (q.createdFromLaunch) return 'no MIG-04'
  if (q.resource !== 'PG' && launched && q.site === 'backup') return 'no MIG-09'
  if (q.phase !== 'decommissioned' && !q.hasSmartcard) return 'no MIG-05'
  if (q.certificateExpired) return 'no MIG-17'
  if (!q.enabled) return 'no ACC-06'
  if (q.locked && q.smartcardWhenLocked === 'closed') return 'no LOCK-12'
  if (q.resource === 'PG') return q.phase === 'decommissioned' ? 'yes MIG-14' : 'yes MIG-10'
  return launched && q.initialised ? 'yes MIG-08' : 'yes MIG-03'
}

const mayEnterByTwoFactor = (q: Question): string | undefined => {
  if (q.resource === 'PG') return 'no MIG-10'
  if (q.role === 'User') return q.resource === 'DMS' ? 'no ACC-13' : undefined
  if (q.resource === 'DMS') return undefined
  return q.phase === 'decommissioned' && q.hasBusinessGroup ? undefined : 'no ACC-13'
}

const twoFactor = (q: Question): string => {
  const turnedAway = mayEnterByTwoFactor(q)
  if (turnedAway) return turnedAway
  if (q.phase === 'before-registration' || q.phase === 'registration') return 'no MIG-03'
  if (!q.enabled) return 'no ACC-06'
  if (q.locked) return 'no LOCK-12'
  if (!q.initialised) return 'no ACC-03'
  if (q.site === 'backup') return 'yes MIG-09'
  if (q.phase === 'decommissioned') return 'yes MIG-12'
  return q.createdFromLaunch ? 'yes MIG-04' : 'yes MIG-03'
}

const setUp = (q: Question): string => {
  const turnedAway = mayEnterByTwoFactor(q)
  if (turnedAway) return turnedAway
  if (q.phase === 'before-registration' || q.phase === 'registration') return 'no MIG-07'
  if (q.initialised) return 'no ACC-03'
  if (!q.enabled) return 'no ACC-06'
  if (q.locked) return 'no LOCK-12'
  if (!q.hasEmail) return 'no ACC-02'
  return q.phase === 'parallel-run' ? 'yes MIG-07' : 'yes ACC-01'
}

const told = ({ decision, rule }: AccessDecision) => `${decision === 'allow' ? 'yes' : 'no'} ${rule}`

/** An account to which only time and place can deny access. */
const user: Question = {
  phase: 'parallel-run',
  createdFromLaunch: false,
  role: 'User',
  hasBusinessGroup: true,
  initialised: true,
  hasEmail: true,
  hasSmartcard: true,
  certificateExpired: false,
  resource: 'terminal',
  site: 'primary',
  locked: false,
  enabled: true,
  smartcardWhenLocked: 'closed',
}
const administrator: Question = { ...user, role: 'DelegatedAdministrator', resource: 'DMS' }
const openTo = (question: AccessRequest) =>
  accessMethods.filter((method) => evaluateAccess(question)[method].decision === 'allow')

test('MIG-15, MIG-11, MIG-17 · the access table agrees, for every combination of facts, with an independent encoding of the rulebook', () => {
  let combinations = 0
  const wrong: unknown[] = []
  for (const { request: question, access } of accessTable()) {
    combinations++
    const [card, code, first] = accessMethods.map((method) => told(access[method]))
    if (card !== smartcard(question) || code !== twoFactor(question) || first !== setUp(question))
      wrong.push({ question, access })
  }
  expect(wrong.slice(0, 3)).toEqual([])
  expect(combinations).toBe(4 * 2 * 2 * 4 * 2 ** 9)
})

test('MIG-15 · the table contains every combination of facts once', () => {
  const seen = new Set<string>()
  for (const { request: question } of accessTable()) seen.add(JSON.stringify(question))
  expect(seen.size).toBe(32_768)
})

test('MIG-15 · with some facts fixed, the table varies only the others', () => {
  const { resource: _place, phase: _phase, ...fixed } = user
  const table = [...accessTable(fixed)]
  expect(table).toHaveLength(16)
  for (const { request: question, access } of table) {
    expect(question).toMatchObject(fixed)
    expect(access).toEqual(evaluateAccess(question))
  }
})

test('MIG-15 · every decision comes from a row, and every row decides at least one case', () => {
  const answers = (methods: readonly string[], { decision, rule, reason }: AccessDecision) =>
    methods.map((method) => `${method} ${decision} ${rule} ${reason}`)
  const given = new Set<string>()
  for (const { access } of accessTable())
    for (const method of accessMethods) given.add(answers([method], access[method]).join())
  expect([...given].sort()).toEqual(accessRules.flatMap((row) => answers(row.methods, row)).sort())
  for (const { rule } of accessRules) expect(ruleOf(rule).statement).toMatch(/\S/)
})

test('MIG-15 · each row names its rule and its reason', () => {
  expect(accessRules.map(({ decision, rule, reason }) => `${decision} ${rule} ${reason}`)).toEqual([
    'deny MIG-10 gateway-takes-smartcards-only',
    'deny ACC-13 users-do-not-enter-dms',
    'deny ACC-13 administrators-enter-dms-only',
    'deny ACC-13 administrator-without-business-group',
    'deny MIG-03 before-launch',
    'deny MIG-07 before-launch',
    'deny MIG-12 decommissioned',
    'deny MIG-04 created-from-launch',
    'deny MIG-09 backup-centre',
    'deny MIG-05 no-smartcard',
    'deny MIG-17 certificate-expired',
    'deny ACC-03 already-initialised',
    'deny ACC-06 not-enabled',
    'deny LOCK-12 locked',
    'deny LOCK-12 locked',
    'deny ACC-03 not-initialised',
    'deny ACC-02 no-registered-email',
    'allow MIG-14 gateway-keeps-smartcards',
    'allow MIG-10 gateway-untouched',
    'allow MIG-03 smartcard-until-launch',
    'allow MIG-08 smartcard-until-decommissioning',
    'allow MIG-03 parallel-run',
    'allow MIG-09 backup-centre',
    'allow MIG-12 decommissioned',
    'allow MIG-04 created-from-launch',
    'allow MIG-03 parallel-run',
    'allow MIG-07 initialise-at-once',
    'allow ACC-01 first-sign-in',
  ])
})

test('MIG-15 · a malformed access request is denied for every method', () => {
  const nothing = { decision: 'deny', rule: 'API-01', reason: 'malformed-request' }
  const broken: unknown[] = [
    undefined,
    null,
    1,
    {},
    { ...user, phase: 'paralel-run' },
    { ...user, locked: 0 },
  ]
  for (const fact of Object.keys(user))
    if (fact !== 'certificateExpired') broken.push({ ...user, [fact]: undefined }, { ...user, [fact]: 'x' })
  for (const question of broken)
    expect(evaluateAccess(question as AccessRequest)).toEqual({
      smartcard: nothing,
      '2fa': nothing,
      '2fa-set-up': nothing,
    })
})

test('MIG-15 · any value as an access request gets a decision, and nothing is thrown', () => {
  const any = fc.oneof(
    fc.anything(),
    fc.record(Object.fromEntries(Object.keys(accessAttributes).map((fact) => [fact, fc.anything()]))),
  )
  fc.assert(
    fc.property(any, (question) => {
      expect(openTo(question as AccessRequest)).toEqual([])
    }),
  )
})

test('MIG-15 · a certificate without a stated expiry counts as not expired, and the rows are frozen', () => {
  const { certificateExpired: _, ...silent } = user
  expect(evaluateAccess(silent)).toEqual(evaluateAccess(user))
  expect(Object.isFrozen(accessRules) && accessRules.every(Object.isFrozen)).toBe(true)
})

/** The methods that are allowed with these facts. */
const everOpen = (fixed: Partial<AccessRequest>) => {
  const open = new Set<string>()
  for (const { access } of accessTable(fixed))
    for (const method of accessMethods) if (access[method].decision === 'allow') open.add(method)
  return [...open].sort()
}

test('MIG-03, MIG-07 · before launch, no one can sign in by 2FA or set it up', () => {
  for (const phase of ['before-registration', 'registration'] as const)
    expect(everOpen({ phase })).toEqual(['smartcard'])
})

test('MIG-08 · initialising 2FA does not end smartcard access', () => {
  expect(openTo({ ...user, initialised: false })).toEqual(['smartcard', '2fa-set-up'])
  expect(openTo(user)).toEqual(['smartcard', '2fa'])
  expect(told(evaluateAccess(user).smartcard)).toBe('yes MIG-08')
})

test('MIG-09 · the Backup Centre accepts only 2FA from launch on', () => {
  for (const who of [user, administrator]) {
    expect(openTo({ ...who, site: 'backup', phase: 'registration' })).toEqual(['smartcard'])
    expect(openTo({ ...who, site: 'backup' })).toEqual(['2fa'])
    expect(openTo({ ...who, site: 'backup', initialised: false })).toEqual(['2fa-set-up'])
  }
})

test('MIG-10, MIG-14, MIG-18 · the Participant Gateway accepts only smartcards, in every phase and at either site', () => {
  for (const phase of accessAttributes.phase)
    for (const site of accessAttributes.site)
      expect(
        openTo({ ...user, resource: 'PG', phase, site, hasSmartcard: phase !== 'decommissioned' }),
      ).toEqual(['smartcard'])
})

test('ACC-02, MIG-06 · without an email 2FA cannot be initialised; the smartcard remains valid', () => {
  const without = { ...user, initialised: false, hasEmail: false }
  expect(openTo(without)).toEqual(['smartcard'])
  expect(evaluateAccess(without)['2fa-set-up']).toEqual({
    decision: 'deny',
    rule: 'ACC-02',
    reason: 'no-registered-email',
  })
})

test('ACC-12, ACC-13, MNT-10 · users can never enter DMS; administrators can enter the terminal only after decommissioning and with a user group', () => {
  const at = (place: 'terminal' | 'ONRD', more: Partial<Question>) =>
    openTo({ ...administrator, resource: place, ...more })
  for (const phase of accessAttributes.phase) expect(openTo({ ...user, resource: 'DMS', phase })).toEqual([])
  for (const place of ['terminal', 'ONRD'] as const) {
    expect(at(place, {})).toEqual([])
    expect(at(place, { phase: 'decommissioned' })).toEqual(['2fa'])
    expect(at(place, { phase: 'decommissioned', hasBusinessGroup: false })).toEqual([])
  }
  expect(openTo({ ...administrator, phase: 'decommissioned' })).toEqual(['2fa'])
})

test('LOCK-12 · a lock blocks every sign-in method; a policy can exempt the smartcard', () => {
  expect(everOpen({ locked: true, smartcardWhenLocked: 'closed' })).toEqual([])
  expect(everOpen({ locked: true, smartcardWhenLocked: 'open' })).toEqual(['smartcard'])
  expect(told(evaluateAccess({ ...user, locked: true })['2fa'])).toBe('no LOCK-12')
})

test('ACC-06 · an account that is not enabled cannot sign in anywhere', () => {
  expect(everOpen({ enabled: false })).toEqual([])
})

test('MIG-04 · an account created at or after launch can use only 2FA, everywhere and permanently', () => {
  expect(everOpen({ createdFromLaunch: true, phase: 'parallel-run' })).toEqual(['2fa', '2fa-set-up'])
  expect(everOpen({ createdFromLaunch: true, phase: 'decommissioned' })).toEqual(['2fa', '2fa-set-up'])
})

const hostZone = process.env['TZ']
afterEach(() => {
  if (hostZone === undefined) delete process.env['TZ']
  else process.env['TZ'] = hostZone
})

describe.each(['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Hong_Kong'])(
  'on a host in %s',
  (zone) => {
    test('MIG-03, MIG-12 · access changes at the exact millisecond of launch and decommissioning, for each participant at its own dates', () => {
      process.env['TZ'] = zone
      const [launch, end, ownEnd] = [1_685_926_800_000, 1_701_619_200_000, 1_704_038_400_000]
      const timeline = defineTimeline({
        launch,
        decommissioning: end,
        participants: { BNK999: { decommissioning: ownEnd } },
      })._unsafeUnwrap()
      const doors = (participant: string, at: number, who: Partial<Question> = {}) =>
        openTo({ ...user, phase: phaseAt(timeline, participant, at), ...who }).join()
      for (const ms of [-2, -1]) {
        expect(doors('B01234', launch + ms)).toBe('smartcard')
        expect(doors('B01234', end + ms)).toBe('smartcard,2fa')
        expect(doors('B01234', end + ms, { initialised: false })).toBe('smartcard,2fa-set-up')
        expect(doors('BNK999', ownEnd + ms)).toBe('smartcard,2fa')
      }
      for (const ms of [0, 1]) {
        expect(doors('B01234', launch + ms)).toBe('smartcard,2fa')
        expect(doors('B01234', launch + ms, { site: 'backup' })).toBe('2fa')
        expect(doors('B01234', end + ms)).toBe('2fa')
        expect(doors('B01234', end + ms, { resource: 'PG' })).toBe('smartcard')
        expect(doors('BNK999', end + ms)).toBe('smartcard,2fa')
        expect(doors('BNK999', ownEnd + ms)).toBe('2fa')
      }
    })

    test('MIG-04 · an account created a millisecond before launch keeps its smartcard; one created at launch has only 2FA', () => {
      process.env['TZ'] = zone
      const launch = 1_685_926_800_000
      const timeline = defineTimeline({ launch })._unsafeUnwrap()
      const doors = (createdAt: number) =>
        openTo({ ...user, createdFromLaunch: isCreatedFromLaunch(timeline, 'B01234', createdAt) })
      expect([-1, 0, 1].map((ms) => doors(launch + ms))).toEqual([['smartcard', '2fa'], ['2fa'], ['2fa']])
    })
  },
)
