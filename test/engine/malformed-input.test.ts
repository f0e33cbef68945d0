/** Any input of a JavaScript caller is refused with a code: nothing is thrown, and nothing is done. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { branches } from '../support/branches.ts'
import { costs, everythingAtHand } from '../support/every-record.ts'
import { codeOf, good, refusal, testService } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import { initialised, user, view } from '../support/user-journeys.ts'

const hostile = {
  get userId(): string {
    throw new Error('no')
  },
  get challenge(): string {
    throw new Error('no')
  },
  get session(): string {
    throw new Error('no')
  },
  get sealed(): string {
    throw new Error('no')
  },
}
const { proxy: revoked, revoke } = Proxy.revocable({}, {})
revoke()

/** Values in place of a whole input. */
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

/** Values in place of one field. */
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

test('API-01 · input that is not an object of the right shape is refused by field before anything is loaded, hashed or recorded', async () => {
  const { storage, service, calls } = await everythingAtHand()
  const untouched = costs(service, storage)
  for (const { name, call } of calls)
    for (const input of nonInputs) {
      const { code } = await refusal(call(input))
      expect([name, code]).toEqual([name, expect.stringMatching(/^(malformed-input|internal-error)$/)])
    }
  expect(costs(service, storage)).toBe(untouched)
  expect(service.faults.every(({ port }) => port === 'library')).toBe(true)
})

test('API-01 · a field of another type is refused by name', async () => {
  const { storage, service, calls } = await everythingAtHand()
  const untouched = costs(service, storage)
  for (const { name, call, input } of calls)
    for (const field of Object.keys(input))
      for (const value of nonFields) {
        if (field === 'changes' && typeof value === 'object') continue // no change at all is one
        const refused = await refusal(call({ ...input, [field]: value }))
        if (refused.code === 'internal-error') continue // something in it threw
        expect([name, refused]).toEqual([
          name,
          { code: 'malformed-input', rule: 'API-01', field: expect.any(String), problem: expect.any(String) },
        ])
        if (refused.code === 'malformed-input') expect(refused.field.split('.')[0]).toBe(field)
      }
  expect(costs(service, storage)).toBe(untouched)
})

test('API-01 · a missing field is refused by name', async () => {
  const { service, calls } = await everythingAtHand()
  for (const { name, call, input } of calls)
    for (const field of Object.keys(input)) {
      const { [field]: _, ...rest } = input
      expect([name, field, await refusal(call(rest))]).toEqual([
        name,
        field,
        expect.objectContaining({ code: 'malformed-input', field }),
      ])
    }
  expect(service.faults).toEqual([])
})

test('API-01 · unknown fields are ignored and never stored', async () => {
  const service = testService()
  const person = await initialised(service)
  const extra = { ...person, at: 0, correct: true, rehashed: 'x', __proto__: { system: 'DMS' } }
  expect(await codeOf(service.auth.signIn.begin(extra))).toBe('ok')
  const changes = { status: 'ENABLED', sessionEpoch: 9, attempts: null } as never
  expect(await refusal(service.auth.registry.change({ userId: user, by: 'HKEX', changes }))).toMatchObject({
    code: 'malformed-input',
    field: 'changes',
  })
  await good(
    service.auth.registry.register({
      ...{ userId: 'B0123402', role: 'User', origin: 'created', by: 'HKEX' },
      ...({ stage: 'Initialised', sessionEpoch: 7 } as object),
    }),
  )
  expect((await view(service, { userId: 'B0123402' })).stage).toBe('Registered')
  await expectTrailVerifies(service, 'B0123402')
})

test('API-01 · any input gets a result and never throws', async () => {
  const { service, calls } = await everythingAtHand()
  const seen = branches('an object', 'no object', 'taken', 'malformed', 'refused otherwise')
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...calls),
      fc.oneof(
        fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
        fc.dictionary(
          fc.constantFrom('userId', 'challenge', 'code', 'password', 'session', 'by', 'changes'),
          fc.anything(),
        ),
      ),
      async (chosen, input) => {
        const isObject = typeof input === 'object' && input !== null
        seen.either('an object', 'no object', isObject)
        const merged = isObject ? { ...chosen.input, ...input } : input
        const code = (await chosen.call(merged)).match(
          () => 'ok',
          (refused) => refused.code,
        )
        expect(code).toEqual(expect.any(String))
        seen.hit(code === 'ok' ? 'taken' : code === 'malformed-input' ? 'malformed' : 'refused otherwise')
      },
    ),
    { numRuns: 300 },
  )
  seen.expectAll()
  await expectTrailVerifies(service, user)
})
