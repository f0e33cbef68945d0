/** The lists of the migration: who has not initialised, what expires, and which emails are late. */
import { expect, test } from 'vitest'
import { DAY } from '../../src/kernel/instant.ts'
import {
  dates,
  decommissioning,
  hk,
  launch,
  migratingService,
  spring,
  supplied,
} from '../support/migration.ts'
import { codeOf, good, type TestService, testService } from '../support/test-service.ts'
import { locked, setUp } from '../support/user-journeys.ts'

const by = 'HKEX'
const participant = 'B01234'
const email = 'tester@abc-securities.example'

const migrated = async (): Promise<TestService> => {
  const service = migratingService()
  await good(service.auth.migration.apply({ lines: supplied(), by }))
  return service
}

test('MIG-07, MNT-11 · accounts that have not initialised are listed in pages with what they wait for and who can help', async () => {
  const service = await migrated()
  service.clock.set(launch)
  await setUp(service, 'B0123401', 'MobileApp')
  await locked(service, await setUp(service, 'B0123402', 'Email'))
  const { accounts } = await good(service.auth.migration.notInitialised({ participant }))
  const name = 'TEST TESTER'
  expect(accounts.map(({ userId, pending, remedy: help }) => [userId, pending, help.route])).toEqual([
    ['B0123402', 'unlock', 'delegated-administrators'],
    ['B0123403', 'email', 'delegated-administrators'],
    ['B012340W', 'enabling', 'delegated-administrators'],
    ['B01234X1', 'holder', 'self-service'],
    ['B01234X2', 'holder', 'self-service'],
  ])
  expect(accounts[1]).toMatchObject({ role: 'User', name })
  expect(accounts[1]).not.toHaveProperty('email')

  const pages: string[][] = []
  let after: string | undefined = ''
  while (after !== undefined) {
    const page: { accounts: readonly { userId: string }[]; after?: string } = await good(
      service.auth.migration.notInitialised({ participant, after, limit: 4 }),
    )
    pages.push(page.accounts.map(({ userId }) => userId))
    after = page.after
  }
  expect(pages).toEqual([
    ['B0123402', 'B0123403', 'B012340W'],
    ['B01234X1', 'B01234X2'],
  ])
})

test('PW-09, ACC-06, MIG-17 · passwords, accounts and certificates that expire soon, and have not yet, are listed', async () => {
  const service = await migrated()
  service.clock.set(launch)
  await setUp(service, 'B0123401', 'MobileApp')
  const changes = {
    disableAfter: '2023-07-31',
    smartcard: { srn: 'A1', certificateExpiry: hk('2023-07-01T00:00') },
  }
  await good(service.auth.registry.change({ userId: 'B0123402', by, changes }))
  const before = service.clock.now() + 91 * DAY
  const expiring = async () =>
    (await good(service.auth.migration.expiring({ participant, before }))).accounts.map(
      ({ userId, what, at }) => [userId, what, at],
    )
  expect(await expiring()).toEqual([
    ['B0123401', 'password', launch + 90 * DAY],
    ['B0123402', 'smartcard-certificate', hk('2023-07-01T00:00')],
    ['B0123402', 'account', hk('2023-08-01T00:00')],
  ])
  service.clock.set(hk('2023-07-01T00:00'))
  expect((await expiring()).map(([userId, what]) => [userId, what])).toEqual([
    ['B0123401', 'password'],
    ['B0123402', 'account'],
  ])
})

test('MIG-17 · an account without a smartcard has no certificate that expires, and from decommissioning on none has', async () => {
  const service = await migrated()
  await good(service.auth.registry.change({ userId: 'B0123401', by, changes: { smartcard: null } }))
  const cards = async () =>
    (
      await good(service.auth.migration.expiring({ participant, before: hk('2100-01-01T00:00') }))
    ).accounts.filter(({ what }) => what === 'smartcard-certificate')
  expect((await cards()).map(({ userId }) => userId)).toEqual([
    'B0123402',
    'B0123403',
    'B01234X1',
    'B01234X2',
  ])
  service.clock.set(decommissioning - 1)
  expect(await cards()).toHaveLength(4)
  service.clock.set(decommissioning)
  expect(await cards()).toEqual([])
})

test('PW-09, ACC-06 · what ends at the very instant is not listed, and neither is a deleted account', async () => {
  const service = await migrated()
  const [first, second] = ['B0123401', 'B0123402']
  for (const userId of [first, second])
    await good(service.auth.registry.change({ userId, by, changes: { disableAfter: '2023-07-31' } }))
  const before = hk('2023-08-01T00:00')
  const accounts = async (until: number) =>
    (await good(service.auth.migration.expiring({ participant, before: until }))).accounts
      .filter(({ what }) => what === 'account')
      .map(({ userId }) => userId)
  expect(await accounts(before)).toEqual([])
  expect(await accounts(before + 1)).toEqual([first, second])
  await good(service.auth.registry.delete({ userId: second, by }))
  expect(await accounts(before + 1)).toEqual([first])
})

/** The User IDs of a participant whose emails count as late. */
const late = async ({ auth }: TestService) =>
  (await good(auth.migration.lateRegistrations({ participant }))).accounts.map(({ userId }) => userId)

test('MIG-02 · an email is late from the deadline on, if its account was registered without one, and not from launch on', async () => {
  const service = migratingService()
  const { auth, clock } = service
  const midnight = Date.UTC(2023, 3, 28, 16)
  const registered = async (
    userId: string,
    origin: 'imported' | 'created',
    [registeredAt, emailAt]: readonly [number, number],
  ) => {
    clock.set(registeredAt)
    await good(auth.registry.register({ userId, role: 'User', origin, by }))
    clock.set(emailAt)
    await good(auth.registry.change({ userId, by, changes: { email } }))
  }
  await registered('B0123401', 'imported', [spring, midnight - 1])
  await registered('B0123402', 'imported', [spring, midnight])
  await registered('B0123403', 'created', [spring, midnight - 1])
  await registered('B0123404', 'created', [launch - 1, launch])
  await registered('B0123405', 'created', [launch, launch + 1])
  await registered('B0123406', 'imported', [launch, launch])
  await good(auth.registry.register({ userId: 'B0123407', role: 'User', origin: 'imported', by }))
  await good(auth.registry.register({ userId: 'B0123408', role: 'User', origin: 'imported', by, email }))
  expect(await late(service)).toEqual(['B0123402', 'B0123404', 'B0123406'])
  await good(auth.registry.delete({ userId: 'B0123402', by }))
  expect(await late(service)).toEqual(['B0123404', 'B0123406'])
})

test('MIG-02 · a late email is listed with its account and the instant of its registration', async () => {
  const service = await migrated()
  service.clock.set(launch)
  await good(service.auth.registry.change({ userId: 'B0123403', by, changes: { email } }))
  expect(await good(service.auth.migration.lateRegistrations({ participant }))).toEqual({
    accounts: [{ userId: 'B0123403', role: 'User', name: 'TEST TESTER', email, registeredAt: launch }],
  })
})

test('MIG-02 · without a timeline there is no deadline, so nothing is late', async () => {
  const service = testService()
  const userId = 'B0123401'
  await good(service.auth.registry.register({ userId, role: 'User', origin: 'imported', by }))
  await good(service.auth.registry.change({ userId, by, changes: { email } }))
  expect(await late(service)).toEqual([])
})

test('MIG-07 · a contact without names has an empty one', async () => {
  const service = migratingService()
  await good(service.auth.registry.register({ userId: 'B0123401', role: 'User', origin: 'imported', by }))
  const { accounts } = await good(service.auth.migration.notInitialised({ participant }))
  expect(accounts).toEqual([
    {
      ...{ userId: 'B0123401', role: 'User', name: '', pending: 'email' },
      remedy: { route: 'delegated-administrators', rule: expect.any(String) },
    },
  ])
})

test('API-02 · a list is refused if the clock or the storage fails', async () => {
  const { storage } = await migrated()
  const broken = [
    migratingService({ between: (ports) => ({ ...ports, clock: { now: () => Number.NaN } }), storage }),
    migratingService({ storage: { ...storage, list: () => Promise.reject(new Error('down')) } }),
  ]
  for (const { auth } of broken)
    for (const answer of [
      auth.migration.notInitialised({ participant }),
      auth.migration.expiring({ participant, before: spring }),
      auth.migration.lateRegistrations({ participant }),
    ])
      expect(await codeOf(answer)).toBe('port-failed')
})

test('MIG-23 · a participant with its own dates is listed by them', async () => {
  const service = migratingService({
    timeline: { ...dates, participants: { [participant]: { decommissioning: null } } },
  })
  await good(service.auth.migration.apply({ lines: supplied(), by }))
  service.clock.set(decommissioning)
  const { accounts } = await good(
    service.auth.migration.expiring({ participant, before: hk('2100-01-01T00:00') }),
  )
  expect(accounts.filter(({ what }) => what === 'smartcard-certificate')).not.toEqual([])
})
