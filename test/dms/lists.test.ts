/** The lists of makers and checkers, and the reports. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { StoragePort } from '../../src/index.ts'
import {
  arrived,
  carriedThrough,
  changing,
  checkerId,
  creating,
  type DmsTestService,
  deleting,
  dmsTestService,
  entered,
  expectFoiled,
  makerId,
  refusedActs,
  reviewed,
  subjectId,
} from '../support/dms.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { good, refusal } from '../support/test-service.ts'
import { registered } from '../support/user-journeys.ts'

const aDay = 86_400_000

describe.each(localTestBeds)('on $name', ({ open }) => {
  let service: DmsTestService
  beforeEach(async () => {
    service = await dmsTestService({ storage: open() })
  })

  test('DMS-13 · a checker lists the requests they may check, without the contents, and the list records no refusal', async () => {
    const { request, expiresAt } = await entered(service, changing({ surname: 'WONG' }))
    const own = await entered(service, changing({ surname: 'HO' }), service.checker)
    const { session } = service.checker
    const enteredAt = service.clock.now()
    expect(await good(service.auth.dms.pending({ session }))).toEqual({
      lines: [{ request, kind: 'change', userId: subjectId, maker: makerId, enteredAt, expiresAt }],
    })
    const mine = await good(service.auth.dms.ownRequests({ session }))
    expect(mine.lines).toMatchObject([
      { request: own.request, digest: own.digest, entry: { kind: 'change' } },
    ])
    await good(service.auth.dms.withdraw({ session, request: own.request }))
    expect((await good(service.auth.dms.ownRequests({ session }))).lines).toEqual([])
    service.clock.set(expiresAt)
    expect((await refusal(service.auth.dms.pending({ session }))).code).toBe('session-ended')
    expect((await refusedActs(service, checkerId)).map((event) => event['reason'])).toEqual([
      'session-expired',
    ])
  })

  test('DMS-13, DMS-05 · an expired request is not listed as pending', async () => {
    service = await dmsTestService({ storage: open(), policy: { dms: { requestValidSeconds: 60 } } })
    await entered(service, changing({ surname: 'WONG' }))
    service.clock.pass(59_999)
    const { session } = service.checker
    expect((await good(service.auth.dms.pending({ session }))).lines).toHaveLength(1)
    service.clock.pass(1)
    expect((await good(service.auth.dms.pending({ session }))).lines).toEqual([])
  })

  test('DMS-13 · the pages list every pending request once', async () => {
    const requests: string[] = []
    for (let n = 10; n < 17; n++) requests.push((await entered(service, creating(`B01234${n}`))).request)
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await good(service.auth.dms.pending({ session: service.checker.session, after, limit: 3 }))
      expect(page.lines.length).toBeLessThanOrEqual(3)
      seen.push(...page.lines.map(({ request }) => request))
      after = page.after
    } while (after !== undefined)
    expect(seen).toEqual([...requests].sort())
  })

  test('DMS-10 · a maker has at most as many pending requests as the policy allows, and a closed one makes room', async () => {
    service = await dmsTestService({ storage: open(), policy: { dms: { maxPendingRequests: 2 } } })
    const { session } = service.maker
    const [first] = [
      await entered(service, creating('B0123410')),
      await entered(service, creating('B0123411')),
    ]
    const third = () => service.auth.dms.enter({ session, entry: creating('B0123412') })
    await expectFoiled(service, third, {
      of: makerId,
      told: { code: 'not-authorised', rule: 'DMS-10' },
      reason: { operation: 'dms.enter', reason: 'too-many-requests', rule: 'DMS-10', subject: 'B0123412' },
    })
    await entered(service, creating('B0123412'), service.checker)
    await good(service.auth.dms.withdraw({ session, request: first.request }))
    await good(service.auth.dms.enter({ session, entry: creating('B0123413') }))
  })

  test('DMS-10 · of ten requests that a maker enters at once, as many are accepted as the policy allows', async () => {
    service = await dmsTestService({ storage: open(), policy: { dms: { maxPendingRequests: 3 } } })
    const { session } = service.maker
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        service.auth.dms.enter({ session, entry: creating(`B01234${n + 10}`) }),
      ),
    )
    expect(outcomes.filter((outcome) => outcome.isOk())).toHaveLength(3)
    expect((await good(service.auth.dms.ownRequests({ session }))).lines).toHaveLength(3)
  })

  test('DMS-10 · an expired request makes room', async () => {
    service = await dmsTestService({
      storage: open(),
      policy: { dms: { maxPendingRequests: 1, requestValidSeconds: 60 } },
    })
    const { session } = service.maker
    await entered(service, creating('B0123410'))
    service.clock.pass(59_999)
    expect((await refusal(service.auth.dms.enter({ session, entry: creating('B0123411') }))).code).toBe(
      'not-authorised',
    )
    service.clock.pass(1)
    await good(service.auth.dms.enter({ session, entry: creating('B0123411') }))
  })

  test('DMS-10 · entering a request reads at most the requests in the list of its maker', async () => {
    const inner = open()
    const read: string[] = []
    const storage: StoragePort = {
      ...inner,
      load: (keys) => {
        read.push(...keys.filter(({ kind }) => kind === 'request').map(({ id }) => id))
        return inner.load(keys)
      },
      list: (participant, kind, page) => {
        read.push(`list of ${kind}`)
        return inner.list(participant, kind, page)
      },
    }
    service = await dmsTestService({ storage, policy: { dms: { maxPendingRequests: 4 } } })
    const { session } = service.maker
    for (let n = 10; n < 20; n++) {
      const { request } = await entered(service, creating(`B01234${n}`), service.checker)
      await good(service.auth.dms.withdraw({ session: service.checker.session, request }))
    }
    for (let n = 20; n < 24; n++) {
      read.length = 0
      const { request } = await entered(service, creating(`B01234${n}`))
      expect(read).toEqual([request])
      await good(service.auth.dms.withdraw({ session, request }))
    }
    // The list is full of closed requests: they are read once, to be removed.
    read.length = 0
    await entered(service, creating('B0123424'))
    expect(read).toHaveLength(5)
    expect(read).not.toContain('list of request')
  })

  test('FLD-06 · user groups that are not on the host’s list are refused in DMS, as are more than 256 transaction limits', async () => {
    service = await dmsTestService({ storage: open(), policy: { profile: { userGroups: ['AA', 'BB'] } } })
    const { session } = service.maker
    for (const entry of [
      changing({ userGroups: ['AA', 'ZZ'] }),
      creating('B0123410', { userGroups: ['ZZ'] }),
    ])
      await expectFoiled(service, () => service.auth.dms.enter({ session, entry }), {
        of: makerId,
        told: { code: 'not-authorised', rule: 'FLD-06' },
        reason: {
          operation: 'dms.enter',
          reason: 'unknown-user-group',
          rule: 'FLD-06',
          subject: entry.userId,
        },
      })
    await good(service.auth.dms.enter({ session, entry: changing({ userGroups: ['AA', 'BB'] }) }))
    const limits = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`limit ${n}`, '1.00']))
    const enter = (count: number) =>
      service.auth.dms.enter({ session, entry: changing({ transactionLimits: limits(count) }) })
    expect((await refusal(enter(257))).code).toBe('malformed-input')
    await good(enter(256))
  })

  test('DMS-12 · disabled users, serial numbers and user groups are listed', async () => {
    const srn = '0101101200012AB2'
    const certificateExpiry = service.clock.now() + aDay
    await registered(service, 'B0123402', { surname: 'HO', status: 'DISABLED', userGroups: ['AA', 'BB'] })
    await registered(service, 'B0123403', { surname: 'LEE', disableAfter: '2023-01-01' })
    await registered(service, 'B0123404', { surname: 'YIP', smartcard: { srn, certificateExpiry } })
    const { session } = service.maker
    const { dms } = service.auth
    const disabled = await good(dms.disabledUsers({ session }))
    expect(disabled.lines.map(({ userId }) => userId)).toEqual(['B0123402', 'B0123403'])
    expect((await good(dms.serialNumbers({ session }))).lines).toEqual([
      { userId: 'B0123404', surname: 'YIP', srn, certificateExpiry },
    ])
    expect((await good(dms.userGroups({ session }))).lines).toEqual([
      { userId: 'B0123402', surname: 'HO', userGroup: 'AA' },
      { userId: 'B0123402', surname: 'HO', userGroup: 'BB' },
    ])
  })

  test('DMS-12 · the maintenance report lists the changes of a period with maker and checker', async () => {
    const from = service.clock.now()
    const changed = await carriedThrough(service, changing({ surname: 'WONG' }))
    service.clock.pass(1_000)
    const { request: gone } = await entered(service, deleting())
    const review = await reviewed(service, gone)
    await good(service.auth.dms.reject({ session: service.checker.session, review, remark: 'not yet' }))
    await entered(service, changing({ surname: 'HO' }))
    const { session } = service.maker
    const report = async (since: number, to: number) =>
      (await good(service.auth.dms.maintenanceReport({ session, from: since, to }))).lines
    const lines = await report(from, from + 1_001)
    expect(lines.map(({ request }) => request)).toEqual([changed, gone].sort())
    expect(lines.find(({ request }) => request === changed)).toEqual({
      ...{ request: changed, outcome: 'Confirmed', maker: makerId, checker: checkerId },
      ...{ enteredAt: from, closedAt: from },
      entry: { ...changing({ surname: 'WONG' }), unlock: false },
    })
    expect(lines.find(({ request }) => request === gone)).toMatchObject({
      ...{ outcome: 'Rejected', checker: checkerId, remark: 'not yet' },
    })
    expect((await report(from, from + 1_000)).map(({ request }) => request)).toEqual([changed])
    expect(await report(from + 1_001, from + aDay)).toEqual([])
  })

  test('MNT-08 · the lists show only the DA’s own participant, and users cannot read them', async () => {
    await entered(service, changing({ surname: 'WONG' }))
    const stranger = await arrived(service, 'B09999X1')
    const { dms } = service.auth
    const { session } = stranger
    for (const list of [dms.pending, dms.disabledUsers, dms.serialNumbers, dms.userGroups])
      expect((await good<{ lines: readonly unknown[] }>(list({ session }) as never)).lines).toEqual([])
    expect(
      (await good(dms.maintenanceReport({ session, from: 0, to: service.clock.now() + 1 }))).lines,
    ).toEqual([])
  })
})
