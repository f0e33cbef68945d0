/** Open sessions: signed out, listed, ended; ended by changes of the account; bound to their store. */
import { describe, expect, test } from 'vitest'
import type { Session } from '../../src/index.ts'
import { codeOf, count, good, refusal, type TestService, testService } from '../support/test-service.ts'
import {
  administrator,
  another,
  begun,
  channelSet,
  initialised,
  loggedIn,
  passwordSet,
  user,
} from '../support/user-journeys.ts'

const ended = { code: 'session-ended', rule: 'ACC-15' }
const change = (service: TestService, changes: object, userId = user) =>
  good(service.auth.registry.change({ userId, by: 'HKEX', changes }))

const several = async (service: TestService, times = 3) => {
  const person = await initialised(service)
  const sessions: Session[] = []
  for (let i = 0; i < times; i++) sessions.push(await loggedIn(service, person))
  const [one, two, three] = sessions
  if (one === undefined || two === undefined) throw new Error('not signed in')
  const checked = () =>
    Promise.all(sessions.map((session) => codeOf(service.auth.sessions.check({ session }))))
  return { person, one, two, three: three ?? two, checked }
}

describe('ACC-19 · the holder', () => {
  test('signs out, which ends the session in every process, sealed or not, and no other session', async () => {
    const service = testService()
    const { one, checked } = await several(service)
    const sealed = await good(service.auth.sessions.seal({ session: one }))
    await good(service.auth.sessions.signOut({ session: one }))
    expect(await checked()).toEqual(['session-ended', 'ok', 'ok'])
    const there = service.another()
    expect(await refusal(there.sessions.check({ session: one }))).toEqual(ended)
    expect(await refusal(there.sessions.open({ sealed }))).toEqual(ended)
    expect(await refusal(service.auth.sessions.signOut({ session: one }))).toEqual(ended)
  })

  test('lists sessions, and ends one, all others, or all', async () => {
    const service = testService()
    const { one, two, three, checked } = await several(service)
    const listed = await good(service.auth.sessions.list({ session: two }))
    expect(listed.map(({ id, current }) => [id, current])).toEqual([
      [one.id, false],
      [two.id, true],
      [three.id, false],
    ])
    expect(listed[0]).toMatchObject({ system: 'CCASS/CCMS', method: 'MobileApp', signedInAt: one.signedInAt })
    await good(service.auth.sessions.end({ session: two, id: one.id }))
    expect(await checked()).toEqual(['session-ended', 'ok', 'ok'])
    await good(service.auth.sessions.end({ session: two, id: 'not one of them' }))
    await good(service.auth.sessions.endOthers({ session: three }))
    expect(await checked()).toEqual(['session-ended', 'session-ended', 'ok'])
    await good(service.auth.sessions.endAll({ session: three }))
    expect(await checked()).toEqual(['session-ended', 'session-ended', 'session-ended'])
    expect(await count(service, user, 'SessionsEnded')).toBe(3)
  })

  test('has at most as many sessions as the policy allows, and the oldest is ended', async () => {
    const service = testService({ policy: { session: { maxOpen: 2 } } })
    const { checked } = await several(service)
    expect(await checked()).toEqual(['session-ended', 'ok', 'ok'])
  })

  test('is signed out when idle, if the policy says so, and each check restarts the idle period', async () => {
    const service = testService({ policy: { session: { idleSeconds: 600 } } })
    const { one } = await several(service, 2)
    service.clock.set(one.signedInAt + 599_999)
    const renewed = await good(service.auth.sessions.check({ session: one }))
    expect(renewed.expiresAt).toBe(one.expiresAt)
    service.clock.pass(1)
    expect(await refusal(service.auth.sessions.check({ session: one }))).toEqual(ended)
    const sealed = await good(service.auth.sessions.seal({ session: renewed }))
    service.clock.pass(599_998)
    const opened = await good(service.auth.sessions.open({ sealed }))
    service.clock.pass(600_000)
    expect(await refusal(service.auth.sessions.check({ session: opened }))).toEqual(ended)
  })

  test('is signed out at the absolute limit, however often the session is checked', async () => {
    const service = testService({ policy: { session: { idleSeconds: 3_600, validSeconds: 7_200 } } })
    const { one } = await several(service, 2)
    let session = one
    for (
      service.clock.set(one.signedInAt);
      service.clock.now() < one.expiresAt;
      service.clock.pass(1_800_000)
    )
      session = await good(service.auth.sessions.check({ session }))
    expect(await refusal(service.auth.sessions.check({ session }))).toEqual(ended)
  })
})

test('ACC-19 · under parallel use no ended session is restored', async () => {
  const service = testService({ policy: { challenge: { maxOpen: 64 }, session: { maxOpen: 64 } } })
  const { person, one } = await several(service)
  const there = service.another()
  await Promise.all([
    good(service.auth.sessions.signOut({ session: one })),
    ...Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? service.auth : there).signIn.begin(person)),
    ...Array.from({ length: 20 }, () => there.sessions.check({ session: one })),
  ])
  for (const auth of [service.auth, there])
    expect(await codeOf(auth.sessions.check({ session: one }))).toBe('session-ended')
})

describe('ACC-20, ACC-15 · sessions are ended', () => {
  test('by the holder’s Change Password, except the session that makes it; a policy can let all continue', async () => {
    for (const endOnOwnChange of [true, false]) {
      const service = testService({ policy: { session: { endOnOwnChange } } })
      const { person, two, checked } = await several(service)
      const fresh = { password: another(1), confirmation: another(1) }
      await good(
        service.auth.selfService.changePassword({ session: two, current: person.password, ...fresh }),
      )
      expect(await checked()).toEqual(
        endOnOwnChange ? ['session-ended', 'ok', 'session-ended'] : ['ok', 'ok', 'ok'],
      )
    }
  })

  test('by another OTP channel', async () => {
    const service = testService()
    const { person, one, checked } = await several(service)
    await good(service.auth.selfService.changeDevice({ session: one }))
    const { challenge } = await begun(service, person)
    await good(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
    await channelSet(service, challenge, user, 'Email')
    expect(await checked()).toEqual(['session-ended', 'session-ended', 'session-ended'])
  })

  test('by another email and by a password reset', async () => {
    for (const end of [
      (service: TestService) => change(service, { email: 'other@example.com' }),
      (service: TestService) => passwordSet(service, user, another(2)),
    ]) {
      const service = testService()
      const { checked } = await several(service)
      await end(service)
      expect(await checked()).toEqual(['session-ended', 'session-ended', 'session-ended'])
    }
  })

  test('permanently, even if the date that disabled the account is removed', async () => {
    const service = testService()
    await initialised(service, 'B0123402')
    const { one, checked } = await several(service)
    await change(service, { disableAfter: '2023-05-02' })
    const later = await loggedIn(service, { ...(await initialised(service, 'B0123403')) })
    expect(await codeOf(service.auth.sessions.check({ session: later }))).toBe('ok')
    service.clock.set(Date.UTC(2023, 4, 2, 16))
    expect(await refusal(service.auth.sessions.check({ session: one }))).toEqual(ended)
    await change(service, { disableAfter: null })
    expect(await checked()).toEqual(['session-ended', 'session-ended', 'session-ended'])
  })

  test('by the loss of the right to the system: a DA at the terminal whose user groups are removed', async () => {
    const timeline = { launch: Date.UTC(2023, 4, 1), decommissioning: Date.UTC(2023, 4, 2) }
    const service = testService({ timeline })
    const person = await initialised(service, administrator)
    await change(service, { userGroups: ['11'] }, administrator)
    const { challenge } = await good(service.auth.signIn.begin({ ...person, system: 'CCASS/CCMS' }))
    const done = await good(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
    if (done.next !== 'done') throw new Error(done.next)
    expect(await codeOf(service.auth.sessions.check({ session: done.session }))).toBe('ok')
    await change(service, { userGroups: [] }, administrator)
    expect(await refusal(service.auth.sessions.check({ session: done.session }))).toEqual(ended)
  })
})

test('ACC-19 · a session is bound to its store: every operation on another store with the same keys refuses it', async () => {
  const [here, there] = [testService(), testService()]
  // The tests' random source repeats itself: one more call makes all names different.
  there.random.bytes(1)
  const { one } = await several(here)
  await several(there)
  const sealed = await good(here.auth.sessions.seal({ session: one }))
  there.clock.set(here.clock.now())
  const { sessions, selfService } = there.auth
  expect(await refusal(sessions.check({ session: one }))).toEqual(ended)
  expect(await refusal(sessions.seal({ session: one }))).toEqual(ended)
  expect(await refusal(sessions.open({ sealed }))).toEqual(ended)
  expect(await refusal(sessions.list({ session: one }))).toEqual(ended)
  expect(await refusal(sessions.endAll({ session: one }))).toEqual(ended)
  expect(await refusal(selfService.changeDevice({ session: one }))).toEqual(ended)
})

test('ACC-19 · a sealed session has an audience, and another system refuses it', async () => {
  const service = testService()
  const { one } = await several(service)
  const sealed = await good(service.auth.sessions.seal({ session: one }))
  expect(await refusal(service.auth.sessions.open({ sealed, system: 'DMS' }))).toEqual(ended)
  expect((await good(service.auth.sessions.open({ sealed, system: 'CCASS/CCMS' }))).id).toBe(one.id)
})
