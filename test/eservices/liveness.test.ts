/** Who can take a form back, take it over, and view it. */
import { describe, expect, test } from 'vitest'
import { testBeds } from '../support/test-beds.ts'
import { good } from '../support/test-service.ts'
import { change, cheung, lee, wong } from './model/support.ts'
import {
  answerOf,
  drafted,
  eservicesTestService,
  formTrail,
  lastRefusal,
  outcomes,
  process,
  sent,
  submitted,
  viewed,
  withAccounts,
} from './support.ts'

describe.each(testBeds)('on $name', ({ open }) => {
  const opened = async () => {
    const o = eservicesTestService({ storage: open() })
    await withAccounts(o, ['B01234X1', 'B01234X2'])
    return o
  }

  test('ESV-16 · a form that its checker reclaims leaves the inbox, is refused by a batch, and can be sent again', async () => {
    const o = await opened()
    const { eservices } = o.auth
    const form = await sent(o, [change()])
    const { id } = form
    expect((await good(eservices.reclaim({ actor: wong, id }))).form).toMatchObject({ stage: 'Claimed' })
    expect(await good(eservices.sent({}))).toEqual({ forms: [] })
    expect(await answerOf(eservices.process({ form, by: 'hkex.operator' }))).toBe('wrong-status ESV-02')
    await good(eservices.confirm({ actor: wong, id }))
    expect(await good(eservices.sent({}))).toEqual({ forms: [form] })
    expect(outcomes(await process(o, form))).toEqual(['accepted'])
    expect(await answerOf(eservices.reclaim({ actor: wong, id }))).toBe('already-processed ESV-16')
  })

  test('ESV-16 · a form reclaimed after a batch has read it, and before its first line, is refused by that batch', async () => {
    const o = await opened()
    const form = await sent(o, [change()])
    let reclaimed = false
    const storage = o.storage
    const load = storage.load.bind(storage)
    const racing = {
      ...storage,
      load: async (keys: Parameters<typeof load>[0]) => {
        // The batch first reads only the form, then participant and form together.
        if (!reclaimed && keys.length === 2) {
          reclaimed = true
          await good(o.auth.eservices.reclaim({ actor: wong, id: form.id }))
        }
        return load(keys)
      },
    }
    const batch = eservicesTestService({
      storage: { ...racing, commit: storage.commit.bind(storage) } as typeof storage,
    })
    expect(await answerOf(batch.auth.eservices.process({ form, by: 'hkex.operator' }))).toBe(
      'wrong-status ESV-16',
    )
    expect(reclaimed).toBe(true)
    expect((await viewed(o, form.id)).form).toMatchObject({ stage: 'Claimed', claimant: { id: wong.id } })
  })

  test('ESV-17 · a form whose claimant has left is taken over and sent, and both persons are in its trail', async () => {
    const o = await opened()
    const { eservices } = o.auth
    const id = await submitted(o, [change()])
    await good(eservices.claim({ actor: wong, id }))
    expect(await answerOf(eservices.claim({ actor: lee, id }))).toBe('already-claimed ESV-11')
    await good(eservices.takeOver({ actor: lee, id }))
    expect((await formTrail(o, id)).at(-1)).toMatchObject({
      actor: lee.id,
      event: { type: 'FormTakenOver', rule: 'ESV-17', by: { id: lee.id }, from: { id: wong.id } },
    })
    expect(await answerOf(eservices.confirm({ actor: wong, id }))).toBe('not-the-claimant ESV-11')
    expect((await good(eservices.confirm({ actor: lee, id }))).status).toBe('Sent to HKEX')
  })

  test('ESV-18 · a view without the right or a role is refused and recorded in the form’s trail', async () => {
    const o = await opened()
    const { eservices } = o.auth
    const id = await drafted(o, [change()])
    expect(await answerOf(eservices.view({ actor: { ...wong, rights: [] }, id }))).toBe('no-right ESV-18')
    expect(await lastRefusal(o, id)).toBe(`${wong.id} View no-right ESV-18`)
    expect(await answerOf(eservices.view({ actor: { ...cheung, roles: [] }, id }))).toBe('no-role ESV-18')
    expect(await lastRefusal(o, id)).toBe(`${cheung.id} View no-role ESV-18`)
    const length = (await formTrail(o, id)).length
    expect((await viewed(o, id, wong)).status).toBe('Draft')
    expect(await formTrail(o, id)).toHaveLength(length)
  })

  test('ESV-18 · the forms of a participant are listed in pages to persons who may view one', async () => {
    const o = await opened()
    const { eservices } = o.auth
    const ids = [
      await drafted(o, [change()]),
      await submitted(o, [change()]),
      await drafted(o, [change()]),
    ].sort()
    const discarded = ids[0] ?? ''
    const whole = await good(eservices.list({ actor: wong }))
    expect(whole.forms.map(({ id }) => id)).toEqual(ids)
    expect(whole.after).toBeUndefined()
    expect(whole.forms.map(({ status }) => status).sort()).toEqual([
      'Draft',
      'Draft',
      'Ready to Send to HKEX',
    ])
    expect(whole.forms).toContainEqual(await viewed(o, discarded, wong))
    const first = await good(eservices.list({ actor: cheung, limit: 2 }))
    expect(first.forms.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const rest = await good(eservices.list({ actor: cheung, limit: 2, after: first.after }))
    expect(rest.forms.map(({ id }) => id)).toEqual(ids.slice(2))
    expect(rest.after).toBeUndefined()
  })

  test.each([
    ['without the right', { rights: [] }, 'no-right ESV-18'],
    ['without a role', { roles: [] }, 'no-role ESV-18'],
    ['with a look-alike name', { id: 'c.сheung' }, 'unreadable-actor ESV-12'],
  ] as const)('ESV-18 · the list is refused %s, and a list writes nothing', async (_, other, answer) => {
    const o = await opened()
    const id = await drafted(o, [change()])
    const length = (await formTrail(o, id)).length
    expect(await answerOf(o.auth.eservices.list({ actor: { ...cheung, ...other } }))).toBe(answer)
    expect(await formTrail(o, id)).toHaveLength(length)
  })

  test('ESV-18 · the list never contains another participant’s forms, nor a form whose creation was refused', async () => {
    const o = await opened()
    await drafted(o, [change()])
    await answerOf(o.auth.eservices.claim({ actor: wong, id: 'f'.repeat(24) }))
    expect((await good(o.auth.eservices.list({ actor: { ...wong, participant: 'B09999' } }))).forms).toEqual(
      [],
    )
    expect((await good(o.auth.eservices.list({ actor: wong }))).forms).toHaveLength(1)
  })
})
