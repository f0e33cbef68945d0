import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import {
  datesOf,
  defineTimeline,
  isBeforeLaunch,
  isCreatedFromLaunch,
  isLateRegistration,
  type Phase,
  phaseAt,
  phases,
  type Timeline,
  type TimelineInput,
  timelineProblems,
} from '../../src/access-control/timeline.ts'
import { startOfHongKongDay } from '../../src/kernel/instant.ts'
import { branches } from '../support/branches.ts'

const zones = ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Hong_Kong', 'Pacific/Kiritimati']
const hostZone = process.env['TZ']
afterEach(() => {
  if (hostZone === undefined) delete process.env['TZ']
  else process.env['TZ'] = hostZone
})

/** Hong Kong wall time as an instant. */
const hk = (text: string) => Date.parse(`${text}+08:00`)

const from = hk('2022-12-01T00:00:00')
const administratorsFrom = hk('2023-03-20T00:00:00')
const overAt = hk('2023-04-29T00:00:00')
const launch = hk('2023-06-05T09:00:00')
const end = hk('2023-12-04T00:00:00')
const timeline = (input: Partial<TimelineInput> = {}) =>
  defineTimeline({ launch, decommissioning: end, ...input })._unsafeUnwrap()
const problemsOf = (input: unknown) =>
  defineTimeline(input as TimelineInput)
    ._unsafeUnwrapErr()
    .problems.map(({ path }) => path)

test('MIG-03 · 2FA is closed in the phases before launch and open in all others', () => {
  expect(phases.map((phase) => [phase, isBeforeLaunch(phase)])).toEqual([
    ['before-registration', true],
    ['registration', true],
    ['parallel-run', false],
    ['decommissioned', false],
  ])
})

describe.each(zones)('on a host in %s', (zone) => {
  test('MIG-02 · a Hong Kong day starts at midnight in Hong Kong; text that is not a day has no start', () => {
    process.env['TZ'] = zone
    expect(startOfHongKongDay('2023-04-28')).toBe(hk('2023-04-28T00:00:00'))
    fc.assert(
      fc.property(fc.integer({ min: 3_700, max: 100_000 }), (days) => {
        const day = new Date(days * 86_400_000).toISOString().slice(0, 10)
        expect(startOfHongKongDay(day)).toBe(hk(`${day}T00:00:00`))
      }),
    )
    for (const no of [
      '',
      '2023-02-29',
      '2023-13-01',
      '2023-00-10',
      '2023-4-28',
      '28/04/23',
      ' 2023-04-28',
      '0000-01-01',
    ])
      expect(startOfHongKongDay(no)).toBeUndefined()
  })

  test('MIG-01, MIG-03, MIG-12 · each phase begins at its instant and ends a millisecond before the next', () => {
    process.env['TZ'] = zone
    const at = (instant: number) => phaseAt(timeline(), 'B01234', instant)
    const around = (instant: number) => [-1, 0, 1].map((ms) => at(instant + ms))
    expect(around(from)).toEqual(['before-registration', 'registration', 'registration'])
    expect(around(overAt)).toEqual(['registration', 'registration', 'registration'])
    expect(around(launch)).toEqual(['registration', 'parallel-run', 'parallel-run'])
    expect(around(end)).toEqual(['parallel-run', 'decommissioned', 'decommissioned'])
  })

  test('MIG-02 · a registration on the deadline’s day, in Hong Kong time, is in time; a later one is late', () => {
    process.env['TZ'] = zone
    const late = [-1, 0, 1].map((ms) => isLateRegistration(timeline(), 'B01234', overAt + ms))
    expect(late).toEqual([false, true, true])
    expect(isLateRegistration(timeline(), 'B01234', end + 1)).toBe(true)
  })

  test('MIG-04 · an account counts as created from launch on from the exact millisecond of launch', () => {
    process.env['TZ'] = zone
    const created = [-1, 0, 1].map((ms) => isCreatedFromLaunch(timeline(), 'B01234', launch + ms))
    expect(created).toEqual([false, true, true])
  })
})

test('MIG-01 · by default, emails are registered from December 2022 to 28 April 2023, and decommissioning has no date', () => {
  const plain = defineTimeline({ launch })._unsafeUnwrap()
  expect(plain).toStrictEqual({
    emailRegistrationFrom: from,
    administratorEmailRegistrationFrom: administratorsFrom,
    emailRegistrationUntil: '2023-04-28',
    launch,
    participants: {},
  })
  expect(phaseAt(plain, 'B01234', hk('2099-01-01T00:00:00'))).toBe('parallel-run')
})

describe('MIG-23 · emails of Delegated Administrators are registered from a different date than those of users', () => {
  const phasesOf = (dates: Timeline, at: number, key = 'B01234') => [
    phaseAt(dates, key, at, 'User'),
    phaseAt(dates, key, at, 'DelegatedAdministrator'),
  ]
  const startOf = (input: Omit<TimelineInput, 'launch'>) =>
    defineTimeline({ launch, ...input })._unsafeUnwrap().administratorEmailRegistrationFrom

  test('the default is Monday 20 March 2023 for Delegated Administrators and 1 December 2022 for users; both periods end together', () => {
    expect(new Date('2023-03-20').getUTCDay()).toBe(1)
    const dates = timeline()
    expect(phasesOf(dates, from - 1)).toEqual(['before-registration', 'before-registration'])
    expect(phasesOf(dates, from)).toEqual(['registration', 'before-registration'])
    expect(phasesOf(dates, administratorsFrom - 1)).toEqual(['registration', 'before-registration'])
    expect(phasesOf(dates, administratorsFrom)).toEqual(['registration', 'registration'])
    expect(phasesOf(dates, launch)).toEqual(['parallel-run', 'parallel-run'])
    expect(phasesOf(dates, end)).toEqual(['decommissioned', 'decommissioned'])
    expect(phaseAt(dates, 'B01234', from)).toBe('registration')
  })

  test('a date set by the host takes precedence; a default outside the registration period is replaced by the users’ date', () => {
    const own = hk('2023-02-01T00:00:00')
    expect(startOf({ administratorEmailRegistrationFrom: own })).toBe(own)
    const late = hk('2023-04-01T00:00:00')
    expect(startOf({ emailRegistrationFrom: late })).toBe(late)
    expect(startOf({ emailRegistrationUntil: '2023-03-19' })).toBe(from)
    expect(startOf({ emailRegistrationUntil: '2023-03-20' })).toBe(administratorsFrom)
  })

  test('a participant’s own date takes precedence over the common one', () => {
    const own = hk('2023-04-03T00:00:00')
    const dates = timeline({
      participants: { BNK999: { administratorEmailRegistrationFrom: own }, HKABC: {} },
    })
    expect(phasesOf(dates, own - 1, 'BNK999')).toEqual(['registration', 'before-registration'])
    expect(phasesOf(dates, own, 'BNK999')).toEqual(['registration', 'registration'])
    expect(phasesOf(dates, administratorsFrom, 'HKABC')).toEqual(['registration', 'registration'])
  })

  test('a start for Delegated Administrators after the deadline is refused', () => {
    expect(problemsOf({ launch, administratorEmailRegistrationFrom: overAt })).toEqual([
      'emailRegistrationUntil',
    ])
    expect(defineTimeline({ launch, administratorEmailRegistrationFrom: overAt - 1 }).isOk()).toBe(true)
  })
})

test('MIG-02 · launch is required, decommissioning is optional', () => {
  expect(problemsOf({})).toEqual(['launch'])
  expect(problemsOf({ decommissioning: end })).toEqual(['launch'])
})

test('MIG-02 · a launch before the end of the deadline’s day is refused, to the millisecond', () => {
  expect(problemsOf({ launch: overAt - 1 })).toEqual(['launch'])
  expect(defineTimeline({ launch: overAt }).isOk()).toBe(true)
})

test('MIG-02 · a decommissioning that is not after launch is refused, to the millisecond', () => {
  expect(problemsOf({ launch, decommissioning: launch - 1 })).toEqual(['decommissioning'])
  expect(problemsOf({ launch, decommissioning: launch })).toEqual(['decommissioning'])
  expect(defineTimeline({ launch, decommissioning: launch + 1 }).isOk()).toBe(true)
})

test('MIG-02 · a registration that ends before it begins is refused', () => {
  expect(problemsOf({ launch, emailRegistrationFrom: overAt })).toEqual(['emailRegistrationUntil'])
  expect(defineTimeline({ launch, emailRegistrationFrom: overAt - 1 }).isOk()).toBe(true)
})

test('MIG-02 · every wrong date is reported at once by its path, as is anything that is not a date, a field or a participant', () => {
  const wrong = {
    launch: '2023-06-05',
    emailRegistrationUntil: '28/04/23',
    decommissioning: 1.5,
    lunch: 1,
    participants: { b01234: {}, BNK999: { launch: 9e15 } },
  }
  expect(problemsOf(wrong).sort()).toEqual(
    [
      '',
      'decommissioning',
      'emailRegistrationUntil',
      'launch',
      'participants.BNK999.launch',
      'participants.b01234',
    ].sort(),
  )
  for (const none of [undefined, null, 1, 'x', []]) expect(problemsOf(none)).toEqual([''])
})

/** Dates in the wrong order, or not dates, with the path and the text of the problem. */
const problematic: readonly [input: Partial<TimelineInput>, path: string, problem: string][] = [
  [
    { emailRegistrationFrom: overAt, administratorEmailRegistrationFrom: overAt },
    'emailRegistrationUntil',
    'must not be over before emailRegistrationFrom',
  ],
  [
    { administratorEmailRegistrationFrom: overAt },
    'emailRegistrationUntil',
    'must not be over before administratorEmailRegistrationFrom',
  ],
  [{ launch: overAt - 1 }, 'launch', 'must not be before the end of emailRegistrationUntil'],
  [{ decommissioning: launch }, 'decommissioning', 'must be after launch'],
  [{ launch: 9e15 }, 'launch', 'must be an instant, epoch milliseconds'],
  [{ emailRegistrationUntil: '2023-02-29' }, 'emailRegistrationUntil', 'must be a day, YYYY-MM-DD'],
]

test.each(problematic)('MIG-02 · %j: %s %s', (input, path, problem) => {
  const problems = (given: unknown) => defineTimeline(given as TimelineInput)._unsafeUnwrapErr().problems
  expect(problems({ launch, ...input })).toEqual([{ path, problem }])
  const own = { launch, participants: { BNK999: input } }
  expect(problems(own)).toEqual([{ path: `participants.BNK999.${path}`, problem }])
})

describe('MIG-02 · a timeline that was not created here', () => {
  const { participants: _, ...dates } = timeline()

  test('has no problem if its dates are complete and in order', () => {
    expect(timelineProblems(timeline())).toEqual([])
    expect(timelineProblems(timeline({ participants: { BNK999: { decommissioning: null } } }))).toEqual([])
  })

  test.each(problematic)('with %j: %s %s', (input, path, problem) => {
    const wrong = { ...dates, ...input }
    expect(timelineProblems({ ...wrong, participants: {} })).toEqual([{ path, problem }])
    expect(timelineProblems({ ...dates, participants: { BNK999: wrong } })).toEqual([
      { path: `participants.BNK999.${path}`, problem },
    ])
  })

  test('has a problem for each date that is missing, and for each field or participant that is unknown', () => {
    const pathsOf = (value: unknown) => timelineProblems(value).map(({ path }) => path)
    for (const name of Object.keys(dates).filter((each) => each !== 'decommissioning')) {
      const { [name]: _, ...rest } = dates as Readonly<Record<string, unknown>>
      expect(pathsOf({ ...rest, participants: {} })).toEqual([name])
      expect(pathsOf({ ...dates, participants: { BNK999: rest } })).toEqual([`participants.BNK999.${name}`])
    }
    expect(pathsOf(dates)).toEqual(['participants'])
    expect(pathsOf({ ...dates, participants: {}, lunch: 1 })).toEqual([''])
    expect(pathsOf({ ...dates, participants: { BNK999: { ...dates, lunch: 1 } } })).toEqual([
      'participants.BNK999',
    ])
    expect(pathsOf({ ...dates, participants: { b01234: dates } })).toEqual(['participants.b01234'])
    for (const none of [undefined, null, 1, 'x', []]) expect(pathsOf(none)).toEqual([''])
  })
})

test('MIG-16 · each participant can move at its own dates, which take precedence over the common ones', () => {
  const later = hk('2023-07-03T09:00:00')
  const mixed = timeline({
    participants: { BNK999: { launch: later }, HKABC: { decommissioning: null } },
  })
  const dates = {
    emailRegistrationFrom: from,
    administratorEmailRegistrationFrom: administratorsFrom,
    emailRegistrationUntil: '2023-04-28',
    launch,
  }
  expect(datesOf(mixed, 'BNK999')).toStrictEqual({ ...dates, launch: later, decommissioning: end })
  expect(datesOf(mixed, 'HKABC')).toStrictEqual(dates)
  const at = (instant: number) => ['B01234', 'BNK999', 'HKABC'].map((key) => phaseAt(mixed, key, instant))
  expect(at(launch)).toEqual(['parallel-run', 'registration', 'parallel-run'])
  expect(at(later - 1)).toEqual(['parallel-run', 'registration', 'parallel-run'])
  expect(at(later)).toEqual(['parallel-run', 'parallel-run', 'parallel-run'])
  expect(at(end)).toEqual(['decommissioned', 'decommissioned', 'parallel-run'])
  expect(isCreatedFromLaunch(mixed, 'BNK999', launch)).toBe(false)
})

test('MIG-02 · each participant’s merged dates are checked: its launch against the common deadline too', () => {
  const participants = {
    BNK999: { launch: overAt - 1 },
    HKABC: { launch: end },
    B01234: { emailRegistrationUntil: '2023-06-05' },
  }
  expect(problemsOf({ launch, decommissioning: end, participants })).toEqual([
    'participants.BNK999.launch',
    'participants.HKABC.decommissioning',
    'participants.B01234.launch',
  ])
})

test('MIG-16 · a participant named like a property of Object.prototype moves at the common dates', () => {
  for (const key of ['constructor', '__proto__', 'toString'])
    expect(phaseAt(timeline(), key, launch)).toBe('parallel-run')
})

test('MIG-02 · a timeline is frozen, including the dates of its participants', () => {
  const mixed = timeline({ participants: { BNK999: {} } })
  expect([mixed, mixed.participants, mixed.participants['BNK999']].every(Object.isFrozen)).toBe(true)
})

test('MIG-03 · for any dates in order and any instant, the phase is the number of boundaries passed', () => {
  const seen = branches('1 passed', '2 passed', '3 passed')
  const instant = fc.integer({ min: overAt, max: hk('2030-01-01T00:00:00') })
  fc.assert(
    fc.property(instant, instant, instant, (a, b, at) => {
      fc.pre(a !== b)
      const [first, last] = [Math.min(a, b), Math.max(a, b)]
      const made = defineTimeline({ launch: first, decommissioning: last })._unsafeUnwrap()
      const passed = [from, first, last].filter((boundary) => boundary <= at).length
      seen.hit(`${passed as 1 | 2 | 3} passed`)
      expect(phaseAt(made, 'B01234', at)).toBe<Phase | undefined>(phases[passed])
    }),
  )
  seen.expectAll()
})
