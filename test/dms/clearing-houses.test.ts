/** MNT-12: what the DAs of HKCC and of SEOCH under one participant key see of each other in DMS. */
import { expect, test } from 'vitest'
import {
  arrived,
  changing,
  confirming,
  type DmsTestService,
  deleting,
  entered,
  getCode,
} from '../support/dms.ts'
import { good, testService } from '../support/test-service.ts'
import { registered } from '../support/user-journeys.ts'

const [maker, checker, other] = ['HKABC1X1', 'HKABC1X2', 'HKABC2X1']

/** Two DAs of HKCC, one of SEOCH, and a disabled user of each with a group and a smartcard. */
const shared = async () => {
  const service = testService()
  await good(service.auth.registry.setMaximum({ participant: 'HKABC', maximum: 20, by: 'HKEX' }))
  const hkcc: DmsTestService = {
    ...service,
    maker: await arrived(service, maker),
    checker: await arrived(service, checker),
  }
  const seoch: DmsTestService = {
    ...hkcc,
    maker: await arrived(service, other),
    checker: await arrived(service, 'HKABC2X2'),
  }
  const card = { srn: '0101101200012AB2', certificateExpiry: service.clock.now() + 1e9 }
  for (const userId of ['HKABC101', 'HKABC201']) {
    await registered(service, userId, { surname: 'CHAN' })
    const changes = { status: 'DISABLED', smartcard: card, userGroups: ['AA'] } as const
    await good(service.auth.registry.change({ userId, by: 'HKEX', changes }))
  }
  return { service, hkcc, seoch, dms: service.auth.dms }
}

test('MNT-12, DMS-12 · the listings of users leave out those of the other clearing house', async () => {
  const { hkcc, seoch, dms } = await shared()
  for (const [{ session }, userId] of [
    [hkcc.maker, 'HKABC101'],
    [seoch.maker, 'HKABC201'],
  ] as const) {
    for (const list of [dms.disabledUsers, dms.serialNumbers, dms.userGroups]) {
      const { lines } = await good<{ readonly lines: readonly { readonly userId: string }[] }>(
        list({ session }),
      )
      expect(lines.map((line) => line.userId)).toEqual([userId])
    }
    const { profiles } = await good(dms.listing({ session }))
    expect(profiles.map((profile) => profile.userId)).not.toContain(
      userId === 'HKABC101' ? 'HKABC201' : 'HKABC101',
    )
  }
})

test('MNT-12, DMS-13 · the pending requests leave out those about users of the other clearing house', async () => {
  const { hkcc, seoch, dms } = await shared()
  const { request } = await entered(hkcc, changing({ surname: 'WONG' }, 'HKABC101'))
  const theirs = await entered(seoch, changing({ surname: 'WONG' }, 'HKABC201'))
  const pending = async ({ session }: DmsTestService['maker']) =>
    (await good(dms.pending({ session }))).lines.map((line) => line.request)
  expect(await pending(hkcc.checker)).toEqual([request])
  expect(await pending(seoch.checker)).toEqual([theirs.request])
})

test('MNT-12, DMS-12 · the report of closed requests leaves them out too, and keeps those about deleted users', async () => {
  const { service, hkcc, seoch, dms } = await shared()
  const { request } = await entered(hkcc, changing({ surname: 'WONG' }, 'HKABC101'))
  await good(confirming(hkcc, request, await getCode(hkcc, request), { checker }))
  const from = service.clock.now()
  const { request: second } = await entered(seoch, deleting('HKABC201'))
  await good(dms.withdraw({ session: seoch.maker.session, request: second }))
  const reported = async ({ session }: DmsTestService['maker']) =>
    (await good(dms.maintenanceReport({ session, from, to: from + 1 }))).lines.map((line) => [
      line.request,
      line.outcome,
    ])
  expect(await reported(hkcc.maker)).toEqual([[request, 'Confirmed']])
  expect(await reported(seoch.checker)).toEqual([[second, 'Withdrawn']])
})
