/** How a command on one account is decided and committed, no matter who gave it. */
import { describe, expect, test } from 'vitest'
import { decommissioning, migratingService } from '../support/migration.ts'
import { counting } from '../support/storages.ts'
import {
  codeOf,
  eventsOf,
  good,
  recordOf,
  refusal,
  refusalsOf,
  testService,
  trailOf,
  unsettled,
} from '../support/test-service.ts'
import {
  administrator,
  another,
  begun,
  codeOfNow,
  initialised,
  loggedIn,
  registered,
  user,
} from '../support/user-journeys.ts'

const system = 'CCASS/CCMS'

describe('AUD-03, AUD-08 · a refusal', () => {
  test('of a caller without a session is committed in a record of its own, and the account keeps its version', async () => {
    const service = testService()
    const person = await initialised(service, user)
    const before = await recordOf(service, user)
    expect(
      await codeOf(service.auth.signIn.begin({ userId: user, password: person.password, system: 'DMS' })),
    ).toBe('sign-in-refused')
    expect(await recordOf(service, user)).toEqual(before)
    expect((await refusalsOf(service, user)).at(-1)).toMatchObject({
      actor: 'caller',
      event: { type: 'CommandRefused', at: service.clock.now(), operation: 'EnterPassword' },
    })
  })

  test('of a caller with a session is committed in the account’s own trail', async () => {
    const service = testService()
    const person = await initialised(service, user)
    const session = await loggedIn(service, person)
    const answer = service.auth.selfService.changePassword({
      ...{ session, current: person.password },
      ...{ password: person.password, confirmation: person.password },
    })
    expect(await refusal(answer)).toEqual({
      ...{ code: 'password-refused', rule: 'PW-05' },
      unmet: [{ code: 'used-before', rule: 'PW-08' }],
    })
    const last = (await trailOf(service, user)).at(-1)
    expect(last?.event).toMatchObject({ type: 'CommandRefused', reason: 'password-used-before' })
  })

  test('discloses that the password was changed too recently, and the two answers differ by nothing else', async () => {
    const service = testService({ policy: { password: { minimumAgeHours: 1 } } })
    const person = await initialised(service, user)
    const session = await loggedIn(service, person)
    const [password, confirmation] = [another(1), another(1)]
    const change = { session, current: person.password, password, confirmation }
    expect(await refusal(service.auth.selfService.changePassword(change))).toEqual({
      ...{ code: 'password-refused', rule: 'PW-05' },
      unmet: [{ code: 'changed-too-recently', rule: 'PW-08' }],
    })
  })
})

describe('MIG-20 · a command after decommissioning', () => {
  const card = { smartcard: { srn: '0101101200012AB2', certificateExpiry: decommissioning + 1e9 } }
  const carded = async () => {
    const service = migratingService()
    await good(
      service.auth.registry.register({ userId: user, role: 'User', origin: 'imported', by: 'HKEX', ...card }),
    )
    return service
  }
  const typesOf = async (service: ReturnType<typeof migratingService>) =>
    (await eventsOf(service, user)).map(({ type }) => type)

  test('also removes the smartcard, in the same commit and before its own event, and never earlier', async () => {
    const service = await carded()
    const change = (surname: string) =>
      good(service.auth.registry.change({ userId: user, by: 'HKEX', changes: { surname } }))
    service.clock.set(decommissioning - 1)
    await change('CHAN')
    expect(await typesOf(service)).toEqual(['Registered', 'ProfileChanged'])
    service.clock.set(decommissioning)
    await change('WONG')
    expect((await typesOf(service)).slice(2)).toEqual(['SmartcardDecommissioned', 'ProfileChanged'])
    await change('HO')
    expect((await typesOf(service)).slice(4)).toEqual(['ProfileChanged'])
  })

  test('that is refused removes it too, with the refusal in its own record if the caller has no session', async () => {
    const service = await carded()
    service.clock.set(decommissioning)
    const attempt = { userId: user, password: 'Wrong-Horse-1!!!', system } as const
    expect(await codeOf(service.auth.signIn.begin(attempt))).toBe('sign-in-refused')
    expect(await typesOf(service)).toEqual(['Registered', 'SmartcardDecommissioned'])
    expect((await refusalsOf(service, user)).map(({ event }) => event.type)).toEqual(['CommandRefused'])
  })
})

test('API-03 · an instant from the future in the account is reported to the host as a fault of the clock', async () => {
  const service = testService()
  const person = await initialised(service, user)
  await begun(service, person)
  expect(service.faults).toEqual([])
  service.clock.pass(-3_600_000)
  await service.auth.signIn.begin({ ...person, system })
  expect(service.faults[0]).toMatchObject({
    port: 'clock',
    error: { message: expect.stringContaining('a stored instant is in the future') },
  })
})

test('API-02 · a command whose fact cannot be found is refused, and nothing is committed', async () => {
  const service = testService()
  const person = await initialised(service, user)
  const before = await recordOf(service, user)
  const broken = testService({
    storage: service.storage,
    between: (ports) => ({
      ...ports,
      passwordHasher: { ...ports.passwordHasher, verify: () => Promise.reject(new Error('no memory')) },
    }),
  })
  const attempt = { userId: user, password: person.password, system } as const
  expect(await refusal(broken.auth.signIn.begin(attempt))).toMatchObject({
    code: 'port-failed',
    port: 'passwordHasher',
  })
  expect(await recordOf(service, user)).toEqual(before)
})

test('LOCK-17 · with a record cache, a commit requires nothing of the record of refusals, which decides nothing', async () => {
  const storage = counting()
  const service = testService({ storage, recordCache: true })
  const person = await initialised(service, user)
  const { challenge } = await begun(service, person)
  storage.commits.length = 0
  await good(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) }))
  const kinds = storage.commits.map(({ writes, unchanged = [] }) => [
    writes.map(({ key }) => key.kind),
    unchanged.map(({ key }) => key.kind),
  ])
  expect(kinds).toEqual([[['account'], []]])
})

test('ACC-17 · a refused command notifies no one', async () => {
  const service = testService()
  await registered(service, administrator)
  await service.auth.signIn.begin({ userId: administrator, password: 'Wrong-Horse-1!!!', system: 'DMS' })
  expect(await unsettled(service)).toEqual([])
})
