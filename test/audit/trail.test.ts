/** The trail records who did what, when and by which rule; and what the vault keeps outside it. */
import { expect, test } from 'vitest'
import { rulebook } from '../../src/policy/rulebook.ts'
import {
  codeOf,
  credentialsIn,
  good,
  ninetyDays,
  recordOf,
  testService,
  trailOf,
} from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import {
  another,
  begun,
  codeOfNow,
  initialised,
  locked,
  loggedIn,
  mailed,
  registered,
  user,
  wrongCodes,
} from '../support/user-journeys.ts'

test('AUD-01 · every change is an entry with actor, instant, event and rule, and the entries of one operation share its identifier', async () => {
  const service = testService()
  const person = await initialised(service)
  await loggedIn(service, person)
  await locked(service, person)
  await good(service.auth.registry.unlock({ userId: user, by: 'HKEX on DA 3' }))
  const trail = await trailOf(service, user)
  const known = new Set<string>(rulebook.map(({ id }) => id))
  for (const { actor: by, operationId: operation, event } of trail) {
    expect(by).not.toBe('')
    expect(operation).toMatch(/^[0-9a-f]{32}$/)
    expect(known).toContain(event.rule)
    expect(event.at).toBeLessThanOrEqual(service.clock.now())
  }
  expect([trail.at(0)?.actor, trail.at(3)?.actor, trail.at(-1)?.actor]).toEqual([
    'HKEX',
    'caller',
    'HKEX on DA 3',
  ])
  const [rejected, lock] = trail.slice(-3, -1)
  expect([rejected?.event.type, lock?.event.type]).toEqual(['PasswordRejected', 'Locked'])
  expect(rejected?.operationId).toBe(lock?.operationId)
  expect(new Set(trail.map(({ operationId: operation }) => operation)).size).toBe(trail.length - 2)
  await expectTrailVerifies(service, user)
})

test('AUD-01 · the holder is the actor of what is done once signed in', async () => {
  const service = testService()
  const person = await initialised(service)
  const session = await loggedIn(service, person)
  const fresh = { password: another(1), confirmation: another(1) }
  await good(service.auth.selfService.changePassword({ session, current: person.password, ...fresh }))
  await good(service.auth.selfService.changeDevice({ session }))
  expect((await trailOf(service, user)).slice(-2).map(({ actor: by, event }) => [by, event.type])).toEqual([
    [user, 'PasswordSet'],
    [user, 'DeviceChangeRequested'],
  ])
})

test('AUD-03 · the trail is read page by page', async () => {
  const service = testService()
  await initialised(service)
  const all = await trailOf(service, user)
  const read = async (after: number | undefined, limit: number | undefined) =>
    (await good(service.auth.audit.trail({ userId: user, after, limit }))).map(({ seq }) => seq)
  expect(await read(undefined, undefined)).toEqual(all.map(({ seq }) => seq))
  expect(await read(2, 3)).toEqual([3, 4, 5])
  expect(await read(all.length, 10)).toEqual([])
  for (const bad of [{ limit: 0 }, { limit: 1_001 }, { after: -1 }, { after: 0.5 }])
    expect(await codeOf(service.auth.audit.trail({ userId: user, ...bad }))).toBe('malformed-input')
})

test('AUD-06 · after every operation the vault contains only what the state refers to', async () => {
  const service = testService({ policy: { password: { history: 1 } } })
  const look = () => expectTrailVerifies(service, user)
  const kept = async () => Object.values(credentialsIn(await recordOf(service, user))).length
  await registered(service, user)
  await look()
  const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  expect(await kept()).toBe(1) // the code
  await good(service.auth.passwordSetUp.confirmCode({ challenge, code: mailed(service, user) }))
  expect(await kept()).toBe(0)
  const password = another(1)
  await good(service.auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
  expect(await kept()).toBe(1) // the password
  const { challenge: first } = await begun(service, { userId: user, password })
  for (const channel of ['MobileApp', 'Email', 'MobileApp', 'Email'] as const)
    await good(service.auth.enrolment.chooseChannel({ challenge: first, channel }))
  expect(await kept()).toBe(2) // …and the newest choice’s code
  await good(service.auth.enrolment.confirm({ challenge: first, code: mailed(service, user) }))
  expect(await kept()).toBe(1)
  const person = { userId: user, password, channel: 'Email', system: 'CCASS/CCMS' } as const
  await wrongCodes(
    service,
    { ...person, phone: { code: () => '', secret: new Uint8Array(), typedIn: '' } },
    2,
  )
  await look()
  service.clock.pass(ninetyDays)
  const { challenge: expired } = await begun(service, person)
  await good(
    service.auth.passwordSetUp.complete({
      challenge: expired,
      password: another(2),
      confirmation: another(2),
    }),
  )
  expect(await kept()).toBe(2) // the password and the one before it
  await good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))
  expect(await kept()).toBe(1)
  await look()
  await good(service.auth.registry.delete({ userId: user, by: 'HKEX' }))
  expect(await kept()).toBe(0)
  await look()
})

test('AUD-06, OTP-04 · the secret of a device is sealed for its account alone', async () => {
  const service = testService()
  const person = await initialised(service)
  const sealed = Object.values((await recordOf(service, user))?.vault ?? {}).find((text) =>
    text.startsWith('v1.'),
  )
  expect(await service.secretBox.open(sealed ?? '', `totp-secret:${user}`)).toEqual(person.phone.secret)
  await expect(service.secretBox.open(sealed ?? '', 'totp-secret:B0123402')).rejects.toThrow()
  expect(codeOfNow(service, person)).toMatch(/^\d{6}$/)
})
