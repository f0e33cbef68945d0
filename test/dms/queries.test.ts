/** DMS queries: finding, listing, proposing User IDs and support routes, and whom they show. */
import { beforeEach, describe, expect, test } from 'vitest'
import { accountChannels, supportNeeds, supportRouteFor } from '../../src/access-control/authority.ts'
import { phases } from '../../src/access-control/timeline.ts'
import type { ListingPage } from '../../src/dms/queries.ts'
import { suffixesOf } from '../../src/identity/allocation.ts'
import { roles } from '../../src/identity/role.ts'
import type { Session, StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import {
  arrived,
  carriedThrough,
  checkerId,
  creating,
  type DmsTestService,
  deleting,
  dmsTestService,
  expectFoiled,
  keyAt,
  makerId,
  subjectId,
} from '../support/dms.ts'
import { sqlite } from '../support/storages.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { codeOf, good, refusal, testService } from '../support/test-service.ts'
import {
  begun,
  channelSet,
  type initialised,
  locked,
  passwordSet,
  registered,
  setUp,
} from '../support/user-journeys.ts'

const smartcard = { srn: '0101101200012AB2', certificateExpiry: Date.UTC(2030, 11, 31) }

describe.each(localTestBeds)('on $name', ({ open }) => {
  let service: DmsTestService
  let session: Session
  beforeEach(async () => {
    service = await dmsTestService({ storage: open() })
    session = service.maker.session
  })
  const found = (userId: string) => good(service.auth.dms.find({ session, userId }))

  test('DMS-06 · a User ID is found in either case, and a DA shows the remark', async () => {
    expect(await found(subjectId.toLowerCase())).toEqual({
      ...{ userId: subjectId, role: 'User', status: 'ENABLED' },
      ...{ surname: 'CHAN', otherNames: 'TAI MAN', email: 'b0123401@example.com' },
    })
    expect(await found(checkerId)).toMatchObject({
      ...{ userId: checkerId, role: 'DelegatedAdministrator', remark: 'Delegated Administrator' },
    })
    expect(await found(subjectId)).not.toHaveProperty('remark')
  })

  test('DMS-06 · an account that does not exist or was deleted is not found', async () => {
    const unknown = { code: 'unknown-account', rule: 'ID-12' }
    expect(await refusal(service.auth.dms.find({ session, userId: 'B0123499' }))).toEqual(unknown)
    await carriedThrough(service, deleting())
    expect(await refusal(service.auth.dms.find({ session, userId: subjectId }))).toEqual(unknown)
    expect(await codeOf(service.auth.dms.find({ session, userId: 'B01234' }))).toBe('malformed-user-id')
  })

  test('DMS-08 · a DA’s search for a missing or malformed User ID is recorded', async () => {
    const told = { code: 'unknown-account', rule: 'ID-12' } as const
    await expectFoiled(service, () => service.auth.dms.find({ session, userId: 'B0123499' }), {
      of: makerId,
      told,
      reason: { operation: 'dms.find', reason: 'unknown-user', rule: 'ID-12', subject: 'B0123499' },
    })
    await expectFoiled(service, () => service.auth.dms.find({ session, userId: 'B01234' }), {
      of: makerId,
      told: { code: 'malformed-user-id' },
      reason: { operation: 'dms.find', reason: 'malformed-user-id', rule: 'ID-01', subject: '' },
    })
    await expectFoiled(service, () => service.auth.dms.enter({ session, entry: deleting('B-123401') }), {
      of: makerId,
      told: { code: 'malformed-user-id' },
      reason: { operation: 'dms.enter', reason: 'malformed-user-id', rule: 'ID-08', subject: '' },
    })
  })

  test('DMS-06 · names are found by surname and other names, in either order, in part and in any case', async () => {
    const ids = async (name: string) =>
      (await good(service.auth.dms.findByName({ session, name }))).map(({ userId }) => userId)
    await registered(service, 'B0123402', { surname: 'Chan', otherNames: 'Siu Ming' })
    await registered(service, 'B0123403', { surname: 'CHANG' })
    await registered(service, 'B0123404', { otherNames: 'CHANTAL' })
    expect(await ids('chan')).toEqual([subjectId, 'B0123402', 'B0123403', 'B0123404'])
    expect(await ids('CHAN T')).toEqual([subjectId])
    expect(await ids('tai man chan')).toEqual([subjectId])
    expect(await ids('ming ch')).toEqual(['B0123402'])
    expect(await ids('chang')).toEqual(['B0123403'])
    expect(await ids('.*')).toEqual([])
    await registered(service, 'B0123405', { surname: '陳', otherNames: '大文' })
    await registered(service, 'B0123406', { surname: 'Núñez'.normalize('NFC'), otherNames: 'ANA' })
    for (const name of ['陳大文', '陳 大文', '大文陳', '大文', '陳大'])
      expect([name, await ids(name)]).toEqual([name, ['B0123405']])
    for (const form of ['NFC', 'NFD'] as const)
      expect(await ids('NÚÑEZ'.normalize(form))).toEqual(['B0123406'])
    expect(await ids('chantaiman')).toEqual([subjectId])
    await carriedThrough(service, deleting('B0123403'))
    expect(await ids('chang')).toEqual([])
    for (const name of ['', 'x'.repeat(129)])
      expect(await codeOf(service.auth.dms.findByName({ session, name }))).toBe('malformed-input')
  })

  describe('what a profile shows about sign-in', () => {
    const shown = async () => {
      const { locked: isLocked, otpEnabled, smartcard: card } = await found(subjectId)
      return { isLocked, otpEnabled, card }
    }
    const asCard = { isLocked: undefined, otpEnabled: undefined, card: smartcard }
    const asOtp = { isLocked: false, otpEnabled: true, card: undefined }
    beforeEach(() =>
      good(service.auth.registry.change({ userId: subjectId, changes: { smartcard }, by: 'HKEX' })),
    )

    test('ACC-04 · it shows the smartcard before 2FA is initialised, and Locked and OTP Enabled afterwards', async () => {
      expect(await shown()).toEqual(asCard)
      const password = await passwordSet(service, subjectId)
      expect(await shown()).toEqual(asCard)
      const { challenge } = await begun(service, { userId: subjectId, password })
      await channelSet(service, challenge, subjectId, 'Email')
      expect(await shown()).toEqual(asOtp)
    })

    test('ACC-04, ACC-07 · it shows Locked for a locked account, and after an unlock the same as before 2FA', async () => {
      await setUp(service, subjectId, 'MobileApp')
      await locked(service, { userId: subjectId } as Awaited<ReturnType<typeof initialised>>)
      expect(await shown()).toEqual({ ...asOtp, isLocked: true })
      await good(service.auth.registry.unlock({ userId: subjectId, by: 'HKEX' }))
      expect(await shown()).toEqual(asCard)
    })

    test('ACC-04 · it shows an account locked before 2FA as locked, without OTP, with the smartcard', async () => {
      await passwordSet(service, subjectId)
      await locked(service, { userId: subjectId } as Awaited<ReturnType<typeof initialised>>)
      expect(await shown()).toEqual({ isLocked: true, otpEnabled: false, card: smartcard })
    })

    test('ACC-04 · the listing shows the same as the search', async () => {
      await setUp(service, subjectId, 'MobileApp')
      const { profiles } = await good(service.auth.dms.listing({ session }))
      expect(profiles).toEqual(await Promise.all(profiles.map(({ userId }) => found(userId))))
    })
  })

  test('DMS-07 · a profile is shown in full as it was entered', async () => {
    const profile = {
      organisation: 'B01234 ABC SECURITIES',
      internal: true,
      status: 'DISABLED',
      surname: 'LEE',
      otherNames: 'SIU LING',
      email: 'sl.lee@example.com',
      enableFrom: '2023-06-05',
      disableAfter: '2023-12-31',
      clearingHouseOptions: 'Cash',
      accessChannel: 'C3T',
      userGroups: ['11', 'AA'],
      transactionLimits: { Default: '0.00', DI: '9999999999999.99' },
    } as const
    await carriedThrough(service, creating('B0123405', profile))
    expect(await found('B0123405')).toEqual({ userId: 'B0123405', role: 'User', ...profile })
  })

  test('QTA-01, QTA-02 · the listing shows the totals of the briefing’s example: 20 / 16 / 6 / 10', async () => {
    for (const n of [3, 4, 5, 6]) await registered(service, `B01234X${n}`)
    for (const n of [2, 3, 4, 5, 6, 7, 8, 9]) await registered(service, `B012340${n}`)
    await registered(service, 'B012340W', { status: 'DISABLED' })
    await registered(service, 'B012340Z')
    await carriedThrough(service, deleting('B012340Z'))
    const { profiles, totals, after } = await good(service.auth.dms.listing({ session }))
    expect(totals).toEqual({ maximum: 20, total: 16, administrators: 6, users: 10, available: 4 })
    expect(profiles).toHaveLength(16)
    expect(profiles.filter(({ remark }) => remark === 'Delegated Administrator')).toHaveLength(6)
    expect(after).toBeUndefined()
  })

  test('DMS-06 · the pages list every account once, without deleted ones', async () => {
    for (const n of [2, 3, 4, 5]) await registered(service, `B012340${n}`)
    await carriedThrough(service, deleting('B0123403'))
    const pages: string[][] = []
    let mark: string | undefined = ''
    while (mark !== undefined) {
      const page: ListingPage = await good(service.auth.dms.listing({ session, after: mark, limit: 2 }))
      pages.push(page.profiles.map(({ userId }) => userId))
      mark = page.after
    }
    expect(pages).toEqual([[subjectId, 'B0123402'], ['B0123404'], ['B0123405', makerId], [checkerId]])
    for (const limit of [0, 1_001, 1.5])
      expect(await codeOf(service.auth.dms.listing({ session, limit }))).toBe('malformed-input')
  })

  test('ID-12 · the lowest free ID is proposed: never one that is in use, was deleted or looks like a DA’s', async () => {
    const proposed = () => good(service.auth.dms.proposeUserId({ session }))
    expect(await proposed()).toBe('B0123400')
    await carriedThrough(service, creating(await proposed()))
    expect(await proposed()).toBe('B0123402')
    await carriedThrough(service, creating('B0123402'))
    await carriedThrough(service, deleting('B0123402'))
    expect(await proposed()).toBe('B0123403')
    // A proposed ID is not allocated: another can be chosen.
    await carriedThrough(service, creating('B01234ZZ'))
    expect(await proposed()).toBe('B0123403')
  })

  test('ID-12 · for HKCC and SEOCH the ID is proposed in the DA’s own group or in the requested one', async () => {
    const da = await arrived(service, 'HKABC2X1')
    const propose = (group?: '1' | '2' | '3' | '4') =>
      good(service.auth.dms.proposeUserId({ session: da.session, group }))
    await registered(service, 'HKABC200')
    expect(await propose()).toBe('HKABC201')
    expect(await propose('4')).toBe('HKABC400')
    expect(await codeOf(service.auth.dms.proposeUserId({ session, group: '1' }))).toBe('malformed-user-id')
  })
})

/** A thousand accounts of B01234, written in one commit, and a count of the calls of `list`. */
const peopled = async (storage: StoragePort) => {
  const calls: (readonly [participant: string, after: string, limit: number])[] = []
  const list: StoragePort['list'] = (participant, kind, page) => {
    calls.push([participant, page.after, page.limit])
    return storage.list(participant, kind, page)
  }
  const service = testService({ storage: { ...storage, list } })
  const { session } = await arrived(service, makerId)
  const suffixes = suffixesOf('User').slice(0, 999)
  const [first, shared] = [keyAt('account', 'B0123400'), keyAt('participant', 'B01234')]
  await registered(service, first.id)
  const [model, participant] = await storage.load([first, shared])
  if (model === undefined || participant === undefined) throw new Error('no one is there')
  const given = Object.fromEntries(suffixes.map((suffix) => [`B01234${suffix}`, 'User']))
  const state = { stage: 'Known', allocated: { ...given, [makerId]: 'DelegatedAdministrator' } }
  const ids = suffixes.slice(1).map((suffix) => `B01234${suffix}`)
  await storage.commit({
    writes: [
      { key: shared, expectedVersion: participant.version, record: { ...participant, state }, entries: [] },
      ...ids.map((userId) => ({
        ...{ key: keyAt('account', userId), expectedVersion: 0, entries: [] },
        record: { ...model, state: { ...(model.state as object), userId, surname: `NUMBER ${userId}` } },
      })),
    ],
    notices: [],
  })
  return { service, session, calls, last: ids.at(-1) ?? '' }
}

describe.each([
  ['memory', memoryStorage],
  ['SQLite', sqlite],
] as const)('1,000 accounts on %s', (_, open) => {
  test('DMS-06, QTA-01 · a page takes one round trip and reads only the participant’s own records', {
    timeout: 60_000,
  }, async () => {
    const { service, session, calls, last } = await peopled(open())
    const { dms } = service.auth
    const whole = await good(dms.listing({ session }))
    expect(calls).toEqual([['B01234', '', 1_000]])
    expect(whole.profiles).toHaveLength(1_000)
    expect(whole.totals).toMatchObject({ total: 1_000, administrators: 1, users: 999 })

    calls.length = 0
    const ids: string[] = []
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: ListingPage = await good(dms.listing({ session, after, limit: 300 }))
      ids.push(...page.profiles.map(({ userId }) => userId))
      after = page.after
    }
    expect(calls).toHaveLength(4)
    expect(ids).toEqual(whole.profiles.map(({ userId }) => userId))
    expect(new Set(ids).size).toBe(1_000)

    calls.length = 0
    expect(await good(dms.findByName({ session, name: last.toLowerCase() }))).toMatchObject([
      { userId: last },
    ])
    // The thousandth may not be the last, so one more page is read.
    expect(calls.map(([participant]) => participant)).toEqual(['B01234', 'B01234'])

    calls.length = 0
    expect(await good(dms.find({ session, userId: last }))).toMatchObject({ role: 'User' })
    await good(dms.proposeUserId({ session }))
    expect(calls).toEqual([])
  })
})

describe('which support route applies', () => {
  test('MNT-11 · any caller can ask, and gets the answer of the table without a read of any account', async () => {
    const service = testService({
      storage: new Proxy({} as StoragePort, { get: () => () => Promise.reject(new Error('no')) }),
    })
    for (const need of supportNeeds)
      for (const role of roles)
        for (const channel of accountChannels)
          for (const phase of phases) {
            const situation = { need, role, channel, phase }
            expect(await good(service.auth.dms.supportRoute(situation))).toEqual(supportRouteFor(situation))
          }
    const odd = { need: 'be-rich', role: 'User', channel: 'Email', phase: 'parallel-run' }
    expect(await codeOf(service.auth.dms.supportRoute(odd as Parameters<typeof supportRouteFor>[0]))).toBe(
      'malformed-input',
    )
  })
})

test('DMS-12 · a name is found in any case, also where lower and upper case do not map one to one', async () => {
  const service = await dmsTestService()
  const { session } = service.maker
  const found = async (name: string) =>
    (await good(service.auth.dms.findByName({ session, name }))).map(({ userId }) => userId)
  await good(service.auth.registry.change({ userId: subjectId, by: 'HKEX', changes: { surname: 'STRASSE' } }))
  expect(await found('strasse')).toEqual([subjectId])
  expect(await found('STRAßE')).toEqual([])
  await good(service.auth.registry.change({ userId: subjectId, by: 'HKEX', changes: { surname: 'Straße' } }))
  expect(await found('STRAßE')).toEqual([subjectId])
  expect(await found('STRASSE')).toEqual([])
})
