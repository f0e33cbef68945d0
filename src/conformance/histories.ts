import * as fc from 'fast-check'
import type { ConformanceEntry } from './driver.ts'
import type { CodeChoice, ConformanceStep, Person, Wait } from './steps.ts'

/** A kind of history: its initial steps, and the steps that may follow. */
export interface Theme {
  readonly name: string
  readonly beginnings: readonly (readonly ConformanceStep[])[]
  readonly steps: readonly fc.Arbitrary<ConformanceStep>[]
  readonly maxSteps: number
}

const step = (value: ConformanceStep): fc.Arbitrary<ConformanceStep> => fc.constant(value)
const times = (max: number) => fc.integer({ min: 1, max })
const age = fc.constantFrom('newest' as const, 'newest' as const, 'oldest' as const)

const logIn = (who: Person, max = 5, ...passwords: readonly ('correct' | 'wrong' | 'former')[]) =>
  fc.record({
    do: fc.constant('enter password' as const),
    who: fc.constant(who),
    password: fc.constantFrom(...(passwords.length === 0 ? (['correct', 'wrong'] as const) : passwords)),
    system: fc.constant('own' as const),
    times: times(max),
  })

const code = (
  kind: 'code' | 'reset code' | 'channel code',
  who: Person,
  max: number,
  ...codes: readonly CodeChoice[]
): fc.Arbitrary<ConformanceStep> =>
  fc.record({
    do: fc.constant(kind),
    who: fc.constant(who),
    code: fc.constantFrom(...codes),
    challenge: age,
    times: times(max),
  })

const waits = (...wait: readonly (number | Wait)[]): fc.Arbitrary<ConformanceStep> =>
  fc.constantFrom(...wait).map((each) => ({
    do: 'wait' as const,
    wait: typeof each === 'number' ? { milliseconds: each } : each,
  }))

const until = (what: Extract<Wait, { until: string }>['until'], of: Person = 'user'): readonly Wait[] => [
  { until: what, of, early: true },
  { until: what, of, early: false },
]

const setUp = (who: Person, channel: 'MobileApp' | 'Email' = 'MobileApp'): ConformanceStep => ({
  do: 'set up',
  who,
  channel,
})
const signIn = (who: Person): ConformanceStep => ({ do: 'sign in', who })
const changePassword = fc.record({
  do: fc.constant('change password' as const),
  who: fc.constant('user' as const),
  current: fc.constantFrom('correct' as const, 'wrong' as const),
  password: fc.constantFrom('fresh' as const, 'fresh' as const, 'same' as const),
  session: age,
})
const missCodes = (who: Person): fc.Arbitrary<ConformanceStep> =>
  fc.integer({ min: 1, max: 3 }).map((count) => ({ do: 'miss codes', who, times: count }))
const wrongCurrent: ConformanceStep = {
  ...{ do: 'change password', who: 'user', current: 'wrong', password: 'fresh', session: 'newest' },
}
const newPassword = fc.record({
  do: fc.constant('new password' as const),
  who: fc.constant('user' as const),
  password: fc.constantFrom('fresh' as const, 'fresh' as const, 'same' as const),
})
const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 86_400 * SECOND

const aboutUser = (
  ...what: readonly Extract<ConformanceStep, { who: Person }>['do'][]
): readonly fc.Arbitrary<ConformanceStep>[] =>
  // Each of these is a step of a person without further fields.
  what.map((each) => step({ do: each, who: 'user' } as ConformanceStep))

const fail = (who: Person, count: number): ConformanceStep => ({
  ...{ do: 'enter password', who, password: 'wrong', system: 'own', times: count },
})
const enterCorrect = (who: Person): ConformanceStep => ({
  ...{ do: 'enter password', who, password: 'correct', system: 'own', times: 1 },
})
const wait = (time: Wait): ConformanceStep => ({ do: 'wait', wait: time })

/** Every operation once, in the normal way. */
const everydayUse: Theme = {
  name: 'everyday use',
  beginnings: [
    [setUp('user'), signIn('user')],
    [setUp('user', 'Email'), signIn('user')],
    [setUp('maker'), signIn('maker')],
  ],
  steps: [
    ...aboutUser('sign in', 'check sessions', 'change device', 'forgot', 'unlock', 'disable', 'enable'),
    step(setUp('user')),
    step(setUp('user', 'Email')),
    logIn('user', 1, 'correct', 'wrong', 'former'),
    code('code', 'user', 1, 'correct', 'wrong'),
    code('reset code', 'user', 1, 'correct'),
    code('channel code', 'user', 1, 'correct'),
    newPassword,
    changePassword,
    waits(30 * SECOND, 5 * MINUTE, DAY),
  ],
  maxSteps: 28,
}

const lockout: Theme = {
  name: 'lockout',
  beginnings: [
    [setUp('user')],
    [setUp('user'), signIn('user'), fail('user', 4)],
    [setUp('user'), signIn('user'), signIn('user')],
    [setUp('user'), fail('user', 4)],
    [setUp('user'), fail('user', 5)],
    [setUp('user', 'Email'), fail('user', 3)],
    [setUp('user', 'Email'), fail('user', 4), enterCorrect('user')],
    [setUp('user', 'Email'), fail('user', 4), enterCorrect('user'), { do: 'resend', who: 'user' }],
    [setUp('user'), fail('user', 4), { do: 'forgot', who: 'user' }],
    [
      ...[setUp('user'), fail('user', 4), { do: 'forgot', who: 'user' } as const],
      { do: 'reset code', who: 'user', code: 'correct', challenge: 'newest', times: 1 },
      { do: 'new password', who: 'user', password: 'fresh' },
    ],
    [setUp('user'), fail('user', 4), wait({ until: 'the password expires', of: 'user', early: false })],
    [
      ...[setUp('user'), fail('user', 4), wait({ until: 'the password expires', of: 'user', early: false })],
      ...[enterCorrect('user'), { do: 'new password', who: 'user', password: 'fresh' } as const],
    ],
  ],
  steps: [
    ...[1, 2].map(() => step(wrongCurrent)),
    logIn('user', 4, 'wrong'),
    logIn('user', 4, 'wrong'),
    logIn('user', 1, 'correct'),
    ...[1, 2, 3].map(() => missCodes('user')),
    code('code', 'user', 1, 'correct'),
    code('code', 'user', 3, 'wrong', 'malformed'),
    code('code', 'user', 3, 'malformed'),
    ...aboutUser('sign in', 'cancel', 'resend', 'forgot', 'unlock'),
    code('reset code', 'user', 3, 'correct', 'wrong'),
    newPassword,
    changePassword,
    waits(MINUTE, 30 * MINUTE, DAY, 30 * DAY),
    waits({ until: 'the password expires', of: 'user', early: false }),
  ],
  maxSteps: 24,
}

/** A change of device from the request to the new enrolment, with codes of the old device. */
const changedDevice: readonly ConformanceStep[] = [
  { do: 'change device', who: 'user' },
  signIn('user'),
  { do: 'choose', who: 'user', channel: 'MobileApp' },
  { do: 'channel code', who: 'user', code: 'correct', challenge: 'newest', times: 1 },
]

const codes: Theme = {
  name: 'codes of the app',
  beginnings: [
    [setUp('user')],
    [setUp('user'), enterCorrect('user')],
    [setUp('user'), signIn('user'), enterCorrect('user')],
    [setUp('user'), signIn('user'), { do: 'change device', who: 'user' }],
    [setUp('user'), signIn('user'), ...changedDevice],
    [setUp('user'), signIn('user'), ...changedDevice, enterCorrect('user')],
  ],
  steps: [
    logIn('user', 1, 'correct'),
    code('code', 'user', 1, 'correct', 'next', 'previous', 'far', 'used', 'former', 'wrong'),
    ...[1, 2, 3].map(() => code('code', 'user', 1, 'correct', 'used', 'former')),
    ...aboutUser('sign in', 'change device', 'check sessions'),
    step({ do: 'choose', who: 'user', channel: 'MobileApp' }),
    code('channel code', 'user', 1, 'correct', 'used', 'wrong', 'former'),
    waits(30 * SECOND, MINUTE),
    waits(...until('the challenge expires')),
  ],
  maxSteps: 24,
}

const mailed: Theme = {
  name: 'codes by email',
  beginnings: [[setUp('user', 'Email')], [setUp('user', 'Email'), signIn('user')]],
  steps: [
    logIn('user', 2, 'correct'),
    code('code', 'user', 2, 'correct', 'former', 'wrong'),
    ...aboutUser('sign in', 'resend', 'forgot', 'change device', 'cancel'),
    waits(...until('the code expires'), ...until('the challenge expires')),
    waits(5 * MINUTE, 15 * MINUTE),
  ],
  maxSteps: 20,
}

const passwords: Theme = {
  name: 'passwords',
  beginnings: [
    [setUp('user'), signIn('user')],
    [setUp('user')],
    [setUp('user'), signIn('user'), signIn('user')],
  ],
  steps: [
    logIn('user', 1, 'correct', 'former', 'wrong'),
    ...aboutUser('sign in', 'forgot', 'check sessions'),
    code('reset code', 'user', 1, 'correct', 'correct', 'former', 'wrong'),
    code('code', 'user', 1, 'correct'),
    newPassword,
    changePassword,
    waits(...until('the password expires'), ...until('the session expires'), ...until('the code expires')),
    waits(DAY, 89 * DAY),
  ],
  maxSteps: 24,
}

const enterResetCode: ConformanceStep = {
  ...{ do: 'reset code', who: 'user', code: 'correct', challenge: 'newest', times: 1 },
}

/** A new account whose holder has set a password, and no channel yet. */
const passwordAlone: readonly ConformanceStep[] = [
  { do: 'create', who: 'user' },
  { do: 'forgot', who: 'user' },
  enterResetCode,
  { do: 'new password', who: 'user', password: 'fresh' },
]

const settingUp: Theme = {
  name: 'set-up',
  beginnings: [
    [{ do: 'create', who: 'user' }],
    [
      { do: 'create', who: 'user' },
      { do: 'forgot', who: 'user' },
    ],
    [setUp('user'), { do: 'unlock', who: 'user' }],
    ...until('the code expires').map((limit): readonly ConformanceStep[] => [
      ...[{ do: 'create', who: 'user' } as const, { do: 'forgot', who: 'user' } as const, wait(limit)],
    ]),
    passwordAlone,
    [...passwordAlone, wait({ milliseconds: 7 * DAY - 1 })],
    [...passwordAlone, wait({ milliseconds: 7 * DAY })],
  ],
  steps: [
    ...aboutUser('forgot', 'unlock', 'sign in'),
    code('reset code', 'user', 3, 'correct', 'correct', 'wrong', 'former', 'malformed'),
    newPassword,
    logIn('user', 1, 'correct', 'wrong', 'former'),
    step({ do: 'choose', who: 'user', channel: 'MobileApp' }),
    step({ do: 'choose', who: 'user', channel: 'Email' }),
    code('channel code', 'user', 3, 'correct', 'correct', 'wrong', 'former'),
    code('code', 'user', 1, 'correct', 'former'),
    waits(...until('the code expires'), ...until('the challenge expires')),
    waits(7 * DAY),
  ],
  maxSteps: 24,
}

const access: Theme = {
  name: 'access and administration',
  beginnings: [
    [setUp('user'), signIn('user')],
    [setUp('user'), signIn('user'), signIn('user')],
    [setUp('maker'), signIn('maker')],
    [setUp('user', 'Email'), signIn('user')],
  ],
  steps: [
    ...aboutUser('disable', 'enable', 'unlock', 'delete', 'create', 'check sessions', 'sign in', 'forgot'),
    ...(['user', 'maker', 'no one'] as const).map((who) => logIn(who, 1, 'correct', 'wrong', 'former')),
    ...(['user', 'maker'] as const).map((who) =>
      step({ do: 'enter password', who, password: 'correct', system: 'other', times: 1 }),
    ),
    step({ do: 'forgot', who: 'no one' }),
    code('reset code', 'user', 1, 'correct', 'wrong'),
    code('reset code', 'no one', 1, 'wrong'),
    logIn('user', 5, 'wrong'),
    changePassword,
    step(setUp('user')),
    waits(...until('the session expires')),
  ],
  maxSteps: 24,
}

const administrators: readonly ConformanceStep[] = [
  setUp('maker'),
  setUp('checker'),
  signIn('maker'),
  signIn('checker'),
  { do: 'maximum', room: 3 },
]

const enter = (entry: ConformanceEntry['kind'], about: Person): ConformanceStep => ({
  ...{ do: 'enter', who: 'maker', entry, about, request: 'newest' },
})
const amend: ConformanceStep = {
  do: 'amend',
  who: 'maker',
  entry: 'delete',
  about: 'user',
  request: 'newest',
}
const requested = (entry: ConformanceEntry['kind']): readonly ConformanceStep[] => [
  { do: 'create', who: 'user' },
  enter(entry, 'user'),
]
const getCode: ConformanceStep = { do: 'get code', who: 'checker', request: 'newest' }

const confirm = (code: 'newest' | 'wrong', count: number): ConformanceStep => ({
  ...{
    do: 'confirm',
    who: 'maker',
    request: 'newest',
    checker: 'checker',
    spelling: 'exact',
    code,
    times: count,
  },
})

const makerAndChecker: Theme = {
  name: 'maker and checker',
  beginnings: [
    [...administrators, ...requested('disable'), getCode],
    [...administrators, ...requested('unlock'), getCode],
    [...administrators, ...requested('disable'), ...requested('delete'), getCode],
    [...administrators, ...requested('disable')],
    [...administrators, setUp('user'), signIn('user'), enter('disable', 'user'), getCode],
    [...administrators, enter('create', 'user'), getCode],
    [...administrators, ...requested('disable'), getCode, amend],
    [...administrators, ...requested('disable'), getCode, confirm('wrong', 2)],
    [...administrators, ...requested('disable'), getCode, wait({ milliseconds: 300_000 })],
    [
      ...administrators,
      ...requested('disable'),
      wait({ milliseconds: 86_400_000 }),
      signIn('maker'),
      signIn('checker'),
    ],
    [...administrators, ...requested('disable'), enter('delete', 'user'), getCode, confirm('newest', 1)],
  ],
  steps: [
    ...(['enter', 'enter', 'amend'] as const).map((what) =>
      fc.record({
        do: fc.constant(what),
        who: fc.constantFrom('maker' as const, 'maker' as const, 'checker' as const),
        entry: fc.constantFrom(
          'disable' as const,
          'enable' as const,
          'unlock' as const,
          'delete' as const,
          'create' as const,
        ),
        about: fc.constantFrom('user' as const, 'user' as const, 'another user' as const, 'checker' as const),
        request: age,
      }),
    ),
    ...[1, 2].map(() =>
      fc.record({
        do: fc.constant('get code' as const),
        who: fc.constantFrom('checker' as const, 'checker' as const, 'maker' as const),
        request: age,
      }),
    ),
    ...[1, 2].map(() => step(confirm('newest', 1))),
    fc.integer({ min: 1, max: 3 }).map((count) => confirm('wrong', count)),
    ...[1].map(() =>
      fc.record({
        do: fc.constant('confirm' as const),
        who: fc.constantFrom('maker' as const, 'maker' as const, 'maker' as const, 'checker' as const),
        request: age,
        checker: fc.constantFrom(
          'checker' as const,
          'checker' as const,
          'checker' as const,
          'maker' as const,
        ),
        spelling: fc.constantFrom('exact' as const, 'exact' as const, 'lower case' as const),
        code: fc.constantFrom('newest' as const, 'newest' as const, 'oldest' as const, 'wrong' as const),
        times: fc.constantFrom(1, 1, 2, 3),
      }),
    ),
    fc.record({
      do: fc.constant('withdraw' as const),
      who: fc.constantFrom('maker' as const, 'checker' as const),
      request: age,
    }),
    ...aboutUser('disable', 'enable', 'check sessions', 'sign in'),
    step({ do: 'disable', who: 'checker' }),
    step({ do: 'unlock', who: 'checker' }),
    logIn('user', 1, 'correct', 'former'),
    step({ do: 'propose', who: 'maker' }),
    fc.record({ do: fc.constant('maximum' as const), room: fc.integer({ min: 0, max: 2 }) }),
    waits(299_999, 5 * MINUTE, DAY),
  ],
  maxSteps: 28,
}

const quota: Theme = {
  name: 'quota and User IDs',
  beginnings: [
    [{ do: 'maximum', room: 1 }],
    [
      { do: 'maximum', room: 2 },
      { do: 'create', who: 'user' },
    ],
    [setUp('maker'), signIn('maker'), { do: 'maximum', room: 2 }],
  ],
  steps: [
    ...(['user', 'another user', 'no one'] as const).flatMap((who) => [
      step({ do: 'create', who }),
      step({ do: 'delete', who }),
    ]),
    fc.record({ do: fc.constant('maximum' as const), room: fc.integer({ min: 0, max: 3 }) }),
    ...aboutUser('disable', 'enable'),
    step({ do: 'propose', who: 'maker' }),
  ],
  maxSteps: 20,
}

const together = (
  max: number,
  ...steps: readonly fc.Arbitrary<ConformanceStep>[]
): fc.Arbitrary<ConformanceStep> =>
  fc.array(fc.oneof(...steps), { minLength: 2, maxLength: max }).map((all) => ({
    do: 'together' as const,
    steps: all.map((each) => ('times' in each ? { ...each, times: 1 } : each)),
  }))

const same = (
  max: number,
  ...steps: readonly fc.Arbitrary<ConformanceStep>[]
): fc.Arbitrary<ConformanceStep> =>
  fc.tuple(fc.oneof(...steps), fc.integer({ min: 2, max })).map(([each, count]) => ({
    do: 'together' as const,
    steps: Array.from({ length: count }, () => ('times' in each ? { ...each, times: 1 } : each)),
  }))

/** Histories with parallel operations. */
const concurrent = (clients: number): readonly Theme[] => {
  const guesses = [
    logIn('user', 1, 'wrong'),
    logIn('user', 1, 'correct'),
    code('code', 'user', 1, 'correct', 'wrong'),
  ]
  const accounts = (['user', 'another user', 'no one'] as const).map((who) => step({ do: 'create', who }))
  return [
    {
      name: 'parallel guesses',
      beginnings: [
        ...lockout.beginnings,
        [setUp('user'), signIn('user'), wait({ milliseconds: 30_000 }), enterCorrect('user')],
        [
          setUp('user'),
          signIn('user'),
          wait({ milliseconds: 30_000 }),
          enterCorrect('user'),
          enterCorrect('user'),
        ],
      ],
      steps: [
        ...[1, 2].map(() => same(clients, ...guesses)),
        ...[1, 2].map(() => together(clients, ...guesses)),
        logIn('user', 2),
        ...aboutUser('sign in', 'check sessions', 'unlock'),
        same(clients, changePassword),
        together(4, changePassword, ...aboutUser('forgot', 'unlock', 'disable', 'enable'), logIn('user', 1)),
        waits(30 * SECOND),
      ],
      maxSteps: 12,
    },
    {
      name: 'parallel set-ups',
      beginnings: [
        [
          { do: 'create', who: 'user' },
          { do: 'forgot', who: 'user' },
        ],
        [setUp('user'), { do: 'forgot', who: 'user' }],
        ...(['MobileApp', 'Email'] as const).map((channel): readonly ConformanceStep[] => [
          ...[...passwordAlone, enterCorrect('user')],
          { do: 'choose', who: 'user', channel },
        ]),
      ],
      steps: [
        ...[1, 2].map(() => same(clients, code('reset code', 'user', 1, 'correct', 'wrong'))),
        ...[1, 2].map(() => same(clients, code('channel code', 'user', 1, 'correct', 'wrong'))),
        same(clients, newPassword),
        together(
          clients,
          code('reset code', 'user', 1, 'correct', 'wrong'),
          step({ do: 'unlock', who: 'user' }),
        ),
        ...aboutUser('forgot'),
        logIn('user', 1, 'correct'),
        step({ do: 'choose', who: 'user', channel: 'MobileApp' }),
      ],
      maxSteps: 10,
    },
    {
      name: 'parallel creations',
      beginnings: quota.beginnings,
      steps: [
        ...[1, 2, 3].map(() => together(clients, ...accounts)),
        together(clients, ...accounts, step({ do: 'delete', who: 'user' })),
        same(clients, ...accounts),
        fc.record({ do: fc.constant('maximum' as const), room: fc.integer({ min: 0, max: 3 }) }),
      ],
      maxSteps: 8,
    },
    {
      name: 'parallel confirmations',
      beginnings: [[...administrators, { do: 'create', who: 'user' }]],
      steps: [
        step({ do: 'enter', who: 'maker', entry: 'disable', about: 'user', request: 'newest' }),
        step({ do: 'enter', who: 'maker', entry: 'create', about: 'another user', request: 'newest' }),
        step({ do: 'get code', who: 'checker', request: 'newest' }),
        same(
          clients,
          fc.record({
            do: fc.constant('confirm' as const),
            who: fc.constant('maker' as const),
            request: fc.constant('newest' as const),
            checker: fc.constant('checker' as const),
            spelling: fc.constant('exact' as const),
            code: fc.constantFrom('newest' as const, 'newest' as const, 'wrong' as const),
            times: fc.constant(1),
          }),
        ),
      ],
      maxSteps: 16,
    },
  ]
}

/** The themes of a run, including those with parallel operations if there are several clients. */
export const themes = (clients: number): readonly Theme[] => [
  ...[everydayUse, lockout, codes, mailed, passwords, settingUp, access, makerAndChecker, quota],
  ...(clients > 1 ? concurrent(clients) : []),
]
