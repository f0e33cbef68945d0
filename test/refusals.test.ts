/** Each operation returns exactly the refusals that its type lists. */
import fc from 'fast-check'
import { expect, expectTypeOf, test } from 'vitest'
import {
  type Authentication,
  type OperationName,
  type OperationRefusal,
  operationNames,
  type Refusal,
  type ResultAsync,
  refusalCodes,
} from '../src/index.ts'
import { branches } from './support/branches.ts'
import { fragile } from './support/fault-journeys.ts'
import { mannersOf } from './support/faults.ts'
import { initialised, loggedIn, registered } from './support/user-journeys.ts'

type Parts = Omit<Authentication, 'policy'>
type ErrorOf<Operation> = Operation extends (...args: never) => ResultAsync<infer _T, infer E> ? E : never

/** The refusals in the type of each operation, by its name. */
type Returned = {
  [Name in OperationName]: Name extends `${infer Part}.${infer Operation}`
    ? Part extends keyof Parts
      ? Operation extends keyof Parts[Part]
        ? ErrorOf<Parts[Part][Operation]>
        : 'no such operation'
      : 'no such part'
    : never
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

test('API-04 every operation of the service has a name, and every name has an operation', () => {
  type Paths = { [Part in keyof Parts]: `${Part}.${Extract<keyof Parts[Part], string>}` }[keyof Parts]
  expectTypeOf<Paths>().toEqualTypeOf<OperationName>()
  expect(Object.keys(refusalCodes)).toEqual(operationNames)
})

test('API-04 the type of every operation lists exactly the refusals of its name', () => {
  type Different = {
    [Name in OperationName]: Same<Returned[Name], OperationRefusal<Name>> extends true ? never : Name
  }[OperationName]
  expectTypeOf<Different>().toBeNever()
  type Wide = {
    [Name in OperationName]: Same<OperationRefusal<Name>, Refusal> extends true ? Name : never
  }[OperationName]
  expectTypeOf<Wide>().toBeNever()
})

test('API-04 a switch is exhaustive with the refusals of its operation alone', () => {
  const shown = (refusal: OperationRefusal<'sessions.check'>): string => {
    switch (refusal.code) {
      case 'malformed-input':
      case 'internal-error':
      case 'port-failed':
        return 'try again'
      case 'session-ended':
        return 'sign in again'
      // @ts-expect-error no operation returns the refusals of another
      case 'sign-in-refused':
        return 'no'
      default:
        return refusal satisfies never
    }
  }
  expect(shown({ code: 'session-ended', rule: 'ACC-15' })).toBe('sign in again')
  const incomplete = (refusal: OperationRefusal<'signIn.cancel'>): string =>
    // @ts-expect-error `challenge-ended` is missing
    ({ 'malformed-input': '', 'internal-error': '', 'port-failed': '', busy: '', 'rate-limited': '' })[
      refusal.code
    ]
  expect(incomplete({ code: 'challenge-ended', rule: 'LOCK-05' })).toBeUndefined()
})

const ids = ['B0123401', 'B01234X1', 'B0123402', 'B9999901', 'nonsense', '']
const words = [
  '',
  'Correct-Horse-1!',
  'Another-Horse-1!',
  '000000',
  '123456',
  'MobileApp',
  'Email',
  'x'.repeat(4_000),
]
const numbers = [-1, 0, 1, 5, 1_000, Date.UTC(2023, 4, 2, 1), Number.NaN]
const systems = ['CCASS/CCMS', 'DMS', 'terminal', 'primary', 'User', 'DelegatedAdministrator']

/** The fields that operations read, each with values that some operation accepts, and others. */
const fieldNames = {
  userId: ids,
  checkerId: ids,
  by: ids,
  participant: ['B01234', 'B99999', ''],
  password: words,
  confirmation: words,
  current: words,
  code: words,
  authorisationCode: words,
  channel: words,
  name: words,
  system: systems,
  resource: systems,
  site: systems,
  role: systems,
  origin: ['created', 'imported', ''],
  group: ['1', '5'],
  maximum: numbers,
  limit: numbers,
  after: [...numbers, ...ids],
  from: numbers,
  to: numbers,
  at: numbers,
  request: ['r1', '0'.repeat(24), ''],
  id: ['f1', '0'.repeat(24), ''],
  remark: words,
  changes: [
    {},
    { status: 'DISABLED' },
    { email: null },
    { enableFrom: '2030-01-01', disableAfter: '2020-01-01' },
    7,
  ],
  profile: [{}, { email: 'a@example.com' }],
  entry: [
    { kind: 'delete', userId: 'B0123401' },
    { kind: 'create', userId: 'B0123455', profile: {} },
    { kind: 'change', userId: 'B0123401', changes: {} },
    {},
  ],
  need: ['unlock', 'create-account', ''],
  phase: ['parallel-run', ''],
  lines: [[], [{}]],
  listing: [[], [{ line: 1 }], { participants: [] }],
  form: ['DA 3', 'DA 4', 'SCard 1', ''],
} as const

/** Values that only the test has: sessions, challenges and reviews. */
const handed = ['session', 'challenge', 'review', 'sealed', 'actor', 'checkpoint', 'store'] as const

test('API-04 under any input and any failures of the ports no operation returns a refusal that it does not list', async () => {
  const seen = new Map<string, Set<string>>()
  const counted = branches('taken', 'refused')
  const { service, faults } = fragile()
  const person = await initialised(service)
  const session = await loggedIn(service, person)
  const da = await initialised(service, 'B01234X1')
  const administrator = await loggedIn(service, da)
  await registered(service, 'B0123402')
  const begun = await service.auth.signIn.begin({
    userId: person.userId,
    password: person.password,
    system: 'CCASS/CCMS',
  })
  const challenge = begun.isOk() ? begun.value.challenge : ''
  const sealed = (await service.auth.sessions.seal({ session }))._unsafeUnwrap()
  const values = [session, administrator, challenge, sealed, `B0123401.${'0'.repeat(32)}`, '', {}, null]
  const input = fc.record(
    {
      ...Object.fromEntries(
        Object.entries(fieldNames).map(([name, choices]) => [name, fc.constantFrom(...choices)]),
      ),
      ...Object.fromEntries(handed.map((name) => [name, fc.constantFrom(...values)])),
    },
    { requiredKeys: ['userId', 'session', 'challenge'] },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...operationNames),
      input,
      fc.integer({ min: 0, max: 15 }),
      async (name, given, failing) => {
        const [part = '', operation = ''] = name.split('.')
        const call = (service.auth as unknown as Record<string, Record<string, (input: unknown) => unknown>>)[
          part
        ]?.[operation]
        let calls = 0
        faults.begin((port) => (calls++ === failing ? mannersOf(port, calls)[0] : undefined))
        // The test service fails if a refusal is not declared.
        const answer = await (call?.(given) as ResultAsync<unknown, Refusal>)
        faults.begin(() => undefined)
        counted.either('taken', 'refused', answer.isOk())
        if (answer.isErr()) seen.set(name, (seen.get(name) ?? new Set()).add(answer.error.code))
      },
    ),
    { numRuns: 1_500 },
  )
  counted.expectAll()
  // Not only malformed input: most operations got further, and most failed because of a port.
  const further = [...seen.values()].filter((codes) => [...codes].some((code) => code !== 'malformed-input'))
  expect(seen.size).toBeGreaterThan(60)
  expect(further.length).toBeGreaterThan(40)
})

test('API-04 the check finds a refusal outside the list and an operation without a list', async () => {
  const { declaredRefusals } = await import('./support/declared-refusals.ts')
  const { errAsync, okAsync } = await import('../src/index.ts')
  const auth = (answer: unknown) =>
    declaredRefusals({
      signIn: { cancel: () => answer },
      extra: { act: () => answer },
    } as unknown as Authentication)
  const wrong = auth(errAsync({ code: 'quota-exceeded', rule: 'QTA-03' }))
  await expect(wrong.signIn.cancel({ challenge: '' as never })).rejects.toThrow(
    'signIn.cancel does not declare the refusal quota-exceeded',
  )
  const unlisted = (wrong as unknown as { extra: { act: () => ResultAsync<unknown, Refusal> } }).extra
  await expect(unlisted.act()).rejects.toThrow('extra.act does not declare')
  expect((await auth(okAsync(1)).signIn.cancel({ challenge: '' as never })).isOk()).toBe(true)
})
