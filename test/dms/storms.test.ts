/** Many concurrent operations: one effect, one ID, and never more accounts than the maximum. */
import { describe, expect, test } from 'vitest'
import {
  arrived,
  changing,
  checkerId,
  confirming,
  creating,
  type DmsTestService,
  deleting,
  dmsTestService,
  entered,
  getCode,
  type LoggedIn,
  refusedActs,
  stageOf,
  storedAt,
  subjectId,
  trailAt,
} from '../support/dms.ts'
import { type StormTestBed, stormOn, stormTestBeds } from '../support/storm.ts'
import { codeOf, count, good, testService } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import { wrong } from '../support/user-journeys.ts'

describe.each(stormTestBeds)('on $name', (testBed) => {
  const opened = async () => {
    const service = await dmsTestService({ storage: testBed.open(), recordCache: testBed.recordCache })
    return { service, ...stormOn(service, testBed) }
  }

  test.each([2, 20])('DMS-01, LOCK-09 · %i parallel confirmations have one effect', async (times) => {
    const { service, atOnce } = await opened()
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    const code = await getCode(service, request)
    const answers = await atOnce(times, (auth) => codeOf(confirming(service, request, code, { auth })))
    expect(answers).toEqual({ ok: 1, 'request-not-open': times - 1 })
    expect(await count(service, subjectId, 'ProfileChanged')).toBe(1)
    const events = (await trailAt(service, 'request', request)).map(({ event }) => event.type)
    expect(events).toEqual(['RequestEntered', 'RequestConfirmed'])
    const reasons = (await refusedActs(service, service.maker.userId)).map((event) => event['reason'])
    expect(reasons).toEqual(Array(times - 1).fill('request-closed'))
    await expectTrailVerifies(service, subjectId)
    await expectTrailVerifies(service, service.maker.userId)
  })

  test('DMS-09, LOCK-09 · of 20 parallel guesses three are verified; then the code is void', async () => {
    const { service, atOnce } = await opened()
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    const code = await getCode(service, request)
    const guess = (i: number) => (i === 19 ? code : wrong(code))
    const answers = await atOnce(20, (auth, i) => codeOf(confirming(service, request, guess(i), { auth })))
    const reasons = (await refusedActs(service, service.maker.userId)).map((event) => event['reason'])
    const missed = reasons.filter((reason) => reason === 'wrong-code').length
    expect(missed).toBeLessThanOrEqual(3)
    // The correct code was among them: it may have been the first, the third, or too late.
    if (answers['ok'] === 1) expect(await stageOf(service, request)).toBe('Confirmed')
    else expect([missed, await stageOf(service, request)]).toEqual([3, 'Pending'])
    expect(await storedAt(service, 'authorisation', checkerId)).toEqual({ stage: 'None' })
  })

  test('ID-12 · of two pairs that create the same ID in parallel, one succeeds', async () => {
    const { service, serviceAt } = await opened()
    const others = {
      ...service,
      maker: await arrived(service, 'B01234X3'),
      checker: await arrived(service, 'B01234X4'),
    }
    const [one, two] = [
      await entered(service, creating('B0123405')),
      await entered(others, creating('b0123405')),
    ]
    const codes = [await getCode(service, one.request), await getCode(others, two.request)] as const
    const answers = await Promise.all([
      codeOf(confirming(service, one.request, codes[0], { auth: serviceAt(0) })),
      codeOf(confirming(others, two.request, codes[1], { auth: serviceAt(1), checker: 'B01234X4' })),
    ])
    expect([...answers].sort()).toEqual(['ok', 'request-not-open'])
    const accountStages = [await stageOf(service, one.request), await stageOf(service, two.request)]
    expect(accountStages.sort()).toEqual(['Confirmed', 'Stale'])
    expect(await count(service, 'B0123405', 'Registered')).toBe(1)
    await expectTrailVerifies(service, 'B0123405')
  })

  test('QTA-02, QTA-03 · a deletion and a creation in parallel: the creation succeeds or is refused, and the totals agree', async () => {
    const { service, serviceAt } = await opened()
    await good(service.auth.registry.setMaximum({ participant: 'B01234', maximum: 4, by: 'HKEX' }))
    const others = { ...service, checker: await arrived(service, 'B01234X3') }
    await good(service.auth.registry.setMaximum({ participant: 'B01234', maximum: 5, by: 'HKEX' }))
    const gone = await entered(service, deleting())
    const come = await entered(service, creating('B0123405'))
    await good(service.auth.registry.setMaximum({ participant: 'B01234', maximum: 4, by: 'HKEX' }))
    const codes = [await getCode(service, gone.request), await getCode(others, come.request)] as const
    const [deleted, created] = await Promise.all([
      codeOf(confirming(service, gone.request, codes[0], { auth: serviceAt(0) })),
      codeOf(confirming(service, come.request, codes[1], { auth: serviceAt(1), checker: 'B01234X3' })),
    ])
    expect(deleted).toBe('ok')
    expect(['ok', 'quota-exceeded']).toContain(created)
    const totals = await good(service.auth.registry.totals({ participant: 'B01234' }))
    expect(totals.total).toBe(created === 'ok' ? 4 : 3)
    if (created !== 'ok') await good(confirming(service, come.request, codes[1], { checker: 'B01234X3' }))
  })
})

/** A participant with 51 Delegated Administrators: each checker has one code at a time. */
const crowd = async (testBed: StormTestBed) => {
  const service = testService({ storage: testBed.open(), recordCache: testBed.recordCache })
  const desks: LoggedIn[] = []
  for (const group of ['1', '2'])
    for (const letter of ['X', 'Y', 'Z'])
      for (let n = 1; n <= 9 && desks.length < 51; n++)
        desks.push(await arrived(service, `HKABC${group}${letter}${n}`))
  const [maker, ...checkers] = desks
  if (maker === undefined) throw new Error('no one came')
  await good(service.auth.registry.setMaximum({ participant: 'HKABC', maximum: 54, by: 'HKEX' }))
  return { service: { ...service, maker, checker: maker } as DmsTestService, checkers }
}

const crowded = stormTestBeds.filter(({ name }) => !name.endsWith('its time'))
const suffix = (i: number) => i.toString(36).toUpperCase().padStart(2, '0')

describe.each(crowded)('many callers on $name', (testBed) => {
  test('QTA-03, ID-12 · 50 parallel creations with a quota of 3 create exactly 3 accounts with distinct IDs', {
    timeout: 120_000,
  }, async () => {
    const { service, checkers } = await crowd(testBed)
    expect(checkers).toHaveLength(50)
    const orders: { request: string; code: string; checker: string }[] = []
    for (const [i, checker] of checkers.entries()) {
      // Some request the same ID.
      const { request } = await entered(service, creating(`HKABC3${suffix(Math.floor(i / 2))}`))
      orders.push({ request, code: await getCode(service, request, checker), checker: checker.userId })
    }
    const answers = await stormOn(service, testBed).atOnce(50, (auth, i) => {
      const { request, code, checker } = orders[i] ?? { request: '', code: '', checker: '' }
      return codeOf(confirming(service, request, code, { checker, auth }))
    })
    expect(answers['ok']).toBe(3)
    expect(Object.keys(answers).sort()).toEqual(expect.arrayContaining(['ok', 'quota-exceeded']))
    expect(
      Object.keys(answers).filter((code) => !['ok', 'quota-exceeded', 'request-not-open'].includes(code)),
    ).toEqual([])
    const { total, maximum, available, users } = await good(
      service.auth.registry.totals({ participant: 'HKABC' }),
    )
    expect({ total, maximum, available, users }).toEqual({ total: 54, maximum: 54, available: 0, users: 3 })
    const accounts = await service.storage.list('HKABC', 'account', { after: '', limit: 1_000 })
    expect(accounts.filter(({ id }) => id.startsWith('HKABC3'))).toHaveLength(3)
  })
})

test.each(crowded)(
  'QTA-03 · $name · 50 parallel registrations with a quota of 3 create exactly 3 accounts',
  async (testBed) => {
    const service = testService({ storage: testBed.open(), recordCache: testBed.recordCache })
    await good(service.auth.registry.setMaximum({ participant: 'B01234', maximum: 3, by: 'HKEX' }))
    const answers = await stormOn(service, testBed).atOnce(50, (auth, i) =>
      codeOf(
        auth.registry.register({
          ...{ userId: `B01234${suffix(i)}`, role: 'User', origin: 'created', by: 'HKEX' },
        }),
      ),
    )
    expect(answers).toEqual({ ok: 3, 'quota-exceeded': 47 })
    expect(await good(service.auth.registry.totals({ participant: 'B01234' }))).toMatchObject({ total: 3 })
  },
)
