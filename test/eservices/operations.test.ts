/** What each operation takes, loads and commits, and what it answers if a port fails. */
import { describe, expect, test } from 'vitest'
import type { EserviceLine } from '../../src/eservices/model/lines.ts'
import type { StoragePort } from '../../src/index.ts'
import { counting } from '../support/storages.ts'
import { codeOf, good, testService } from '../support/test-service.ts'
import { add, both, change, cheung, contents, lee, unlock, wong } from './model/support.ts'
import {
  answerOf,
  bank,
  drafted,
  emailOf,
  eservicesTestService,
  formTrail,
  lastRefusal,
  process,
  run,
  sent,
  staff,
  submitted,
  viewed,
  withAccounts,
} from './support.ts'

const by = 'hkex.operator'
const da = 'B01234X1'

test('OBS-01 · each operation is observed under its own name', async () => {
  const names: string[] = []
  const observer = { operation: ({ operation }: { operation: string }) => names.push(operation) }
  const { auth } = testService({ between: (ports) => ({ ...ports, observer }) as typeof ports })
  const operations = Object.keys(auth.eservices) as (keyof typeof auth.eservices)[]
  for (const name of operations) await auth.eservices[name]({} as never)
  expect(names).toEqual(operations.map((name) => `eservices.${name}`))
})

test('ESV-12 · the trail of a form names each step by its button', async () => {
  const o = eservicesTestService()
  const { eservices } = o.auth
  const id = await drafted(o, [change()])
  // Each of these steps is impossible for a draft, and recorded as refused.
  const taken: readonly (readonly [string, () => ReturnType<typeof eservices.view>])[] = [
    ['Reclaim', () => eservices.reclaim({ actor: wong, id })],
    ['Claim', () => eservices.claim({ actor: wong, id })],
    ['TakeOver', () => eservices.takeOver({ actor: wong, id })],
    ['Release', () => eservices.release({ actor: wong, id })],
    ['Refer', () => eservices.refer({ actor: wong, id, to: lee })],
    ['Revert', () => eservices.revert({ actor: wong, id, remark: 'why' })],
    ['Confirm', () => eservices.confirm({ actor: wong, id })],
    ['Discard', () => eservices.discard({ actor: wong, id })],
    ['Submit', () => eservices.submit({ actor: wong, id, users: [] })],
    ['Edit', () => eservices.edit({ actor: wong, id, contents: contents(add()) })],
    ['View', () => eservices.view({ actor: { ...wong, rights: [] }, id })],
  ]
  for (const [step, take] of taken) {
    expect(await codeOf(take())).toBe('form-refused')
    expect((await lastRefusal(o, id))?.split(' ').slice(0, 2)).toEqual([wong.id, step])
  }
  expect(await formTrail(o, id)).toHaveLength(1 + taken.length)
})

test('API-01 · what is at its bounds is accepted, and what is beyond is refused', async () => {
  const o = eservicesTestService()
  const { eservices } = o.auth
  const id = await drafted(o, [change()])
  const outside = 'malformed-input'
  const form = { reference: 'DA3_00000001', participant: bank, id }
  const tried = async (answers: readonly Parameters<typeof codeOf>[0][]) =>
    Promise.all(answers.map((answer) => codeOf(answer)))
  expect(
    await tried([
      eservices.submit({ actor: cheung, id, users: Array(1_001).fill(wong) }),
      eservices.submit({ actor: cheung, id, users: [{ ...wong, email: 7 as never }] }),
      eservices.refer({ actor: wong, id, to: { ...lee, email: 7 as never } }),
      eservices.revert({ actor: wong, id, remark: 'x'.repeat(1_001) }),
      eservices.revert({ actor: wong, id } as never),
      eservices.confirm({ actor: wong } as never),
      eservices.list({ actor: wong, limit: 0 }),
      eservices.list({ actor: wong, limit: 1_001 }),
      eservices.list({ actor: wong, limit: 1.5 }),
      eservices.list({ actor: wong, after: 7 as never }),
      eservices.sent({ after: 7 as never }),
      eservices.process({ form, by: '' }),
      eservices.process({ form, by, group: '5' as never }),
      eservices.process({ form: { ...form, participant: 'b1' }, by }),
      eservices.process({ form: { ...form, reference: 'x'.repeat(65) }, by }),
      eservices.process({ form: { ...form, id: 'x' }, by }),
      eservices.process({ by } as never),
    ]),
  ).toEqual(Array(17).fill(outside))
  for (const limit of [1, 1_000]) {
    expect(await codeOf(eservices.list({ actor: wong, limit }))).toBe('ok')
    expect(await codeOf(eservices.sent({ limit }))).toBe('ok')
  }
  expect(await codeOf(eservices.revert({ actor: wong, id, remark: 'x'.repeat(1_000) }))).toBe('form-refused')
  expect(await codeOf(eservices.submit({ actor: cheung, id, users: Array(1_000).fill(wong) }))).toBe('ok')
  for (const group of ['1', '2', '3', '4'] as const)
    expect(await answerOf(eservices.process({ form, by, group }))).toBe('wrong-status ESV-02')
})

test('ESV-06 · an unknown form cannot be cloned, and an unknown reference cannot be processed', async () => {
  const { auth } = testService()
  const id = 'f'.repeat(24)
  const form = { reference: 'DA3_00000001', participant: bank, id }
  expect(await answerOf(auth.eservices.clone({ actor: cheung, id }))).toBe('no-such-form ESV-02')
  expect(await answerOf(auth.eservices.process({ form, by }))).toBe('no-such-form ESV-02')
})

test('ESV-11 · a clone names the reference of its form, and none if the form has none', async () => {
  const o = eservicesTestService()
  const original = async (id: string) => {
    const clone = await good(o.auth.eservices.clone({ actor: cheung, id }))
    return (await formTrail(o, clone.id))[0]?.event
  }
  expect(await original(await submitted(o, [change()]))).toMatchObject({ clonedFrom: 'DA3_00000001' })
  expect(await original(await drafted(o, [change()]))).not.toHaveProperty('clonedFrom')
})

test('FLD-04 · a line is refused that would leave the dates of its account in the wrong order', async () => {
  const o = eservicesTestService()
  await withAccounts(o, [da, 'B01234X2'])
  const dated = (userId: string, changes: object) =>
    good(o.auth.registry.change({ userId, by: 'HKEX', changes }))
  await dated(da, { enableFrom: '2024-03-01' })
  await dated('B01234X2', { disableAfter: '2024-03-01' })
  const line = (userId: string, changes: object): EserviceLine => ({ type: 'change', userId, changes })
  expect(
    await run(o, [line(da, { disableAfter: '2024-02-29' }), line('B01234X2', { enableFrom: '2024-03-02' })]),
  ).toEqual(['dates-reversed FLD-04', 'dates-reversed FLD-04'])
  expect(
    await run(o, [line(da, { disableAfter: '2024-03-01' }), line('B01234X2', { enableFrom: '2024-03-01' })]),
  ).toEqual(['accepted', 'accepted'])
})

describe('API-02 · an operation is refused if the storage fails, and nothing is written', () => {
  const down = () => Promise.reject(new Error('down'))
  /** Services over one storage: a sound one, and one whose calls fail from the n-th load on. */
  const failingAt = (nth: number, failing: Partial<StoragePort> = {}) => {
    const o = eservicesTestService()
    let loads = 0
    const load: StoragePort['load'] = (keys) => (++loads < nth ? o.storage.load(keys) : down())
    const broken = testService({ storage: { ...o.storage, load, ...failing } })
    return { o, broken: broken.auth.eservices }
  }

  test('when a form is read', async () => {
    const { o, broken } = failingAt(1)
    const id = await submitted(o, [change()])
    const form = { reference: 'DA3_00000001', participant: bank, id }
    for (const answer of [
      broken.view({ actor: wong, id }),
      broken.claim({ actor: wong, id }),
      broken.clone({ actor: cheung, id }),
      broken.process({ form, by }),
    ])
      expect(await codeOf(answer)).toBe('port-failed')
  })

  test('when forms are listed', async () => {
    const { o, broken } = failingAt(9, { list: down })
    await drafted(o, [change()])
    expect(await codeOf(broken.list({ actor: wong }))).toBe('port-failed')
    expect(await codeOf(broken.sent({}))).toBe('port-failed')
  })

  test('when the inbox is read for a confirmation', async () => {
    const { o, broken } = failingAt(2)
    const id = await submitted(o, [change()])
    await good(o.auth.eservices.claim({ actor: wong, id }))
    expect(await codeOf(broken.confirm({ actor: wong, id }))).toBe('port-failed')
    expect((await viewed(o, id)).form.stage).toBe('Claimed')
  })

  test.each([
    [2, 0],
    [3, 0],
    [4, 1],
  ])('at load %i of a batch, after %i of its lines', async (nth, done) => {
    const { o, broken } = failingAt(nth)
    await withAccounts(o, [da, 'B01234X2'])
    const form = await sent(o, [change(da), change('B01234X2')])
    expect(await codeOf(broken.process({ form, by }))).toBe('port-failed')
    const { processed } = (await viewed(o, form.id)).form as { processed: readonly unknown[] }
    expect(processed).toHaveLength(done)
  })

  test('when the number of a submission is reserved', async () => {
    const { o, broken } = failingAt(2)
    const id = await drafted(o, [change()])
    expect(await codeOf(broken.submit({ actor: cheung, id, users: staff }))).toBe('port-failed')
    expect((await viewed(o, id)).status).toBe('Draft')
  })

  test('when the random source fails for the id of a draft', async () => {
    const { auth } = testService({
      between: (ports) => ({
        ...ports,
        random: {
          bytes: () => {
            throw new Error('no entropy')
          },
        },
      }),
    })
    const draft = { actor: cheung, form: 'DA 3', contents: contents(change()) } as const
    expect(await codeOf(auth.eservices.draft(draft))).toBe('port-failed')
  })
})

describe('ESV-13 · what is loaded and committed', () => {
  const counted = async () => {
    const storage = counting()
    const o = eservicesTestService({ storage })
    await withAccounts(o, [da, 'B01234X2'])
    const loadsOf = async (answer: () => Parameters<typeof codeOf>[0]) => {
      const before = storage.trips.load
      expect(await codeOf(answer())).toBe('ok')
      return storage.trips.load - before
    }
    return { storage, o, loadsOf, eservices: o.auth.eservices }
  }

  test('HKEX’s inbox is read only by a confirmation and by the checker’s reclaim', async () => {
    const { o, loadsOf, eservices } = await counted()
    const id = await submitted(o, [change()])
    expect(await loadsOf(() => eservices.reclaim({ actor: cheung, id }))).toBe(1)
    // The counter of references is not read again: the form keeps its number.
    expect(await loadsOf(() => eservices.submit({ actor: cheung, id, users: staff }))).toBe(1)
    expect(await loadsOf(() => eservices.claim({ actor: wong, id }))).toBe(1)
    expect(await loadsOf(() => eservices.confirm({ actor: wong, id }))).toBe(2)
    expect(await loadsOf(() => eservices.view({ actor: cheung, id }))).toBe(1)
    expect(await loadsOf(() => eservices.reclaim({ actor: wong, id }))).toBe(2)
    expect(await loadsOf(() => eservices.view({ actor: cheung, id }))).toBe(1)
  })

  test('no commit compares a record that it writes a second time', async () => {
    const { o, storage } = await counted()
    const lines = [add(), unlock(da, emailOf(da)), change('B01234X2')]
    await process(o, await sent(o, lines))
    const names = storage.commits.map(({ writes, unchanged = [] }) => ({
      written: writes.map(({ key }) => key.kind),
      compared: unchanged.map(({ key }) => key.kind),
    }))
    expect(names.slice(-4)).toEqual([
      { written: ['eservice', 'participant', 'account'], compared: [] },
      { written: ['eservice', 'account'], compared: [] },
      { written: ['eservice', 'account'], compared: [] },
      { written: ['eservice', 'inbox'], compared: [] },
    ])
  })

  test('a refused line is committed only if the account or the quota on which its refusal relies is unchanged', async () => {
    const { o, storage } = await counted()
    await good(o.auth.registry.setMaximum({ participant: bank, maximum: 2, by: 'HKEX' }))
    await process(o, await sent(o, [unlock(da, 'x@bank.example'), add()]))
    const compared = storage.commits.map(({ unchanged = [] }) => unchanged.map(({ key }) => key.kind))
    expect(compared.slice(-3)).toEqual([['account'], ['participant'], []])
  })
})

test('ESV-16 · a form that its checker reclaims during a batch and sends again is left to the next batch', async () => {
  const o = eservicesTestService()
  await withAccounts(o, [da])
  const form = await sent(o, [change(da)])
  const step = { actor: wong, id: form.id }
  const races = [
    // Before the line's records are loaded, and before the form is completed.
    () => good(o.auth.eservices.reclaim(step)),
    () => good(o.auth.eservices.confirm(step)),
  ]
  const storage: StoragePort = {
    ...o.storage,
    load: async (keys) => {
      if (keys.length === 2) await races.shift()?.()
      return o.storage.load(keys)
    },
  }
  const batch = eservicesTestService({ storage })
  expect(await process(batch, form)).toEqual([])
  expect(races).toEqual([])
  expect((await viewed(o, form.id)).form).toMatchObject({ stage: 'SentToHkex', processed: [] })
  expect(await good(o.auth.eservices.sent({}))).toEqual({ forms: [form] })
  expect(await process(o, form)).toHaveLength(1)
})

test('ESV-11 · the maker’s reclaim, and a view at any stage, leave HKEX’s inbox as it is', async () => {
  const o = eservicesTestService()
  const { eservices } = o.auth
  await withAccounts(o, [da])
  const inbox = async () => (await good(eservices.sent({}))).forms.length
  const id = await submitted(o, [change(da)], { actor: both })
  await good(eservices.reclaim({ actor: both, id }))
  await good(eservices.view({ actor: wong, id }))
  expect(await inbox()).toBe(0)
  await good(eservices.submit({ actor: both, id, users: staff }))
  await good(eservices.claim({ actor: wong, id }))
  await good(eservices.view({ actor: wong, id }))
  expect(await inbox()).toBe(0)
  await good(eservices.confirm({ actor: wong, id }))
  await good(eservices.view({ actor: wong, id }))
  expect(await inbox()).toBe(1)
})
