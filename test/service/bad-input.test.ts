/** Whatever a JavaScript caller hands in: refused by code, never thrown, and nothing done. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Authentication } from '../../src/index.ts'
import { begun, initialised, loggedIn, type Person, user, view } from '../support/journeys.ts'
import { expectBooksInOrder } from '../support/ledger.ts'
import { counting } from '../support/storages.ts'
import { codeOf, good, refusal, type World, world } from '../support/world.ts'

type Loose = (input: unknown) => ReturnType<Authentication['signIn']['begin']>

/** Every function of the face that takes something, as JavaScript sees it, with an input that would do. */
const everything = (auth: Authentication, person: Person, principal: unknown) => {
  const { userId, password, system } = person
  const challenge = `${userId}.${'0'.repeat(32)}`
  const by = 'B01234X1'
  const fresh = { password: 'Another-Horse-1!', confirmation: 'Another-Horse-1!' }
  const calls: Readonly<Record<string, readonly [unknown, Readonly<Record<string, unknown>>]>> = {
    'signIn.begin': [auth.signIn.begin, { userId, password, system }],
    'signIn.confirmOtp': [auth.signIn.confirmOtp, { challenge, code: '123456' }],
    'signIn.resendCode': [auth.signIn.resendCode, { challenge }],
    'signIn.cancel': [auth.signIn.cancel, { challenge }],
    'passwordSetUp.begin': [auth.passwordSetUp.begin, { userId }],
    'passwordSetUp.confirmCode': [auth.passwordSetUp.confirmCode, { challenge, code: '123456' }],
    'passwordSetUp.complete': [auth.passwordSetUp.complete, { challenge, ...fresh }],
    'channelSetUp.choose': [auth.channelSetUp.choose, { challenge, channel: 'MobileApp' }],
    'channelSetUp.confirm': [auth.channelSetUp.confirm, { challenge, code: '123456' }],
    'selfService.changePassword': [
      auth.selfService.changePassword,
      { principal, current: password, ...fresh },
    ],
    'selfService.changeDevice': [auth.selfService.changeDevice, { principal }],
    'registry.register': [auth.registry.register, { userId, role: 'User', origin: 'created', by }],
    'registry.change': [auth.registry.change, { userId, by, changes: { status: 'ENABLED' } }],
    'registry.unlock': [auth.registry.unlock, { userId, by }],
    'registry.delete': [auth.registry.delete, { userId, by }],
    'registry.view': [auth.registry.view, { userId }],
    'principals.check': [auth.principals.check, { principal }],
    'principals.seal': [auth.principals.seal, { principal }],
    'principals.open': [auth.principals.open, { sealed: 'v1.key-7.AAAA' }],
    'audit.trail': [auth.audit.trail, { userId }],
  }
  return Object.entries(calls).map(([name, [call, input]]) => ({ name, call: call as Loose, input }))
}

const hostile = {
  get userId(): string {
    throw new Error('no')
  },
  get challenge(): string {
    throw new Error('no')
  },
  get principal(): string {
    throw new Error('no')
  },
  get sealed(): string {
    throw new Error('no')
  },
}
const { proxy: revoked, revoke } = Proxy.revocable({}, {})
revoke()

/** Instead of a whole input. */
const nonInputs: readonly unknown[] = [
  ...[
    undefined,
    null,
    true,
    0,
    Number.NaN,
    10n,
    '',
    'B0123401',
    Symbol('x'),
    [],
    [[]],
    () => ({}),
    new Date(0),
  ],
  ...[
    new Map(),
    Object.create(null),
    hostile,
    revoked,
    new Proxy({}, { get: () => hostile }),
    Promise.resolve({}),
  ],
]

/** Instead of one field. */
const nonFields: readonly unknown[] = [
  ...[
    undefined,
    null,
    false,
    -1,
    1e308,
    10n,
    Symbol('x'),
    [],
    ['B0123401'],
    {},
    () => 'B0123401',
    new Date(0),
  ],
  ...[hostile, revoked, new String('B0123401'), { toString: () => 'B0123401' }, new Uint8Array(8)],
]

const before = async () => {
  const storage = counting()
  const w = world({ storage })
  const person = await initialised(w)
  const principal = await loggedIn(w, person)
  return { storage, w, person, calls: everything(w.auth, person, principal) }
}

const costs = (w: World, storage: ReturnType<typeof counting>) =>
  JSON.stringify([w.passwordHasher.calls, storage.trips])

test('API-01 · what is no input at all is refused by field, before anything is loaded, hashed or recorded', async () => {
  const { storage, w, calls } = await before()
  const untouched = costs(w, storage)
  for (const { name, call } of calls)
    for (const input of nonInputs) {
      const { code } = await refusal(call(input))
      expect([name, code]).toEqual([name, expect.stringMatching(/^(malformed-input|internal-fault)$/)])
    }
  expect(costs(w, storage)).toBe(untouched)
  expect(w.faults.every(({ port }) => port === 'library')).toBe(true)
})

test('API-01 · a field of another type is refused by its name', async () => {
  const { storage, w, calls } = await before()
  const untouched = costs(w, storage)
  for (const { name, call, input } of calls)
    for (const field of Object.keys(input))
      for (const value of nonFields) {
        if (field === 'changes' && typeof value === 'object') continue // no change at all is one
        const refused = await refusal(call({ ...input, [field]: value }))
        if (refused.code === 'internal-fault') continue // something in it threw
        expect([name, refused]).toEqual([
          name,
          { code: 'malformed-input', rule: 'API-01', field: expect.any(String), problem: expect.any(String) },
        ])
        if (refused.code === 'malformed-input') expect(refused.field.split('.')[0]).toBe(field)
      }
  expect(costs(w, storage)).toBe(untouched)
})

test('API-01 · a field that is missing is refused by its name', async () => {
  const { w, calls } = await before()
  for (const { name, call, input } of calls)
    for (const field of Object.keys(input)) {
      const { [field]: _, ...rest } = input
      expect([name, field, await refusal(call(rest))]).toEqual([
        name,
        field,
        expect.objectContaining({ code: 'malformed-input', field }),
      ])
    }
  expect(w.faults).toEqual([])
})

/** Texts that are nobody's User ID, password, handle, code or seal. */
const texts: readonly string[] = [
  ...['', ' ', '\0', '\n', '\u202e', '\ud800', '\udc00\ud800', '\uFEFFB0123401', 'B0123401\0', ' B0123401'],
  ...[
    'Ｂ０１２３４０１',
    'В0123401',

    'ı0123401',
    '__proto__',
    'constructor',
    '../../etc',
    "' OR 1=1 --",
  ],
  ...['B0123401.', '.', 'B0123401.ABCDEF', `B0123401.${'g'.repeat(32)}`, `b0123401.${'0'.repeat(32)}`],
  ...['x'.repeat(4_097), '🐎'.repeat(70_000)],
]

test('API-01, ID-08 · texts that mean nothing: blanks, look-alikes, lone surrogates, NULs, hundreds of thousands of characters', async () => {
  const { w, person, calls } = await before()
  for (const { name, call, input } of calls)
    for (const field of Object.keys(input))
      for (const text of texts) {
        if (typeof input[field] !== 'string' || field === 'by') continue
        const result = await call({ ...input, [field]: text })
        expect([name, field, text.slice(0, 40), result.isErr()]).toEqual([
          name,
          field,
          text.slice(0, 40),
          true,
        ])
      }
  expect((await view(w, person)).locked).toBe(true) // some were passwords, and wrong
  expect(w.faults.every(({ port }) => port === 'secretBox')).toBe(true)
  await expectBooksInOrder(w, user)
})

test('API-01, PW-06, PW-16 · a password that could never have been set is not hashed: ten million characters, a lone surrogate', async () => {
  const { w, person, calls } = await before()
  const never = ['x'.repeat(1_000_000), 'Aa1!'.repeat(2_500_000), '🐎'.repeat(200), 'Aa1!Aa1!Aa1!Aa1!\ud800']
  const hashed = JSON.stringify(w.passwordHasher.calls)
  const began = performance.now()
  for (const password of never) {
    expect(await codeOf(w.auth.signIn.begin({ ...person, password }))).toBe('malformed-input')
    for (const { name, call, input } of calls)
      if (name === 'passwordSetUp.complete' || name === 'selfService.changePassword')
        for (const field of ['password', 'current'])
          if (field in input)
            expect((await refusal(call({ ...input, [field]: password }))).code).toMatch(
              /^(malformed-input|password-refused)$/,
            )
  }
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(JSON.stringify(w.passwordHasher.calls)).toBe(hashed)
  expect((await view(w, person)).attempts.passwords).toBe(0)
})

test('API-01, OTP-11 · handles that are stale, cut, foreign, in the other case or made up lead nowhere and cost nothing', async () => {
  const { w, person } = await before()
  const other = await initialised(w, 'B0123402')
  const { challenge } = await begun(w, person)
  const { challenge: foreign } = await begun(w, other)
  const [, random = ''] = challenge.split('.')
  const handles = [
    ...[
      challenge.toLowerCase(),
      challenge.toUpperCase(),
      challenge.slice(0, -1),
      `${challenge}0`,
      ` ${challenge}`,
    ],
    ...[
      random,
      `${user}.${random.split('').reverse().join('')}`,
      `B0123402.${random}`,
      `${user}.${foreign.slice(9)}`,
    ],
    ...[
      `B0199901.${random}`,
      `ZZZZZZZZ.${random}`,
      `${user}.${'0'.repeat(32)}`,
      `${challenge}\n`,
      `${challenge}\0`,
    ],
  ]
  for (const handle of handles) {
    expect(await codeOf(w.auth.signIn.confirmOtp({ challenge: handle, code: person.phone.code() }))).toBe(
      'challenge-ended',
    )
    expect(await codeOf(w.auth.passwordSetUp.confirmCode({ challenge: handle, code: '123456' }))).toMatch(
      /^(challenge-ended|code-refused)$/,
    )
    expect(await codeOf(w.auth.channelSetUp.choose({ challenge: handle, channel: 'Email' }))).toBe(
      'challenge-ended',
    )
    expect(await codeOf(w.auth.signIn.cancel({ challenge: handle }))).toBe('challenge-ended')
  }
  expect([(await view(w, person)).attempts.otps, (await view(w, other)).attempts.otps]).toEqual([0, 0])
  expect(await codeOf(w.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe('ok')
})

test('API-01 · fields that nobody asked for are no harm, nor do they get in', async () => {
  const w = world()
  const person = await initialised(w)
  const extra = { ...person, at: 0, correct: true, rehashed: 'x', __proto__: { system: 'DMS' } }
  expect(await codeOf(w.auth.signIn.begin(extra))).toBe('ok')
  const changes = { status: 'ENABLED', generation: 9, attempts: null } as never
  expect(await refusal(w.auth.registry.change({ userId: user, by: 'HKEX', changes }))).toMatchObject({
    code: 'malformed-input',
    field: 'changes',
  })
  await good(
    w.auth.registry.register({
      ...{ userId: 'B0123402', role: 'User', origin: 'created', by: 'HKEX' },
      ...({ stage: 'Initialised', generation: 7 } as object),
    }),
  )
  expect((await view(w, { userId: 'B0123402' })).stage).toBe('Registered')
  await expectBooksInOrder(w, 'B0123402')
})

test('API-01, ACC-05 · profiles: dates that are none, addresses that are none, actors without a name', async () => {
  const w = world()
  await initialised(w)
  const change = (changes: object, by = 'HKEX') =>
    codeOf(w.auth.registry.change({ userId: user, by, changes }))
  for (const day of [
    '',
    '2023-02-30',
    '2023-13-01',
    '2023-1-1',
    '01/02/2023',
    '2023-05-01T00:00:00Z',
    '２０２３-05-01',
  ])
    for (const field of ['enableFrom', 'disableAfter'])
      expect(await change({ [field]: day })).toBe('malformed-input')
  for (const email of [
    '',
    'x',
    'a@b',
    '@example.com',
    'a b@example.com',
    'a@example.com\n',
    `${'a'.repeat(250)}@b.hk`,
  ])
    expect(await change({ email })).toBe('malformed-input')
  for (const by of ['', ' ', ' x', '\n', 'x\ny', 'x'.repeat(129), '<script>'])
    expect(await change({ status: 'DISABLED' }, by)).toBe('malformed-input')
  expect((await view(w, { userId: user })).status).toBe('ENABLED')
})

test('API-01 · whatever it is: an answer, never a throw', async () => {
  const { w, calls } = await before()
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: calls.length - 1 }),
      fc.oneof(
        fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
        fc.dictionary(
          fc.constantFrom('userId', 'challenge', 'code', 'password', 'principal', 'by', 'changes'),
          fc.anything(),
        ),
      ),
      async (nth, input) => {
        const chosen = calls[nth]
        if (chosen === undefined) return
        const merged = typeof input === 'object' && input !== null ? { ...chosen.input, ...input } : input
        const result = await chosen.call(merged)
        expect(result.isOk() || typeof result.error.code === 'string').toBe(true)
      },
    ),
    { numRuns: 300 },
  )
  await expectBooksInOrder(w, user)
})
