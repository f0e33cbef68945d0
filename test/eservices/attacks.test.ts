/** Attacks on eServices that must fail, each with the number of its rule and its trail entry. */
import { describe, expect, test } from 'vitest'
import type { ClientConnectUser } from '../../src/eservices/model/client-connect.ts'
import type { EserviceLine } from '../../src/eservices/model/lines.ts'
import { yielding } from '../support/storages.ts'
import { testBeds } from '../support/test-beds.ts'
import { codeOf, good, unsettled } from '../support/test-service.ts'
import { add, both, change, cheung, contents, lee, unlock, wong } from './model/support.ts'
import {
  answerOf,
  bank,
  drafted,
  type EservicesTestService,
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

/** Every step of a form, by a given user. */
const steps = ({ auth: { eservices } }: EservicesTestService, id: string, actor: ClientConnectUser) => ({
  edit: () => eservices.edit({ actor, id, contents: contents(change()) }),
  discard: () => eservices.discard({ actor, id }),
  submit: () => eservices.submit({ actor, id, users: [] }),
  reclaim: () => eservices.reclaim({ actor, id }),
  claim: () => eservices.claim({ actor, id }),
  release: () => eservices.release({ actor, id }),
  refer: () => eservices.refer({ actor, id, to: lee }),
  revert: () => eservices.revert({ actor, id, remark: 'no' }),
  confirm: () => eservices.confirm({ actor, id }),
})
const makersSteps = ['edit', 'discard', 'submit', 'reclaim'] as const
const checkersSteps = ['claim', 'release', 'refer', 'revert', 'confirm'] as const
const actOf = (step: string) => step.charAt(0).toUpperCase() + step.slice(1)

const recordAt = async ({ storage }: EservicesTestService, id: string) =>
  (await storage.load([{ participant: bank, kind: 'eservice', id }]))[0]

describe.each(testBeds)('on $name', ({ open }) => {
  const serviceWithAccounts = async () => {
    const o = eservicesTestService({ storage: open() })
    await withAccounts(o, ['B01234X1', 'B01234X2', 'B01234X3', 'B01234X4', 'B01234X5', 'B0123401'])
    return o
  }
  const five = [1, 2, 3, 4, 5].map((n) => change(`B01234X${n}`))

  test.each<[string, readonly EserviceLine[], object, string]>([
    ['ESV-05 · five lines', five, {}, 'too-many-lines ESV-05'],
    ['ESV-05 · five lines of all types together', [...five.slice(1), add()], {}, 'too-many-lines ESV-05'],
    ['ESV-05 · the same DA twice', [change(), change('b01234x1')], {}, 'duplicate-user-id ESV-05'],
    ['ESV-07 · an unticked declaration', [change()], { declared: false }, 'declaration-not-ticked ESV-07'],
    [
      'ESV-07 · no telephone',
      [change()],
      { contact: { name: 'AAA', email: 'aaa@bank.example', telephone: '' } },
      'contact-incomplete ESV-07',
    ],
    ['MNT-07 · a user’s ID', [change('B0123401')], {}, 'not-an-administrator MNT-07'],
    ['ESV-06 · another participant’s DA', [change('B09999X1')], {}, 'line-of-other-participant ESV-06'],
    ['ESV-06 · another house', [change()], { clearingHouse: 'HKCC' }, 'other-clearing-house ESV-06'],
    ['ID-01 · no User ID at all', [change('B01234 X1')], {}, 'malformed-user-id ID-01'],
    [
      'MNT-10 · a DA’s user groups',
      [{ type: 'change', userId: 'B01234X1', changes: { userGroups: ['AA'] } }],
      {},
      'field-not-on-form MNT-10',
    ],
    ['ESV-04 · no line', [], {}, 'no-lines ESV-04'],
  ])('%s: not submitted', async (_, lines, filled, refusal) => {
    const o = await serviceWithAccounts()
    const id = await drafted(o, lines, { filled })
    expect(await answerOf(o.auth.eservices.submit({ actor: cheung, id, users: [wong] }))).toBe(refusal)
    expect(await lastRefusal(o, id)).toBe(`c.cheung Submit ${refusal}`)
    expect((await viewed(o, id)).status).toBe('Draft')
    expect(await unsettled(o)).toEqual([])
  })

  test('ESV-10 · a line whose email does not match is refused, also in the trail, and unlocks nothing', async () => {
    const o = await serviceWithAccounts()
    const form = await sent(o, [unlock('B01234X1', 'b01234x1@bank.example.hk')])
    expect(outcomes(await process(o, form))).toEqual(['email-differs ESV-10'])
    const entry = (await formTrail(o, form.id)).find(({ event }) => event.type === 'LineProcessed')
    expect(entry).toMatchObject({
      ...{ actor: 'hkex.operator', event: { rule: 'ESV-10', outcome: { reason: 'email-differs' } } },
    })
    expect((await o.auth.audit.trail({ userId: 'B01234X1' }))._unsafeUnwrap()).toHaveLength(1)
  })

  test.each<[string, Partial<ClientConnectUser>]>([
    ['as they are', {}],
    ['by another spelling', { id: 'F.HO' }],
    ['by another sign-in with the same mailbox', { id: 'francis', email: 'F.HO@abc.example' }],
    ['by the same sign-in with another mailbox', { email: 'francis@abc.example' }],
  ])('ESV-12 · the maker cannot be the checker: %s', async (_, spelling) => {
    const o = await serviceWithAccounts()
    const actor = { ...both, ...spelling }
    const id = await submitted(o, [change()], { actor: both })
    for (const step of checkersSteps) {
      expect(await answerOf(steps(o, id, actor)[step]())).toBe('maker-as-checker ESV-12')
      expect(await lastRefusal(o, id)).toBe(`${actor.id} ${actOf(step)} maker-as-checker ESV-12`)
    }
    const { eservices } = o.auth
    await good(eservices.claim({ actor: wong, id }))
    expect(await answerOf(eservices.refer({ actor: wong, id, to: actor }))).toBe('maker-as-checker ESV-12')
    // Even a claimant who has access to the maker's mailbox.
    const moved = { ...wong, email: both.email }
    expect(await answerOf(eservices.confirm({ actor: moved, id }))).toBe('maker-as-checker ESV-12')
    expect((await viewed(o, id)).form).toMatchObject({ stage: 'Claimed', claimant: { id: wong.id } })
  })

  test.each<[string, Partial<ClientConnectUser>, string]>([
    ['a sign-in that looks alike', { id: 'd.wоng', email: 'd@abc.example' }, 'unreadable-actor ESV-12'],
    ['a blank in the mailbox', { email: 'd.wong@abc.example ' }, 'unreadable-actor ESV-12'],
    ['the right in other letters', { rights: ['eu_usermaintenance'] }, 'no-right ESV-01'],
    ['without any right', { rights: [] }, 'no-right ESV-01'],
    ['without a role', { roles: [] }, 'ESV-01'],
  ])('ESV-01, ESV-12 · no step is accepted from a person with %s', async (_, other, refusal) => {
    const o = await serviceWithAccounts()
    const id = await submitted(o, [change()])
    await good(o.auth.eservices.claim({ actor: wong, id }))
    const before = await viewed(o, id)
    for (const [names, person] of [
      [makersSteps, cheung],
      [checkersSteps, wong],
    ] as const)
      for (const step of names) {
        const answer = await answerOf(steps(o, id, { ...person, ...other })[step]())
        expect(answer).toContain(refusal)
        expect(await lastRefusal(o, id)).toBe(`${other.id ?? person.id} ${actOf(step)} ${answer}`)
      }
    expect(await viewed(o, id)).toEqual(before)
  })

  test('ESV-01, AUD-03 · a draft by a user without the right is refused and recorded in a trail', async () => {
    const o = await serviceWithAccounts()
    const actor = { ...cheung, rights: [] }
    const drafting = o.auth.eservices.draft({ actor, form: 'DA 3', contents: contents(change()) })
    expect(await answerOf(drafting)).toBe('no-right ESV-01')
    const [found] = await o.storage.list(bank, 'eservice', { after: '', limit: 9 })
    expect(found?.record.state).toEqual({ stage: 'Unknown' })
    expect(await lastRefusal(o, found?.id ?? '')).toBe('c.cheung Draft no-right ESV-01')
  })

  test('ESV-06 · another participant’s form is refused like an unknown one: no step, no view, no clone, and its record does not change', async () => {
    const o = await serviceWithAccounts()
    const id = await submitted(o, [change()])
    await good(o.auth.eservices.claim({ actor: wong, id }))
    const before = await recordAt(o, id)
    for (const [names, person] of [
      [makersSteps, cheung],
      [checkersSteps, wong],
    ] as const)
      for (const step of names) {
        const actor = { ...person, participant: 'B09999' }
        expect(await answerOf(steps(o, id, actor)[step]())).toBe('no-such-form ESV-02')
        expect(await lastRefusal(o, id, 'B09999')).toBe(`${person.id} ${actOf(step)} no-such-form ESV-02`)
      }
    const actor = { ...cheung, participant: 'B09999' }
    expect(await answerOf(o.auth.eservices.view({ actor, id }))).toBe('no-such-form ESV-02')
    expect(await answerOf(o.auth.eservices.clone({ actor, id }))).toBe('no-such-form ESV-02')
    expect(await recordAt(o, id)).toEqual(before)
  })

  test('ESV-12 · another maker’s draft cannot be changed', async () => {
    const o = await serviceWithAccounts()
    const id = await drafted(o, [change()])
    for (const step of makersSteps) {
      expect(await answerOf(steps(o, id, both)[step]())).toBe('not-its-maker ESV-12')
      expect(await lastRefusal(o, id)).toBe(`f.ho ${actOf(step)} not-its-maker ESV-12`)
    }
  })

  test('ESV-02 · of two parallel confirmations one is sent and the other refused, and the form is queued once', async () => {
    for (let round = 0; round < 10; round++) {
      const o = eservicesTestService({ storage: yielding(open()) })
      await withAccounts(o, ['B01234X1'])
      const id = await submitted(o, [change()])
      await good(o.auth.eservices.claim({ actor: wong, id }))
      const services = [o.auth, o.another(), o.auth]
      const answers = services.map(({ eservices }) => answerOf(eservices.confirm({ actor: wong, id })))
      const given = (await Promise.all(answers)).sort()
      expect(given).toEqual(['ok', 'wrong-status ESV-02', 'wrong-status ESV-02'])
      expect(await lastRefusal(o, id)).toBe('d.wong Confirm wrong-status ESV-02')
      expect((await good(o.auth.eservices.sent({}))).forms).toHaveLength(1)
      const events = (await formTrail(o, id)).filter(({ event }) => event.type === 'FormConfirmed')
      expect(events).toHaveLength(1)
    }
  })

  test('ESV-11 · of two checkers that claim in parallel, one succeeds', async () => {
    const o = eservicesTestService({ storage: yielding(open()) })
    await withAccounts(o, ['B01234X1'])
    const id = await submitted(o, [change()])
    const services = [o.auth, o.another()]
    const claims = [wong, lee].map((actor, i) =>
      answerOf((services[i] ?? o.auth).eservices.claim({ actor, id })),
    )
    expect((await Promise.all(claims)).sort()).toEqual(['already-claimed ESV-11', 'ok'])
  })

  test('ESV-13 · under another form’s reference nothing is processed, and that form stays in the inbox', async () => {
    const o = await serviceWithAccounts()
    const [one, two] = [await sent(o, [change()]), await sent(o, [change('B01234X2')])]
    const before = await recordAt(o, one.id)
    const { eservices } = o.auth
    for (const form of [
      { ...one, reference: two.reference },
      { ...one, participant: 'B09999' },
      { ...one, id: 'f'.repeat(24) },
    ])
      expect(await answerOf(eservices.process({ form, by: 'hkex.operator' }))).toBe('no-such-form ESV-02')
    expect(await recordAt(o, one.id)).toEqual(before)
    expect((await good(eservices.sent({}))).forms).toEqual([one, two])
  })

  test('ESV-02 · a form without a checker’s confirmation is never processed', async () => {
    const o = await serviceWithAccounts()
    const id = await submitted(o, [change()])
    const form = { reference: 'DA3_00000001', participant: bank, id }
    const before = await recordAt(o, id)
    const processing = () => answerOf(o.auth.eservices.process({ form, by: 'hkex.operator' }))
    expect(await processing()).toBe('wrong-status ESV-02')
    await good(o.auth.eservices.reclaim({ actor: cheung, id }))
    expect(await processing()).toBe('wrong-status ESV-02')
    expect((await recordAt(o, id))?.version).toBe((before?.version ?? 0) + 1)
  })
})

test('API-01 · input of the wrong shape is refused by validation, and nothing is recorded', async () => {
  const o = eservicesTestService()
  await withAccounts(o, [])
  const { eservices } = o.auth
  const usual = { actor: cheung, form: 'DA 3', contents: contents(change()) } as const
  for (const odd of [
    { ...usual, form: 'DA 5' },
    { ...usual, contents: { ...usual.contents, urgent: true } },
    { ...usual, contents: contents({ type: 'buy-accounts', count: 0.5 }) },
    { ...usual, actor: { ...cheung, admin: true } },
    { ...usual, actor: undefined },
  ])
    expect(await codeOf(eservices.draft(odd as never))).toBe('malformed-input')
  for (const id of ['', '../B09999', 'a'.repeat(23), 'A'.repeat(24)])
    expect(await codeOf(eservices.claim({ actor: wong, id }))).toBe('malformed-input')
  for (const limit of [0, 1_001, 1.5]) expect(await codeOf(eservices.sent({ limit }))).toBe('malformed-input')
  expect(await o.storage.list(bank, 'eservice', { after: '', limit: 9 })).toEqual([])
})
