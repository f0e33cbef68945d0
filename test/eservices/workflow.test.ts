/** The lifecycle of each form, from its draft to its last mail, with every button. */
import { describe, expect, test } from 'vitest'
import type { FormName } from '../../src/eservices/model/forms.ts'
import type { EserviceLine } from '../../src/eservices/model/lines.ts'
import { testBeds } from '../support/test-beds.ts'
import { good } from '../support/test-service.ts'
import { change, cheung, contents, lee, unlock, wong } from './model/support.ts'
import {
  answerOf,
  bank,
  drafted,
  emailOf,
  eservicesTestService,
  formTrail,
  lastRefusal,
  outcomes,
  process,
  sent,
  sentOn,
  staff,
  submitted,
  told,
  viewed,
  withAccounts,
} from './support.ts'

const forms: readonly (readonly [FormName, string, readonly EserviceLine[]])[] = [
  ['DA 3', 'DA3_00000001', [unlock('B01234X1', emailOf('B01234X1')), change('B01234X2')]],
  ['DA 4', 'DA4_00000001', [{ type: 'buy-accounts', count: 4 }]],
  ['SCard 1', 'SCard1_00000001', [{ type: 'reset-smartcard-password', userId: 'B01234X1' }]],
]

const serviceWithAccounts = async ({ open }: (typeof testBeds)[number]) => {
  const o = eservicesTestService({ storage: open() })
  await withAccounts(o, ['B01234X1', 'B01234X2'])
  const smartcard = { srn: '0101101200012AB2', certificateExpiry: o.clock.now() + 1e9 }
  await good(o.auth.registry.change({ userId: 'B01234X1', by: 'HKEX', changes: { smartcard } }))
  return o
}

describe.each(testBeds)('on $name', (testBed) => {
  test.each(forms)(
    'ESV-02, ESV-03, ESV-08, ESV-12, ESV-13 · %s goes from draft to completed, as %s, and maker and checker are mailed',
    async (form, reference, lines) => {
      const o = await serviceWithAccounts(testBed)
      const { eservices } = o.auth
      const id = await drafted(o, lines, { form })
      expect(await viewed(o, id)).toMatchObject({ id, status: 'Draft', form: { form, participant: bank } })
      expect(await told(o)).toEqual([])

      const ready = await good(eservices.submit({ actor: cheung, id, users: staff }))
      expect(ready).toMatchObject({
        status: 'Ready to Send to HKEX',
        form: { reference, maker: { id: cheung.id } },
      })
      const forAction = [wong, lee, { email: 'f.ho@abc.example' }].map(
        ({ email }) => `${email} for-action ${reference} Ready to Send to HKEX`,
      )
      expect(await told(o)).toEqual(forAction)

      o.clock.pass(60_000)
      expect((await good(eservices.claim({ actor: wong, id }))).status).toBe('Ready to Send to HKEX')
      expect((await good(eservices.sent({}))).forms).toEqual([])
      o.clock.pass(60_000)
      expect((await good(eservices.confirm({ actor: wong, id }))).status).toBe('Sent to HKEX')
      const waiting = { reference, participant: bank, id }
      expect(await good(eservices.sent({}))).toEqual({ forms: [waiting] })
      expect(await told(o)).toEqual(forAction)

      o.clock.pass(3_600_000)
      const reports = await process(o, waiting)
      expect(reports.map(({ line }) => line)).toEqual(lines.map((_, line) => line))
      expect(outcomes(reports)).toEqual(lines.map(() => 'accepted'))
      const done = await viewed(o, id)
      expect(done).toMatchObject({ status: 'Completed', form: { stage: 'Completed', since: o.clock.now() } })
      expect(done.form).toMatchObject({
        processed: lines.map((_, line) => ({ line, outcome: { kind: 'accepted' }, at: o.clock.now() })),
      })
      expect(await good(eservices.sent({}))).toEqual({ forms: [] })
      expect(await told(o)).toEqual([
        ...forAction,
        ...[cheung, wong].map(({ email }) => `${email} for-reference ${reference} Completed`),
      ])

      const stamps = (await formTrail(o, id)).map(({ actor: by, event }) => `${by} ${event.type}`)
      expect(stamps).toEqual([
        ...['c.cheung FormDrafted', 'c.cheung FormSubmitted', 'd.wong FormClaimed', 'd.wong FormConfirmed'],
        ...[...lines.map(() => 'hkex.operator LineProcessed'), 'hkex.operator FormCompleted'],
      ])
      // Running it again finds nothing to do, and notifies no one twice.
      expect(await process(o, waiting)).toEqual([])
      expect(await told(o)).toHaveLength(forAction.length + 2)
    },
  )

  test('ESV-03 · each accepted submission gets its own number, and a refused one gets none', async () => {
    const o = await serviceWithAccounts(testBed)
    const references: string[] = []
    for (const form of ['DA 3', 'DA 4', 'DA 3'] as const) {
      const [, , lines = []] = forms.find(([name]) => name === form) ?? []
      const id = await submitted(o, lines, { form })
      const view = await viewed(o, id)
      references.push('reference' in view.form ? (view.form.reference ?? '') : '')
    }
    expect(references).toEqual(['DA3_00000001', 'DA4_00000001', 'DA3_00000002'])
    const untold = await drafted(o, [change()], { filled: { declared: false } })
    expect(await answerOf(o.auth.eservices.submit({ actor: cheung, id: untold, users: [] }))).toBe(
      'declaration-not-ticked ESV-07',
    )
    const next = await viewed(o, await submitted(o, [change()]))
    expect(next.form).toMatchObject({ reference: 'DA3_00000003' })
  })

  test('ESV-13 · HKEX lists waiting forms of all participants by reference, in pages', async () => {
    const o = await serviceWithAccounts(testBed)
    const waiting = []
    for (let i = 0; i < 3; i++) waiting.push(await sent(o, [change()]))
    const other = { participant: 'HKABC' } as const
    const abroad = { ...cheung, ...other }
    const filled = contents(change('HKABC1X1'))
    const draft = await good(
      o.auth.eservices.draft({ actor: abroad, form: 'DA 3', contents: { ...filled, clearingHouse: 'HKCC' } }),
    )
    await good(o.auth.eservices.submit({ actor: abroad, id: draft.id, users: [] }))
    await sentOn(o, draft.id, { ...wong, ...other })
    waiting.push({ reference: 'DA3_00000004', participant: 'HKABC', id: draft.id })

    await process(o, waiting[1] as (typeof waiting)[number])
    const seen = []
    const pages: number[] = []
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: { forms: readonly unknown[]; after?: string } = await good(
        o.auth.eservices.sent({ after, limit: 1 }),
      )
      pages.push(page.forms.length)
      seen.push(...page.forms)
      after = page.after
    }
    expect(seen).toEqual([waiting[0], waiting[2], waiting[3]])
    expect(pages).toEqual([1, 0, 1, 1, 0])
  })
})

describe('the actions', () => {
  test('ESV-11, ESV-16 · Reclaim returns a form before it is claimed, and the form keeps its number', async () => {
    const o = await serviceWithAccounts(testBeds[0])
    const { eservices } = o.auth
    const id = await submitted(o, [change()])
    expect(await good(eservices.reclaim({ actor: cheung, id }))).toMatchObject({ status: 'Draft' })
    expect(await answerOf(eservices.claim({ actor: wong, id }))).toBe('wrong-status ESV-02')
    await good(eservices.edit({ actor: cheung, id, contents: contents(change('B01234X2')) }))
    const again = await good(eservices.submit({ actor: cheung, id, users: staff }))
    expect(again.form).toMatchObject({ reference: 'DA3_00000001', contents: contents(change('B01234X2')) })
    await good(eservices.claim({ actor: wong, id }))
    expect(await answerOf(eservices.reclaim({ actor: cheung, id }))).toBe('already-claimed ESV-11')
    expect(await lastRefusal(o, id)).toBe('c.cheung Reclaim already-claimed ESV-11')
  })

  test('ESV-11 · Release removes the claim, so another checker can claim; Refer passes it on, and the first can no longer act', async () => {
    const o = await serviceWithAccounts(testBeds[0])
    const { eservices } = o.auth
    const id = await submitted(o, [change()])
    await good(eservices.claim({ actor: wong, id }))
    expect((await good(eservices.release({ actor: wong, id }))).form.stage).toBe('ReadyToSend')
    await good(eservices.claim({ actor: lee, id }))
    const referred = await good(eservices.refer({ actor: lee, id, to: wong }))
    expect(referred.form).toMatchObject({ stage: 'Claimed', claimant: { id: wong.id } })
    expect(await answerOf(eservices.confirm({ actor: lee, id }))).toBe('not-the-claimant ESV-11')
    expect(await lastRefusal(o, id)).toBe('e.lee Confirm not-the-claimant ESV-11')
    expect((await good(eservices.confirm({ actor: wong, id }))).status).toBe('Sent to HKEX')
  })

  test('ESV-11, ESV-12 · Revert returns the form with a remark, and each step records person and instant', async () => {
    const o = await serviceWithAccounts(testBeds[0])
    const { eservices } = o.auth
    const id = await submitted(o, [change()])
    await good(eservices.claim({ actor: wong, id }))
    o.clock.pass(1_000)
    expect(await answerOf(eservices.revert({ actor: wong, id, remark: ' ' }))).toBe('no-remark ESV-11')
    const reverted = await good(eservices.revert({ actor: wong, id, remark: 'Which email?' }))
    expect(reverted).toMatchObject({
      status: 'Draft',
      form: { remark: { by: { id: wong.id, name: wong.name }, at: o.clock.now(), text: 'Which email?' } },
    })
    expect((await formTrail(o, id)).at(-1)?.event).toMatchObject({ at: o.clock.now(), by: { id: wong.id } })
    expect(await answerOf(eservices.submit({ actor: cheung, id, users: staff }))).toBe('ok')
    expect(await told(o)).toHaveLength(6)
  })

  test('ESV-11 · Clone creates a new undeclared draft of another maker’s form, which does not change', async () => {
    const o = await serviceWithAccounts(testBeds[0])
    const { eservices } = o.auth
    const form = await sent(o, [change()])
    await process(o, form)
    const actor = { ...lee, roles: ['Maker'] } as const
    const clone = await good(eservices.clone({ actor, id: form.id }))
    expect(clone).toMatchObject({
      status: 'Draft',
      form: { maker: { id: lee.id }, contents: { lines: [change()], declared: false } },
    })
    expect(clone.id).not.toBe(form.id)
    expect(clone.form).not.toHaveProperty('reference')
    expect((await formTrail(o, clone.id))[0]?.event).toMatchObject({ clonedFrom: form.reference })
    expect(await answerOf(eservices.submit({ actor, id: clone.id, users: [] }))).toBe(
      'declaration-not-ticked ESV-07',
    )
    expect((await viewed(o, form.id)).status).toBe('Completed')
  })

  test('ESV-11 · Discard ends a draft permanently, and a submitted form cannot be discarded', async () => {
    const o = await serviceWithAccounts(testBeds[0])
    const { eservices } = o.auth
    const id = await drafted(o, [change()])
    expect(await good(eservices.discard({ actor: cheung, id }))).toMatchObject({ status: 'Discarded' })
    expect(await answerOf(eservices.submit({ actor: cheung, id, users: [] }))).toBe('wrong-status ESV-02')
    expect(await lastRefusal(o, id)).toBe('c.cheung Submit wrong-status ESV-02')
    expect(await answerOf(eservices.clone({ actor: cheung, id }))).toBe('ok')
    const other = await submitted(o, [change()])
    expect(await answerOf(eservices.discard({ actor: cheung, id: other }))).toBe('wrong-status ESV-02')
  })
})
