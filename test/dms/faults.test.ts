/** Ports that fail during DMS operations: nothing is partly changed, and the next attempt continues. */
import { describe, expect, test } from 'vitest'
import type { EntryInput } from '../../src/dms/enter-request.ts'
import type { Refusal, Result, ResultAsync } from '../../src/index.ts'
import {
  changing,
  checkerId,
  creating,
  type DmsTestService,
  deleting,
  dmsTestService,
  keyAt,
  makerId,
  storedAt,
  subjectId,
} from '../support/dms.ts'
import { faulty, mannersOf, type Plan } from '../support/faults.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { codeOf, good } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'

const cases: readonly { readonly name: string; readonly entry: EntryInput; readonly event: string }[] = [
  { name: 'a creation', entry: creating('B0123405', { email: 'a@example.com' }), event: 'Registered' },
  { name: 'a change', entry: changing({ surname: 'WONG', status: 'DISABLED' }), event: 'ProfileChanged' },
  {
    name: 'an unlock',
    entry: { kind: 'change', userId: subjectId, changes: { surname: 'WONG' }, unlock: true },
    event: 'Unlocked',
  },
  { name: 'a deletion', entry: deleting(), event: 'Deleted' },
]

const fragile = async (open: (typeof localTestBeds)[number]['open']) => {
  const faults = faulty()
  const service = await dmsTestService({ storage: open(), between: faults.between })
  return { service, faults }
}

/** Checks that request, code, account and participant are consistent: all confirmed, or none. */
const expectOneStory = async (
  service: DmsTestService,
  request: string,
  { kind, userId }: EntryInput,
  event: string,
) => {
  const confirmed = (await storedAt(service, 'request', request))?.['stage'] === 'Confirmed'
  expect(await storedAt(service, 'authorisation', checkerId)).toMatchObject({
    stage: confirmed ? 'None' : 'Issued',
  })
  const trail = await service.storage.trail(keyAt('account', userId), { after: 0, limit: 100 })
  const by = trail.filter((entry) => entry.actor === makerId).map((entry) => entry.event.type)
  expect(by.includes(event)).toBe(confirmed)
  expect(by.filter((type) => type === event)).toHaveLength(confirmed ? 1 : 0)
  const given = (await storedAt(service, 'participant', 'B01234'))?.['allocated'] as Record<string, string>
  const before = kind === 'create' ? undefined : 'User'
  const after = kind === 'create' ? 'User' : kind === 'delete' ? 'Deleted' : 'User'
  expect(given[userId]).toBe(confirmed ? after : before)
  for (const id of [userId, makerId, checkerId]) await expectTrailVerifies(service, id)
  return confirmed
}

/** Retries after a clear refusal; any other result is final. */
const insisting = async <T>(operation: () => ResultAsync<T, Refusal>): Promise<Result<T, Refusal>> => {
  const first = await operation()
  return first.isErr() && first.error.code === 'port-failed' ? operation() : first
}

describe.each(localTestBeds)('on $name', ({ open }) => {
  describe.each(cases)('$name', ({ entry, event }) => {
    /** A port fails only during the confirmation. */
    const confirmWith = async (plan: Plan) => {
      const { service, faults } = await fragile(open)
      const { dms } = service.auth
      const [maker, checker] = [service.maker.session, service.checker.session]
      const { request } = await good(dms.enter({ session: maker, entry }))
      const review = await good(dms.review({ session: checker, request }))
      const { code } = await good(dms.getAuthorisationCode({ session: checker, review }))
      const confirm = () =>
        codeOf(dms.confirm({ session: maker, request, checkerId, authorisationCode: code }))
      faults.begin(plan)
      const first = await confirm()
      const calls = faults.calls()
      faults.begin(() => undefined)
      return { service, request, calls, first, confirm }
    }

    test('API-02, DMS-01 · if any call of a confirmation fails, nothing is partly done, and a retry succeeds', async () => {
      const { calls } = await confirmWith(() => undefined)
      expect([...calls.keys()].sort()).toEqual(expect.arrayContaining(['storage.commit', 'storage.load']))
      for (const [name, times] of calls)
        for (let n = 0; n < times; n++)
          for (const manner of [...mannersOf(name, n), ...mannersOf(name, n + 1)]) {
            const { service, request, first, confirm } = await confirmWith((call, nth) =>
              call === name && nth === n ? manner : undefined,
            )
            const confirmed = await expectOneStory(service, request, entry, event)
            expect([name, n, manner, first]).toEqual([name, n, manner, confirmed ? 'ok' : 'port-failed'])
            expect(await confirm()).toBe(confirmed ? 'request-not-open' : 'ok')
            expect(await expectOneStory(service, request, entry, event)).toBe(true)
          }
    })

    test('API-02 · if the commit took effect and its look-up also fails, the caller is asked to retry and finds it done', async () => {
      const { service, request, first, confirm } = await confirmWith((call) =>
        call === 'storage.commit' ? 'rejects afterwards' : call === 'storage.trail' ? 'rejects' : undefined,
      )
      expect(first).toBe('port-failed')
      expect(await expectOneStory(service, request, entry, event)).toBe(true)
      expect(await confirm()).toBe('request-not-open')
      expect(await expectOneStory(service, request, entry, event)).toBe(true)
    })
  })

  test('API-02 · if any one call fails once, the operation can still be completed', async () => {
    const travel = async (plan: Plan) => {
      const { service, faults } = await fragile(open)
      const { dms } = service.auth
      const [maker, checker] = [service.maker.session, service.checker.session]
      faults.begin(plan)
      const entry = changing({ surname: 'WONG' })
      const { request } = await good(insisting(() => dms.enter({ session: maker, entry })))
      const review = await good(insisting(() => dms.review({ session: checker, request })))
      const { code } = await good(insisting(() => dms.getAuthorisationCode({ session: checker, review })))
      const input = { session: maker, request, checkerId, authorisationCode: code }
      await good(insisting(() => dms.confirm(input)))
      const { profiles } = await good(insisting(() => dms.listing({ session: maker })))
      expect(profiles.find(({ userId }) => userId === subjectId)).toMatchObject({ surname: 'WONG' })
      const calls = faults.calls()
      faults.begin(() => undefined)
      await expectOneStory(service, request, entry, 'ProfileChanged')
      return calls
    }
    for (const [name, times] of await travel(() => undefined))
      for (let n = 0; n < times; n++)
        for (const manner of mannersOf(name, n))
          await travel((call, nth) => (call === name && nth === n ? manner : undefined))
  })

  test('API-02, AUD-03 · a refusal that cannot be recorded is not returned, and the caller is asked to retry', async () => {
    const { service, faults } = await fragile(open)
    faults.begin((call) => (call === 'storage.commit' ? 'rejects' : undefined))
    const { session } = service.maker
    const operation = () => codeOf(service.auth.dms.enter({ session, entry: deleting(checkerId) }))
    expect(await operation()).toBe('port-failed')
    expect(await codeOf(service.auth.dms.find({ session, userId: 'B0999901' }))).toBe('port-failed')
    faults.begin(() => undefined)
    expect(await operation()).toBe('not-authorised')
  })
})
