/**
 * Ports that fail during eServices: nothing is partly changed, the next attempt continues, and no mail is
 * lost.
 */
import { describe, expect, test } from 'vitest'
import type { Refusal, ResultAsync } from '../../src/index.ts'
import { faulty, mannersOf, type Plan } from '../support/faults.ts'
import { testBeds } from '../support/test-beds.ts'
import { codeOf, count, good, unsettled } from '../support/test-service.ts'
import { add, change, cheung, contents, lee, unlock, wong } from './model/support.ts'
import {
  bank,
  emailOf,
  eservicesTestService,
  formTrail,
  outcomes,
  process,
  sent,
  sentOn,
  staff,
  submitted,
  told,
  totals,
  withAccounts,
} from './support.ts'

/** A test bed whose ports can be made to fail. */
const fragile = (open: (typeof testBeds)[number]['open']) => {
  const faults = faulty()
  return { faults, o: eservicesTestService({ storage: open(), between: faults.between }) }
}
type Fragile = ReturnType<typeof fragile>

/** The values that one step passes to the next. */
interface Bag {
  id: string
  reference: string
}
type Step = (given: Fragile, bag: Bag) => ResultAsync<unknown, Refusal>

const filled = contents(add(), unlock('B01234X1', emailOf('B01234X1')), change('B01234X2'))
const lifecycle: readonly (readonly [stage: string, step: Step])[] = [
  [
    'Draft',
    ({ o }, bag) =>
      o.auth.eservices
        .draft({ actor: cheung, form: 'DA 3', contents: contents(change()) })
        .andTee(({ id }) => {
          bag.id = id
        }),
  ],
  ['Draft', ({ o }, { id }) => o.auth.eservices.edit({ actor: cheung, id, contents: filled })],
  [
    'ReadyToSend',
    ({ o }, bag) =>
      o.auth.eservices.submit({ actor: cheung, id: bag.id, users: staff }).andTee(({ form }) => {
        if ('reference' in form) bag.reference = form.reference ?? ''
      }),
  ],
  ['Claimed', ({ o }, { id }) => o.auth.eservices.claim({ actor: lee, id })],
  ['Claimed', ({ o }, { id }) => o.auth.eservices.refer({ actor: lee, id, to: wong })],
  ['SentToHkex', ({ o }, { id }) => o.auth.eservices.confirm({ actor: wong, id })],
  ['SentToHkex', ({ o }) => o.auth.eservices.sent({})],
  [
    'Completed',
    ({ o }, { id, reference }) =>
      o.auth.eservices.process({ form: { reference, participant: bank, id }, by: 'hkex.operator' }),
  ],
  ['Completed', ({ o }) => o.auth.outbox.deliver()],
]

/** The form as stored, read without faults. */
const stageOf = async ({ storage }: Fragile['o'], id: string) => {
  const [record] = await storage.load([{ participant: bank, kind: 'eservice', id }])
  return (record?.state as { stage: string } | undefined)?.stage ?? 'Unknown'
}

/** A form's whole life with a failure: each step succeeds, or names the port and succeeds when repeated. */
const runLifecycle = async (open: (typeof testBeds)[number]['open'], plan: Plan) => {
  const given = fragile(open)
  const { o, faults } = given
  await withAccounts(o, ['B01234X1', 'B01234X2'])
  const bag: Bag = { id: '', reference: '' }
  let stage = 'Unknown'
  faults.begin(plan)
  for (const [next, step] of lifecycle) {
    const answer = await codeOf(step(given, bag))
    if (answer !== 'ok') {
      expect(answer).toBe('port-failed')
      // Nothing is partly changed: the form is at the same stage, and only a batch can have processed some
      // lines.
      expect(await stageOf(o, bag.id)).toBe(stage)
      expect(await codeOf(step(given, bag))).toBe('ok')
    }
    stage = next
    expect(await stageOf(o, bag.id)).toBe(stage)
  }
  const calls = faults.calls()
  faults.begin(() => undefined)
  const lines = (await formTrail(o, bag.id)).flatMap(({ event }) => ('line' in event ? [event['line']] : []))
  expect(lines).toEqual([0, 1, 2])
  expect([await count(o, 'B01234X1', 'Unlocked'), await count(o, 'B01234X2', 'ProfileChanged')]).toEqual([
    1, 1,
  ])
  expect(await totals(o)).toMatchObject({ total: 3 })
  o.clock.pass(60_000) // what failed is tried again then
  const mails = await told(o)
  for (const [to, reason] of [
    [wong, 'for-action'],
    [lee, 'for-action'],
    [cheung, 'for-reference'],
    [wong, 'for-reference'],
  ] as const)
    expect(
      mails.filter((mail) => mail.startsWith(`${to.email} ${reason} ${bag.reference}`)).length,
    ).toBeGreaterThan(0)
  expect(await unsettled(o)).toEqual([])
  return calls
}

describe.each(testBeds)('on $name', ({ open }) => {
  test('API-02, AUD-01 · if any port call fails during the workflow of a form, nothing is partly done, and a retry succeeds', async () => {
    const calls = await runLifecycle(open, () => undefined)
    expect([...calls.keys()].sort()).toEqual([
      ...['clock.now', 'mailer.send', 'random.bytes', 'storage.claimNotices', 'storage.commit'],
      ...['storage.list', 'storage.load', 'storage.settleNotice'],
    ])
    for (const [name, times] of calls)
      for (let n = 0; n < times; n++)
        for (const manner of mannersOf(name, n))
          await runLifecycle(open, (call, nth) => (call === name && nth === n ? manner : undefined))
  })

  test('API-02 · if the look-up after a lost answer fails too, each step is still taken once', async () => {
    const given = fragile(open)
    const { o, faults } = given
    await withAccounts(o, ['B01234X1', 'B01234X2'])
    const bag: Bag = { id: await submitted(o, filled.lines), reference: 'DA3_00000001' }
    faults.begin((call) =>
      call === 'storage.commit' ? 'rejects afterwards' : call === 'storage.trail' ? 'rejects' : undefined,
    )
    for (const [, step] of [
      ...lifecycle.slice(3, 6),
      ...Array.from({ length: 4 }, () => lifecycle[7] ?? lifecycle[0]),
    ].filter((each) => each !== undefined))
      expect(await codeOf(step(given, bag))).toBe('port-failed')
    faults.begin(() => undefined)
    const types = (await formTrail(o, bag.id)).map(({ event }) => event.type)
    expect(types).toEqual([
      ...['FormDrafted', 'FormSubmitted', 'FormClaimed', 'FormReferred', 'FormConfirmed'],
      ...['LineProcessed', 'LineProcessed', 'LineProcessed', 'FormCompleted'],
    ])
    expect((await told(o)).filter((mail) => mail.includes('for-reference'))).toHaveLength(2)
  })

  test('ESV-08 · the mails of a submission survive a crash between commit and sending', async () => {
    const { o, faults } = fragile(open)
    await withAccounts(o, ['B01234X1'])
    faults.begin((call) => (call === 'mailer.send' ? 'rejects' : undefined))
    await submitted(o, [change()])
    await good(o.auth.outbox.deliver())
    expect(o.mailer.mails).toEqual([])
    expect(await unsettled(o)).toHaveLength(3)
    faults.begin(() => undefined)
    expect(await good(o.another().outbox.deliver())).toEqual({ delivered: 3, refused: 0, waiting: 0 })
    expect(await told(o)).toHaveLength(3)
  })

  test('ESV-08, ESV-13 · the mails of a completion survive it too, and are sent once', async () => {
    const { o, faults } = fragile(open)
    await withAccounts(o, ['B01234X1'])
    const form = await sent(o, [change()])
    await told(o)
    faults.begin((call) => (call.startsWith('mailer') || call.includes('Notice') ? 'throws' : undefined))
    expect(outcomes(await process(o, form))).toEqual(['accepted'])
    faults.begin(() => undefined)
    const restarted = o.another()
    // In addition, the two notices about the change of address, to the former and the new one (ACC-17).
    expect(await good(restarted.outbox.deliver())).toEqual({ delivered: 4, refused: 0, waiting: 0 })
    expect(await good(restarted.outbox.deliver())).toEqual({ delivered: 0, refused: 0, waiting: 0 })
    expect((await told(o)).slice(3)).toEqual(
      [cheung, wong].map(({ email }) => `${email} for-reference ${form.reference} Completed`),
    )
  })

  test('ESV-08 · an operation that is not committed sends no mail', async () => {
    const { o, faults } = fragile(open)
    await withAccounts(o, ['B01234X1'])
    const id = await submitted(o, [change()])
    await sentOn(o, id)
    const before = (await told(o)).length
    const form = { reference: 'DA3_00000001', participant: bank, id }
    faults.begin((call, nth) => (call === 'storage.commit' && nth === 1 ? 'rejects' : undefined))
    expect(await codeOf(o.auth.eservices.process({ form, by: 'hkex.operator' }))).toBe('port-failed')
    expect(await told(o)).toHaveLength(before)
    faults.begin(() => undefined)
    expect(outcomes(await process(o, form))).toEqual([])
    expect(await told(o)).toHaveLength(before + 2)
  })
})
