import { describe, expect, test } from 'vitest'
import { eserviceDecider } from '../../../src/eservices/model/decide.ts'
import type { EserviceLine } from '../../../src/eservices/model/lines.ts'
import { clonedContents, type Eservice, statusByStage } from '../../../src/eservices/model/state.ts'
import {
  add,
  at,
  both,
  change,
  cheung,
  command,
  contents,
  decided,
  lee,
  morning,
  outcome,
  rules,
  stateAfter,
  wong,
} from './support.ts'

const steps = [
  'Edit',
  'Discard',
  'Submit',
  'Reclaim',
  'Claim',
  'Release',
  'Refer',
  'Revert',
  'Confirm',
] as const
const makers = ['Edit', 'Discard', 'Submit', 'Reclaim'] as const
const checkers = ['Claim', 'Release', 'Refer', 'Revert', 'Confirm'] as const

describe('from Draft to Completed', () => {
  test('ESV-02 · a form goes from Draft through Ready to Send and Sent to HKEX to Completed', () => {
    const accountStages = (['Draft', 'ReadyToSend', 'Claimed', 'SentToHkex', 'Completed'] as const).map(
      (stage) => statusByStage[at(stage).stage],
    )
    expect(accountStages).toEqual([
      'Draft',
      'Ready to Send to HKEX',
      'Ready to Send to HKEX',
      'Sent to HKEX',
      'Completed',
    ])
  })

  test.each([
    ['Edit', 'Draft'],
    ['Discard', 'Draft'],
    ['Submit', 'Draft'],
    ['Claim', 'ReadyToSend'],
    ['Reclaim', 'ReadyToSend'],
    ['Release', 'Claimed'],
    ['TakeOver', 'Claimed'],
    ['Refer', 'Claimed'],
    ['Revert', 'Claimed'],
    ['Confirm', 'Claimed'],
    ['ProcessLine', 'SentToHkex'],
    ['Complete', 'SentToHkex'],
  ] as const)('ESV-02 · %s is possible only at %s', (type, place) => {
    const elsewhere = (['Draft', 'ReadyToSend', 'Claimed', 'SentToHkex', 'Completed', 'Discarded'] as const)
      .filter((stage) => stage !== place)
      .filter((stage) => !(type === 'Complete' && stage === 'Completed'))
      .filter((stage) => !(stage === 'Claimed' && (type === 'Claim' || type === 'Reclaim')))
      .filter((stage) => !(type === 'Reclaim' && stage === 'SentToHkex'))
    for (const stage of elsewhere) expect(outcome(at(stage), command(type))).toBe('wrong-status ESV-02')
  })

  test('ESV-02 · a missing form is refused, and an existing one cannot be drafted again', () => {
    for (const type of [...steps, 'ProcessLine', 'Complete'] as const)
      expect(outcome(at('Unknown'), command(type))).toBe('no-such-form ESV-02')
    expect(outcome(at('Draft'), command('Draft'))).toBe('form-exists ESV-02')
    expect(outcome(at('Discarded'), command('Draft'))).toBe('form-exists ESV-02')
  })

  test('ESV-03 · a reference is assigned on submission and kept permanently', () => {
    expect(at('Draft')).not.toHaveProperty('reference')
    expect(at('ReadyToSend').reference).toBe('DA3_00013361')
    const again = [command('Submit', { reference: 'DA3_00099999' }), command('Claim')]
    const usual = [command('Draft'), command('Submit')]
    expect(stateAfter(...usual, command('Reclaim'), ...again)).toMatchObject({
      stage: 'Claimed',
      reference: 'DA3_00013361',
    })
    expect(stateAfter(...usual, command('Claim'), command('Revert'), ...again)).toMatchObject({
      stage: 'Claimed',
      reference: 'DA3_00013361',
    })
  })

  test.each([
    'DA4_00013361',
    'DA3_1361',
    'DA3_0001336x',
    'da3_00013361',
    '',
    'DA3_00013361\n',
    'DA3_０００１３３６１',
  ])('ESV-03 · %j is refused as a reference number of DA 3', (reference) => {
    expect(outcome(at('Draft'), command('Submit', { reference }))).toBe('malformed-reference ESV-03')
  })
})

describe('the person who acts', () => {
  test('ESV-01 · a maker and a checker each need the right and the role', () => {
    const rightless = { rights: ['EU_Other', 'eu_usermaintenance'] }
    expect(outcome(at('Unknown'), command('Draft', { actor: { ...cheung, ...rightless } }))).toBe(
      'no-right ESV-01',
    )
    expect(outcome(at('Unknown'), command('Draft', { actor: wong }))).toBe('not-a-maker ESV-01')
    for (const type of makers) {
      expect(outcome(at('Draft'), command(type, { actor: { ...cheung, ...rightless } }))).toBe(
        'no-right ESV-01',
      )
      expect(outcome(at('Draft'), command(type, { actor: { ...cheung, roles: ['Checker'] } }))).toBe(
        'not-a-maker ESV-01',
      )
    }
    for (const type of checkers) {
      expect(outcome(at('Claimed'), command(type, { actor: { ...wong, ...rightless } }))).toBe(
        'no-right ESV-01',
      )
      expect(outcome(at('Claimed'), command(type, { actor: { ...wong, roles: ['Maker'] } }))).toBe(
        'not-a-checker ESV-01',
      )
    }
  })

  test('ESV-06 · no person can act on a form of another participant', () => {
    for (const type of steps)
      for (const stage of ['Draft', 'ReadyToSend', 'Claimed', 'SentToHkex'] as const)
        for (const actor of [cheung, wong, both])
          expect(outcome(at(stage), command(type, { actor: { ...actor, participant: 'B09999' } }))).toBe(
            'other-participant ESV-06',
          )
  })

  test('ESV-12 · only its own maker can edit a draft, not another maker', () => {
    for (const type of makers)
      expect(outcome(at('Draft'), command(type, { actor: both }))).toBe('not-its-maker ESV-12')
    expect(outcome(at('ReadyToSend'), command('Reclaim', { actor: both }))).toBe('not-its-maker ESV-12')
  })

  test('ESV-12, ESV-15 · another person’s mailbox does not make someone the maker or the claimant', () => {
    const actor = { ...both, email: cheung.email }
    expect(outcome(at('Draft'), command('Edit', { actor }))).toBe('not-its-maker ESV-12')
    const claimant = { ...lee, email: wong.email }
    expect(outcome(at('Claimed'), command('Confirm', { actor: claimant }))).toBe('not-the-claimant ESV-11')
  })

  test.each([
    ['as is', both],
    ['in capitals', { ...both, id: 'F.HO' }],
    ['by another sign-in with the same mailbox', { ...both, id: 'f.ho.2', email: 'F.Ho@ABC.example' }],
    ['by the same sign-in with another mailbox', { ...both, email: 'other@abc.example' }],
  ])('ESV-12 · the maker cannot be the checker: %s', (_, actor) => {
    const draft = { draft: { actor: both }, submit: { actor: both } }
    const ready = at('ReadyToSend', draft)
    expect(outcome(ready, command('Claim', { actor }))).toBe('maker-as-checker ESV-12')
    const claimed = at('Claimed', draft)
    for (const type of checkers)
      expect(outcome(claimed, command(type, { actor }))).toBe('maker-as-checker ESV-12')
    expect(outcome(claimed, command('Refer', { to: actor }))).toBe('maker-as-checker ESV-12')
  })

  test('ESV-12 · a claimant who has taken over the maker’s mailbox cannot confirm', () => {
    const actor = { ...wong, email: cheung.email }
    expect(outcome(at('Claimed'), command('Confirm', { actor }))).toBe('maker-as-checker ESV-12')
  })

  test.each([
    ['Cyrillic o', 'f.hо'],
    ['full width', 'ｆ.ho'],
    ['a blank', 'f.ho '],
    ['a joiner', 'f.\u200dho'],
    ['a combining mark', 'f.ho\u0301'],
    ['a Kelvin sign', 'f.ho\u212a'],
    ['a line break', 'f.ho\n'],
    ['nothing', ''],
    ['255 characters', 'x'.repeat(255)],
  ])('ESV-12 · a sign-in or mailbox with %s identifies no person', (_, text) => {
    for (const actor of [
      { ...both, id: text },
      { ...both, email: text },
    ]) {
      expect(outcome(at('Unknown'), command('Draft', { actor }))).toBe('unreadable-actor ESV-12')
      expect(outcome(at('ReadyToSend'), command('Claim', { actor }))).toBe('unreadable-actor ESV-12')
      expect(outcome(at('Claimed'), command('Refer', { to: actor }))).toBe('unfit-checker ESV-01')
    }
  })

  test('ESV-12 · every step records person and instant', () => {
    const walked = [
      ['Unknown', command('Draft', { at: morning + 1 }), cheung],
      ['Draft', command('Submit', { at: morning + 2 }), cheung],
      ['ReadyToSend', command('Claim', { at: morning + 3 }), wong],
      ['Claimed', command('Refer', { at: morning + 4 }), wong],
      ['Claimed', command('Revert', { at: morning + 5 }), wong],
      ['Claimed', command('Confirm', { at: morning + 6 }), wong],
    ] as const
    for (const [stage, given, { id, name, email }] of walked)
      expect(decided(at(stage), given)).toEqual([
        expect.objectContaining({ at: given.at, by: { id, name, email } }),
      ])
  })
})

const toSent = [command('Draft'), command('Submit'), command('Claim'), command('Confirm')]

describe('the actions', () => {
  test('ESV-11 · Reclaim returns a form to Draft, but not once it is claimed', () => {
    expect(stateAfter(command('Draft'), command('Submit'), command('Reclaim'))).toMatchObject({
      stage: 'Draft',
    })
    expect(outcome(at('Claimed'), command('Reclaim'))).toBe('already-claimed ESV-11')
    expect(outcome(at('SentToHkex'), command('Reclaim', { actor: wong }))).toBe('FormReclaimed')
  })

  test('ESV-16 · the checker who sent a form, and no other person, can reclaim it while no line is processed', () => {
    const sentForm = at('SentToHkex')
    const back = stateAfter(...toSent, command('Reclaim', { actor: wong }))
    expect(back).toMatchObject({ stage: 'Claimed', claimant: { id: wong.id }, reference: sentForm.reference })
    expect(outcome(sentForm, command('Reclaim', { actor: lee }))).toBe('not-its-checker ESV-16')
    expect(outcome(sentForm, command('Reclaim'))).toBe('not-a-checker ESV-01')
    const begun = stateAfter(...toSent, command('ProcessLine'))
    expect(outcome(begun, command('Reclaim', { actor: wong }))).toBe('already-processed ESV-16')
    const completed = at('Completed')
    expect(outcome(completed, command('Reclaim', { actor: wong }))).toBe('already-processed ESV-16')
    expect(outcome(completed, command('Reclaim', { actor: { ...wong, rights: [] } }))).toBe('no-right ESV-01')
    expect(outcome(completed, command('Reclaim', { actor: lee }))).toBe('not-a-maker ESV-01')
    expect(outcome(completed, command('Reclaim'))).toBe('wrong-status ESV-02')
    expect(outcome(back, command('Confirm'))).toBe('FormConfirmed')
    expect(outcome(back, command('ProcessLine'))).toBe('wrong-status ESV-02')
  })

  test('ESV-17 · another checker can take over a claimed form; its maker and its claimant cannot', () => {
    const claimed = at('Claimed')
    const event = eserviceDecider.decide(claimed, command('TakeOver'), rules)._unsafeUnwrap()
    expect(event).toMatchObject([{ type: 'FormTakenOver', by: { id: lee.id }, from: { id: wong.id } }])
    const taken = stateAfter(...toSent.slice(0, 3), command('TakeOver'))
    expect(taken).toMatchObject({ stage: 'Claimed', claimant: { id: lee.id }, claimedAt: morning })
    expect(outcome(taken, command('Confirm'))).toBe('not-the-claimant ESV-11')
    expect(outcome(taken, command('Confirm', { actor: lee }))).toBe('FormConfirmed')
    expect(outcome(claimed, command('TakeOver', { actor: wong }))).toBe('already-claimed ESV-17')
    const both = { ...cheung, roles: ['Maker', 'Checker'] as const }
    expect(outcome(claimed, command('TakeOver', { actor: both }))).toBe('maker-as-checker ESV-12')
    expect(outcome(claimed, command('TakeOver', { actor: { ...lee, rights: [] } }))).toBe('no-right ESV-01')
  })

  test('ESV-18 · a maker or checker of the participant with the right can view a form at every stage', () => {
    for (const stage of [
      'Draft',
      'ReadyToSend',
      'Claimed',
      'SentToHkex',
      'Completed',
      'Discarded',
    ] as const) {
      const form = at(stage)
      for (const actor of [cheung, wong, lee])
        expect(eserviceDecider.decide(form, command('View', { actor }), rules)._unsafeUnwrap()).toEqual([])
      expect(outcome(form, command('View', { actor: { ...wong, rights: [] } }))).toBe('no-right ESV-18')
      expect(outcome(form, command('View', { actor: { ...wong, roles: [] } }))).toBe('no-role ESV-18')
    }
  })

  test('FLD-06 · where the host provides the user groups, a form with any other group cannot be submitted', () => {
    const line = { type: 'change', userId: 'B01234X1', changes: { userGroups: ['AA', 'ZZ'] } } as const
    const draft = at('Draft', { draft: { contents: contents(line) } })
    const submit = command('Submit', { phase: 'decommissioned' })
    const limited = { ...rules, profile: { userGroups: ['AA', 'BB'] } }
    expect(eserviceDecider.decide(draft, submit, limited)._unsafeUnwrapErr()).toEqual({
      ...{ reason: 'unknown-user-group', rule: 'FLD-06' },
    })
    expect(eserviceDecider.decide(draft, submit, rules).isOk()).toBe(true)
  })

  test('ESV-11 · only its claimant can act on a claimed form, and Release lets another checker claim it', () => {
    expect(outcome(at('Claimed'), command('Claim', { actor: lee }))).toBe('already-claimed ESV-11')
    for (const type of ['Release', 'Refer', 'Revert', 'Confirm'] as const)
      expect(outcome(at('Claimed'), command(type, { actor: lee }))).toBe('not-the-claimant ESV-11')
    const usual = [command('Draft'), command('Submit'), command('Claim'), command('Release')]
    expect(stateAfter(...usual)).toEqual(at('ReadyToSend'))
    expect(stateAfter(...usual, command('Claim', { actor: lee }))).toMatchObject({ claimant: { id: lee.id } })
  })

  test('ESV-11 · Revert returns the form with a remark, which Edit keeps and the next submission removes', () => {
    const usual = [
      command('Draft'),
      command('Submit'),
      command('Claim'),
      command('Revert', { at: morning + 9 }),
    ]
    expect(stateAfter(...usual)).toMatchObject({
      stage: 'Draft',
      since: morning + 9,
      remark: { by: { id: wong.id }, at: morning + 9, text: 'Wrong email' },
    })
    expect(stateAfter(...usual)).not.toHaveProperty('claimant')
    expect(stateAfter(...usual, command('Edit'))).toHaveProperty('remark')
    expect(stateAfter(...usual, command('Edit'), command('Submit'))).not.toHaveProperty('remark')
    for (const remark of ['', ' \n\t'])
      expect(outcome(at('Claimed'), command('Revert', { remark }))).toBe('no-remark ESV-11')
  })

  test('ESV-11 · Refer passes the form to another checker, and the first can no longer act on it', () => {
    const usual = [
      command('Draft'),
      command('Submit'),
      command('Claim'),
      command('Refer', { at: morning + 7 }),
    ]
    const referred = stateAfter(...usual)
    expect(referred).toMatchObject({ stage: 'Claimed', claimant: { id: lee.id }, claimedAt: morning + 7 })
    expect(outcome(referred, command('Confirm'))).toBe('not-the-claimant ESV-11')
    expect(outcome(referred, command('Confirm', { actor: lee }))).toBe('FormConfirmed')
  })

  test('ESV-11 · Refer refuses a maker, a person of another participant or without the right, and oneself', () => {
    const to = (other: Partial<typeof lee>) =>
      outcome(at('Claimed'), command('Refer', { to: { ...lee, ...other } }))
    expect(to({ roles: ['Maker'] })).toBe('unfit-checker ESV-01')
    expect(to({ participant: 'B09999' })).toBe('unfit-checker ESV-01')
    expect(to({ rights: [] })).toBe('unfit-checker ESV-01')
    expect(to({ id: 'D.WONG' })).toBe('referred-to-oneself ESV-11')
  })

  test('ESV-11 · Clone creates an undeclared draft with the same lines', () => {
    const usual = contents(change(), change('B01234X2'))
    for (const stage of ['Draft', 'Completed'] as const)
      expect(clonedContents(at(stage, { draft: { contents: usual } }))).toEqual({ ...usual, declared: false })
    const clone = { contents: clonedContents(at('Completed')), clonedFrom: 'DA3_00013361' }
    expect(decided(at('Unknown'), command('Draft', clone))).toEqual([
      expect.objectContaining({ type: 'FormDrafted', clonedFrom: 'DA3_00013361' }),
    ])
    expect(outcome(stateAfter(command('Draft', clone)), command('Submit'))).toBe(
      'declaration-not-ticked ESV-07',
    )
  })

  test('ESV-11 · Discard ends a Draft, and no command follows', () => {
    for (const type of [...steps, 'ProcessLine', 'Complete'] as const)
      expect(outcome(at('Discarded'), command(type))).toBe('wrong-status ESV-02')
    expect(outcome(at('ReadyToSend'), command('Discard'))).toBe('wrong-status ESV-02')
  })

  test('ESV-11 · a claimed form cannot be changed by its maker', () => {
    for (const stage of ['ReadyToSend', 'Claimed', 'SentToHkex'] as const)
      expect(outcome(at(stage), command('Edit'))).toBe('wrong-status ESV-02')
  })
})

describe('HKEX’s processing', () => {
  const two = { draft: { contents: contents(change(), change('B01234X2')) } }

  test('ESV-13 · a form is completed when every line has its outcome, and not before', () => {
    const sent = at('SentToHkex', two)
    expect(outcome(sent, command('Complete'))).toBe('lines-outstanding ESV-13')
    expect(outcome(at('Completed', two), command('Complete'))).toBe('')
  })

  test('ESV-13 · a line keeps its first outcome', () => {
    const refused = { kind: 'refused', reason: 'email-differs', rule: 'ESV-10' } as const
    const sent = [command('Draft', two.draft), command('Submit'), command('Claim'), command('Confirm')]
    const once = stateAfter(...sent, command('ProcessLine', { line: 1, outcome: refused }))
    expect(outcome(once, command('ProcessLine', { line: 1 }))).toBe('')
    expect(once).toMatchObject({ processed: [{ line: 1, outcome: refused, at: morning }] })
  })

  test.each([2, -1, 0.5, Number.NaN, 1e300])(
    'ESV-13 · line %d is refused because the form does not have it',
    (line) => {
      expect(outcome(at('SentToHkex', two), command('ProcessLine', { line }))).toBe('no-such-line ESV-13')
    },
  )

  test('ESV-10 · a refused line names its reason and the rule', () => {
    const refused = { kind: 'refused', reason: 'no-smartcard', rule: 'MIG-04' } as const
    expect(decided(at('SentToHkex', two), command('ProcessLine', { outcome: refused }))).toEqual([
      { type: 'LineProcessed', at: morning, rule: 'MIG-04', line: 0, outcome: refused },
    ])
  })
})

test('ESV-18 · a refused request to see a form names its rule', () => {
  expect(outcome(at('Unknown'), command('View'))).toBe('no-such-form ESV-02')
  const draft = at('Draft')
  expect(outcome(draft, command('View', { actor: { ...cheung, id: 'с.cheung' } }))).toBe(
    'unreadable-actor ESV-12',
  )
  expect(outcome(draft, command('View', { actor: { ...cheung, participant: 'B09999' } }))).toBe(
    'other-participant ESV-06',
  )
})

test('ESV-10 · a new account that HKEX refuses needs no User ID', () => {
  const sent = at('SentToHkex', {
    draft: { contents: contents(add()) },
    submit: { phase: 'parallel-run' },
  })
  const refusal = { kind: 'refused', reason: 'no-accounts-available', rule: 'QTA-03' } as const
  expect(decided(sent, command('ProcessLine', { line: 0, outcome: refusal }))).toMatchObject([
    { type: 'LineProcessed', rule: 'QTA-03' },
  ])
  expect(outcome(sent, command('ProcessLine', { line: 0 }))).toBe('no-user-id-assigned ID-11')
})

test('ID-11 · a new user of a smartcard form is accepted with the User ID assigned to it', () => {
  const line = { ...add(), type: 'add-user' } as EserviceLine
  const sent: Eservice = { ...at('SentToHkex'), form: 'SCard 1', contents: contents(line) }
  expect(outcome(sent, command('ProcessLine', { line: 0 }))).toBe('no-user-id-assigned ID-11')
})
