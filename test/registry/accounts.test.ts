/** The registry: it registers, changes, deletes and shows accounts, and refuses everything else. */
import { describe, expect, test } from 'vitest'
import { DAY } from '../../src/kernel/instant.ts'
import { eventsOf, good, morning, opened, refusal, testService, trailOf } from '../support/test-service.ts'
import { initialised, locked, user, wrongPasswords } from '../support/user-journeys.ts'

const by = 'HKEX'
const registering = { userId: user, role: 'User', origin: 'created', by } as const
const zeroAttempts = { passwords: 0, otps: 0, failedSignIns: 0 }
const unknown = { code: 'unknown-account', rule: 'ID-12' }
const malformed = { code: 'malformed-user-id', rule: 'ID-01', problem: 'length' }
const reversed = { enableFrom: '2023-06-06', disableAfter: '2023-06-05' }

describe('ACC-01, ID-09 · registering an account', () => {
  test('returns its ID, and records its role, origin, profile and the actor', async () => {
    const w = testService()
    const profile = { email: 'chan@bank.example', status: 'DISABLED', enableFrom: '2023-05-03' } as const
    expect(await good(w.auth.registry.register({ ...registering, ...profile }))).toMatchObject({
      userId: user,
      role: 'User',
      warnings: [],
    })
    const [entry] = await trailOf(w, user)
    expect(entry && opened(entry)).toMatchObject({
      actor: by,
      event: { type: 'Registered', at: morning, role: 'User', origin: 'created', ...profile },
    })
  })

  test('accepts an old user’s ID that looks like an administrator’s if it is imported, with a warning', async () => {
    const { registry } = testService().auth
    const odd = { ...registering, userId: 'B01234X5' } as const
    expect(await refusal(registry.register(odd))).toEqual({ code: 'looks-like-administrator', rule: 'ID-09' })
    const imported = await good(registry.register({ ...odd, origin: 'imported' }))
    expect([imported.role, imported.warnings]).toEqual(['User', ['looks-like-administrator']])
  })

  test.each([
    ['a User ID that is malformed', { userId: 'B01234' }, malformed],
    [
      'a User ID of no participant',
      { userId: '0123456A' },
      { ...malformed, rule: 'ID-07', problem: 'shape' },
    ],
    ['dates in the wrong order', reversed, { code: 'dates-reversed', rule: 'FLD-04' }],
  ])('is refused with %s', async (_, input, expected) => {
    const w = testService()
    expect(await refusal(w.auth.registry.register({ ...registering, ...input }))).toEqual(expected)
    expect((await good(w.auth.registry.totals({ participant: 'B01234' }))).total).toBe(0)
  })

  test.each([
    ['an unknown role', { role: 'Manager' }, 'role'],
    ['an unknown origin', { origin: 'found' }, 'origin'],
    ['no actor', { by: '' }, 'by'],
    ['an unknown status', { status: 'ASLEEP' }, 'status'],
    ['a User ID that is not text', { userId: 5 }, 'userId'],
  ])('is refused as malformed with %s', async (_, input, field) => {
    const { registry } = testService().auth
    expect(
      await refusal(registry.register({ ...registering, ...input } as typeof registering)),
    ).toMatchObject({
      code: 'malformed-input',
      field,
    })
  })

  test('is refused if the ID was ever allocated', async () => {
    const { registry } = testService().auth
    const taken = { code: 'user-id-taken', rule: 'ID-12' }
    await good(registry.register(registering))
    expect(await refusal(registry.register(registering))).toEqual(taken)
    await good(registry.delete({ userId: user, by }))
    expect(await refusal(registry.register({ ...registering, origin: 'imported' }))).toEqual(taken)
  })
})

describe('ACC-05, ACC-06, ACC-14 · changing an account', () => {
  test('sets the given fields, removes those given as null, and keeps the others', async () => {
    const w = testService()
    await good(
      w.auth.registry.register({ ...registering, email: 'a@bank.example', enableFrom: '2023-05-03' }),
    )
    const changed = await good(
      w.auth.registry.change({
        ...{ userId: user, by },
        changes: { status: 'DISABLED', enableFrom: null, disableAfter: '2023-12-31' },
      }),
    )
    expect(changed).toStrictEqual({
      ...{ userId: user, role: 'User', stage: 'Registered', status: 'DISABLED', locked: false },
      ...{ email: 'a@bank.example', disableAfter: '2023-12-31', failedAttempts: zeroAttempts },
    })
    expect(await good(w.auth.registry.view({ userId: user }))).toStrictEqual(changed)
    expect((await eventsOf(w, user)).map(({ type }) => type)).toEqual(['Registered', 'ProfileChanged'])
  })

  test('is refused for an account that does not exist, for a malformed ID, and for dates in the wrong order', async () => {
    const { registry } = testService().auth
    const change = (input: object) =>
      refusal(registry.change({ userId: user, by, changes: { status: 'ENABLED' }, ...input }))
    expect(await change({})).toEqual(unknown)
    expect(await change({ userId: 'B01234' })).toEqual(malformed)
    await good(registry.register(registering))
    expect(await change({ changes: reversed })).toEqual({ code: 'dates-reversed', rule: 'FLD-04' })
    expect(await change({ changes: { status: 'ASLEEP' } })).toMatchObject({ field: 'changes.status' })
    expect(await change({ changes: undefined })).toMatchObject({ field: 'changes' })
    expect(await change({ by: '' })).toMatchObject({ field: 'by' })
  })
})

describe('ID-12 · an account that does not exist, or was deleted', () => {
  test.each(['view', 'unlock', 'delete', 'endSessions'] as const)('has no %s', async (operation) => {
    const { registry } = testService().auth
    const attempt = (userId: string) => refusal<unknown>(registry[operation]({ userId, by }))
    expect(await attempt(user)).toEqual(unknown)
    expect(await attempt('B01234')).toEqual(malformed)
    await good(registry.register(registering))
    expect(await good(registry.delete({ userId: user, by }))).toBeUndefined()
    expect(await attempt(user)).toEqual(unknown)
  })

  test.each(['unlock', 'delete', 'endSessions'] as const)('%s requires an actor', async (operation) => {
    const { registry } = testService().auth
    expect(await refusal<unknown>(registry[operation]({ userId: user, by: '' }))).toMatchObject({
      field: 'by',
    })
  })
})

describe('LOCK-04 · the view of an account', () => {
  test.each(['MobileApp', 'Email'] as const)(
    'has its channel (%s) and the expiry of its password; a locked account has the channel it had',
    async (channel) => {
      const w = testService()
      const person = await initialised(w, user, channel)
      const seen = await good(w.auth.registry.view({ userId: user }))
      expect(seen).toMatchObject({ stage: 'Initialised', locked: false, channel })
      expect(seen.password).toEqual({ status: 'valid', expiresAt: morning + 90 * DAY, daysLeft: 90 })
      w.clock.pass(90 * DAY)
      expect((await good(w.auth.registry.view({ userId: user }))).password).toEqual({
        status: 'expired',
        expiredAt: morning + 90 * DAY,
      })
      w.clock.set(morning)
      await locked(w, person)
      const after = await good(w.auth.registry.view({ userId: user }))
      expect(after).toMatchObject({ stage: 'Locked', locked: true, channel })
      expect(after).not.toHaveProperty('password')
    },
  )

  test('counts failed attempts, and the failed sign-ins that they amount to', async () => {
    const w = testService()
    const person = await initialised(w, user)
    await wrongPasswords(w, person, 2)
    expect((await good(w.auth.registry.view({ userId: user }))).failedAttempts).toEqual({
      ...{ passwords: 2, otps: 0, failedSignIns: 2 },
    })
  })

  test('LOCK-15 · says until when too many requested codes block the set-up, and nothing while none do', async () => {
    const w = testService({ policy: { emailCode: { rateLimit: { max: 2, perSeconds: 900 } } } })
    await good(w.auth.registry.register({ ...registering, email: 'a@bank.example' }))
    const blocked = async () => (await good(w.auth.registry.view({ userId: user }))).enrolmentBlockedUntil
    for (const _ of [1, 2]) {
      expect(await blocked()).toBeUndefined()
      w.clock.pass(1_000)
      await good(w.auth.passwordSetUp.begin({ userId: user }))
    }
    expect(await blocked()).toEqual({ password: morning + 901_000 })
    w.clock.set(morning + 901_000)
    expect(await blocked()).toBeUndefined()
  })
})

test('QTA-01 · the maximum is a whole number from 0 to 100,000, and its totals are returned', async () => {
  const { registry } = testService().auth
  const set = (maximum: number) => registry.setMaximum({ participant: 'B01234', maximum, by })
  for (const maximum of [-1, 100_001, 0.5, Number.NaN])
    expect(await refusal(set(maximum))).toMatchObject({ code: 'malformed-input', field: 'maximum' })
  expect(await refusal(registry.setMaximum({ participant: 'B01234', maximum: 1, by: '' }))).toMatchObject({
    field: 'by',
  })
  for (const maximum of [0, 100_000]) {
    const totals = { maximum, total: 0, administrators: 0, users: 0, available: maximum }
    expect(await good(set(maximum))).toEqual(totals)
    expect(await good(registry.totals({ participant: 'B01234' }))).toEqual(totals)
  }
})
