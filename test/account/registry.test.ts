/** Registering, changing, unlocking and deleting an account. */
import { describe, expect, test } from 'vitest'
import type { ProfileChanges } from '../../src/index.ts'
import {
  command,
  event,
  given,
  happened,
  history,
  nothing,
  t0,
  times,
  userId,
} from '../support/random-histories.ts'

const register = command('Register', { userId, role: 'User', origin: 'created', email: 'a@example.com' })
const unlock = command('Unlock', {})
const remove = command('Delete', {})
const change = (changes: object) => command('ChangeProfile', { changes })

const existing = [
  ['registered', history.registered],
  ['password set', history.passwordSet],
  ['initialised', history.app],
  ['locked', history.locked],
] as const

describe('Register', () => {
  test('ACC-01 · a User ID that was never used becomes an account', () => {
    const account = given()
      .when(register)
      .then(
        event('Registered', 'ACC-01', { userId, role: 'User', origin: 'created', email: 'a@example.com' }),
      )
    expect(account).toMatchObject({ stage: 'Registered', userId, status: 'ENABLED', sessionEpoch: 0 })
  })

  test('MIG-05 · an account registered without other information counts as an existing one: it is imported', () => {
    const imported = command('Register', { userId, role: 'User' } as never)
    expect(
      given()
        .when(imported)
        .then(event('Registered', 'ACC-01', { userId, role: 'User', origin: 'imported' })),
    ).toMatchObject({
      origin: 'imported',
    })
  })

  test.each([...existing, ['deleted', history.deleted] as const])(
    'ID-12 · an ID that was used once is not allocated again: %s',
    (_, before) => {
      given(before).when(register).refused('user-id-taken', 'ID-12')
    },
  )
})

describe('ChangeProfile', () => {
  test.each(existing)('ACC-05 · status and dates are changed for an account that is %s', (_, before) => {
    const changes: ProfileChanges = {
      status: 'DISABLED',
      enableFrom: '2023-06-01',
      disableAfter: '2023-07-01',
    }
    const account = given(before)
      .when(change(changes))
      .then(event('ProfileChanged', 'ACC-05', { changes }))
    expect(account).toMatchObject(changes)
  })

  test('ACC-05 · only fields whose value differs are recorded; a change without a difference emits no event', () => {
    given(history.app).when(change({})).then()
    given(history.app)
      .when(change({ status: 'ENABLED', enableFrom: null }))
      .then()
    given(history.app)
      .when(change({ status: 'ENABLED', disableAfter: '2023-07-01' }))
      .then(event('ProfileChanged', 'ACC-05', { changes: { disableAfter: '2023-07-01' } }))
  })

  test('ACC-14 · a change of email voids codes and open resets', () => {
    const changes = { email: 'other@example.com' }
    const account = given(
      history.email,
      happened.issued('sign-in'),
      happened.asked(),
      happened.issued('password'),
    )
      .when(change(changes))
      .then(event('ProfileChanged', 'ACC-14', { changes }))
    expect(account).toMatchObject({ email: 'other@example.com', codes: nothing, challenges: [] })
  })

  test('ACC-02, ACC-14 · a registered email can be removed', () => {
    const account = given(history.app)
      .when(change({ email: null }))
      .then(event('ProfileChanged', 'ACC-14', { changes: { email: null } }))
    expect(account).not.toHaveProperty('email')
  })

  test('ACC-15 · sessions that ended when the account was disabled stay ended when it is enabled', () => {
    const account = given(history.app, happened.changed({ status: 'DISABLED' }))
      .when(change({ status: 'ENABLED' }))
      .then(event('ProfileChanged', 'ACC-05', { changes: { status: 'ENABLED' } }))
    expect(account).toMatchObject({ status: 'ENABLED', sessionEpoch: 2 })
  })

  test('ID-12 · a change is refused for an account that does not exist or was deleted', () => {
    given()
      .when(change({ status: 'DISABLED' }))
      .refused('unknown-user', 'ID-12')
    given(history.deleted)
      .when(change({ status: 'DISABLED' }))
      .refused('deleted', 'ID-12')
  })
})

describe('Unlock', () => {
  test.each(existing)(
    'ACC-07, ACC-08, MNT-09 · an account that is %s starts again as a new one: credentials, challenges and counters are removed',
    (_, before) => {
      const busy = [happened.asked(), happened.issued('password'), ...times(2, happened.wrongPassword)]
      const account = given(before, busy)
        .when(unlock)
        .then(event('Unlocked', 'ACC-07', { historySize: 0 }))
      expect(account).toEqual({
        ...{ stage: 'Registered', userId, role: 'User', status: 'ENABLED', email: 'b0123401@example.com' },
        ...{ origin: 'created', sessionEpoch: before === history.locked ? 2 : 1 },
        ...{
          failedAttempts: { passwords: 0, otps: 0 },
          sessions: [],
          challenges: [],
          codes: {},
          codesIssued: {},
          failedEnrolmentAttempts: {},
        },
        passwordHistory: [],
        registeredAt: t0,
      })
    },
  )

  test('ACC-06 · an unlock does not enable a disabled account', () => {
    const account = given(history.locked, happened.changed({ status: 'DISABLED' }))
      .when(unlock)
      .then(event('Unlocked', 'ACC-07', { historySize: 0 }))
    expect(account).toMatchObject({ stage: 'Registered', status: 'DISABLED' })
  })

  test('PW-08 · the password history that the policy keeps survives an unlock', () => {
    const account = given(history.app)
      .when(unlock, { password: { history: 3 } })
      .then(event('Unlocked', 'ACC-07', { historySize: 3 }))
    expect(account).toMatchObject({ passwordHistory: ['p1'] })
  })

  test('ID-12 · an unlock is refused for an account that does not exist or was deleted', () => {
    given().when(unlock).refused('unknown-user', 'ID-12')
    given(history.deleted).when(unlock).refused('deleted', 'ID-12')
  })
})

describe('Delete', () => {
  test.each(existing)(
    'ID-12 · deleting an account that is %s removes everything except its User ID',
    (_, before) => {
      const account = given(before)
        .when(remove)
        .then(event('Deleted', 'ID-12', {}))
      expect(account).toEqual({ stage: 'Deleted', userId })
    },
  )

  test('ID-12 · a deletion is refused for an account that does not exist or was deleted', () => {
    given().when(remove).refused('unknown-user', 'ID-12')
    given(history.deleted).when(remove).refused('deleted', 'ID-12')
  })
})

describe('ReportUndelivered', () => {
  const report = (code: string, purpose: 'sign-in' | 'password' = 'password') =>
    command('ReportUndelivered', { purpose, code })

  test.each(existing.filter(([stage]) => stage !== 'locked'))(
    'OTP-07 · the newest code, if it was not delivered, becomes void and its use is refunded (%s)',
    (_, before) => {
      const account = given(before, happened.issued('password', 3))
        .when(report('password-3'))
        .then(event('CodeUndelivered', 'OTP-07', { purpose: 'password', window: { used: 2, since: t0 } }))
      expect(account).toMatchObject({ codes: nothing, codesIssued: { password: { used: 2, since: t0 } } })
    },
  )

  test('OTP-07 · a report about a code that is not the newest, or of another purpose, changes nothing', () => {
    given(history.app, happened.issued('password', 1), happened.issued('password', 2))
      .when(report('password-1'))
      .then()
    given(history.email, happened.issued('password', 1)).when(report('password-1', 'sign-in')).then()
    for (const before of [[], history.registered, history.locked, history.deleted])
      given(before).when(report('x')).then()
  })
})
