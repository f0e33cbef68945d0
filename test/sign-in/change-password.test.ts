/** Requirements for new passwords, wherever one is set. */
import { expect, test } from 'vitest'
import type { Refusal } from '../../src/index.ts'
import { codeOf, good, recordOf, refusal, type TestService, testService } from '../support/test-service.ts'
import {
  another,
  begun,
  type ClientConnectPerson,
  initialised,
  loggedIn,
  mailed,
  registered,
  user,
  view,
  wrongPasswords,
} from '../support/user-journeys.ts'

/** A reset whose code was confirmed and that awaits the new password. */
const resetBegun = async (service: TestService) => {
  const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  await good(service.auth.passwordSetUp.confirmCode({ challenge, code: mailed(service, user) }))
  return (password: string, confirmation = password) =>
    service.auth.passwordSetUp.complete({ challenge, password, confirmation })
}

/** Change Password by a signed-in holder. */
const changing = async (service: TestService, person: ClientConnectPerson) => {
  const session = await loggedIn(service, person)
  return (password: string, current = person.password, confirmation = password) =>
    service.auth.selfService.changePassword({ session, current, password, confirmation })
}

const unmet = (refused: Refusal) =>
  refused.code === 'password-refused' ? refused.unmet.map(({ code }) => code) : [refused.code]

test('PW-04 · a password is entered twice; if the entries differ nothing is set, and another attempt is free', async () => {
  const service = testService()
  const person = await initialised(service)
  const set = await resetBegun(service)
  expect(await refusal(set(another(1), another(2)))).toEqual({ code: 'passwords-differ', rule: 'PW-04' })
  expect(await codeOf(set(another(1)))).toBe('ok')
  const change = await changing(service, { ...person, password: another(1) })
  expect(await codeOf(change(another(2), another(1), another(3)))).toBe('passwords-differ')
  expect(await codeOf(change(another(2), another(1)))).toBe('ok')
})

test('PW-05 · all unmet rules are reported together wherever a password is set', async () => {
  const service = testService()
  const person = await initialised(service)
  const change = await changing(service, person)
  const set = await resetBegun(service)
  const all = ['too-short', 'no-number', 'no-lower-case-letter', 'no-special-character', 'no-capital-letter']
  expect(unmet(await refusal(set('')))).toEqual(all)
  expect(unmet(await refusal(change('')))).toEqual(all)
  expect(unmet(await refusal(set('Seventeen-chars$17')))).toEqual(['no-special-character'])
})

test('PW-05 · Unicode is normalised before hashing: composed and decomposed are one password', async () => {
  const service = testService()
  await initialised(service)
  const set = await resetBegun(service)
  const composed = 'Crème-brûlée-No.1!'.normalize('NFC')
  await good(set(composed.normalize('NFD')))
  expect((await begun(service, { userId: user, password: composed })).next).toBe('otp')
  expect((await begun(service, { userId: user, password: composed.normalize('NFD') })).next).toBe('otp')
  expect(
    await codeOf(service.auth.signIn.begin({ userId: user, password: ` ${composed}`, system: 'CCASS/CCMS' })),
  ).toBe('sign-in-refused')
})

test('PW-06 · a password that is too long is refused before any hashing at every entrance', async () => {
  const service = testService()
  const person = await initialised(service)
  const change = await changing(service, person)
  const set = await resetBegun(service)
  const long = `Aa1!${'x'.repeat(125)}`
  const before = { ...service.passwordHasher.calls }
  expect(unmet(await refusal(set(long)))).toEqual(['too-long'])
  expect(unmet(await refusal(change(long)))).toEqual(['too-long'])
  expect(await codeOf(change(another(1), long))).toBe('malformed-input')
  expect(await codeOf(service.auth.signIn.begin({ ...person, password: long }))).toBe('malformed-input')
  expect(service.passwordHasher.calls).toEqual(before)
  expect((await view(service, person)).failedAttempts.passwords).toBe(0)
  await good(set(long.slice(0, 128)))
})

test('PW-08, PW-17 · by default a former password may be used again at once and no blocklist is asked; the present one is always refused', async () => {
  const passwordBlocklist = {
    includes: async () => {
      throw new Error('asked')
    },
  }
  const service = testService({ passwordBlocklist })
  const person = await initialised(service)
  const change = await changing(service, person)
  expect(unmet(await refusal(change(person.password)))).toEqual(['used-before'])
  expect(await codeOf(change(another(1)))).toBe('ok')
  expect(await codeOf(change(person.password, another(1)))).toBe('ok')
  const set = await resetBegun(service)
  expect(unmet(await refusal(set(person.password)))).toEqual(['used-before'])
  expect(await codeOf(set(another(1)))).toBe('ok')
})

test('PW-08 · with a history the present password and the last N before it are refused', async () => {
  const service = testService({ policy: { password: { history: 2 } } })
  const person = await initialised(service)
  const change = await changing(service, person)
  expect(await codeOf(change(another(1)))).toBe('ok')
  expect(await codeOf(change(another(2), another(1)))).toBe('ok')
  const set = await resetBegun(service)
  for (const consume of [person.password, another(1), another(2)]) {
    expect(unmet(await refusal(change(consume, another(2))))).toEqual(['used-before'])
    expect(unmet(await refusal(set(consume)))).toEqual(['used-before'])
  }
  expect((await recordOf(service, user))?.state).toMatchObject({ passwordHistory: { length: 2 } })
  expect(await codeOf(set(another(3)))).toBe('ok')
  expect(await codeOf((await resetBegun(service))(person.password))).toBe('ok')
})

test('PW-08, ACC-08 · the history survives a lock and an unlock', async () => {
  const service = testService({ policy: { password: { history: 1 } } })
  const person = await initialised(service)
  await wrongPasswords(service, person, 5)
  await good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))
  const set = await resetBegun(service)
  expect(unmet(await refusal(set(person.password)))).toEqual(['used-before'])
  expect(await codeOf(set(another(1)))).toBe('ok')
})

test('PW-08 · the minimum age applies to Change Password, to the millisecond, and not to a forgotten or expired password', async () => {
  const service = testService({ policy: { password: { minimumAgeHours: 24 } } })
  const person = await initialised(service)
  const set = await resetBegun(service)
  const changedAt = service.clock.now()
  await good(set(another(0)))
  service.clock.set(changedAt + 24 * 3_600_000 - 60_000)
  const change = await changing(service, { ...person, password: another(0) })
  service.clock.set(changedAt + 24 * 3_600_000 - 1)
  expect(unmet(await refusal(change(another(1))))).toEqual(['changed-too-recently'])
  service.clock.set(changedAt + 24 * 3_600_000)
  expect(await codeOf(change(another(1)))).toBe('ok')
  expect(await codeOf((await resetBegun(service))(another(2)))).toBe('ok')
})

test('PW-08 · a password on the blocklist is refused, and a list that is missing or fails is a failed port', async () => {
  const policy = { password: { blocklist: true } }
  const asked: string[] = []
  const includes = async (password: string) => {
    asked.push(password)
    if (password === another(3)) throw new Error('out of order')
    return password === another(1)
  }
  const service = testService({ policy, passwordBlocklist: { includes } })
  await registered(service, user)
  const set = await resetBegun(service)
  expect(unmet(await refusal(set(another(1))))).toEqual(['known-password'])
  expect(await refusal(set(another(3)))).toEqual({
    code: 'port-failed',
    rule: 'API-02',
    port: 'passwordBlocklist',
  })
  expect(await codeOf(set('short'))).toBe('password-refused')
  expect(asked).toEqual([another(1), another(3)])
  expect(await codeOf(set(another(2)))).toBe('ok')

  expect(() => testService({ policy })).toThrow('passwordBlocklist must be given')
})
