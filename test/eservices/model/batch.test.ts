import { describe, expect, test } from 'vitest'
import { type AccountFact, type BatchFacts, planForm, planLine } from '../../../src/eservices/model/batch.ts'
import type { EserviceContents } from '../../../src/eservices/model/contents.ts'
import { eserviceDecider } from '../../../src/eservices/model/decide.ts'
import type { FormName } from '../../../src/eservices/model/forms.ts'
import type { EserviceLine } from '../../../src/eservices/model/lines.ts'
import { type Eservice, eserviceStages, outstandingLines } from '../../../src/eservices/model/state.ts'
import { foldEvents } from '../../../src/kernel/decider.ts'
import { add, at, change, cheung, command, contents, morning, rules, unlock } from './support.ts'

const da = (email?: string): AccountFact => ({
  role: 'DelegatedAdministrator',
  smartcard: true,
  ...(email === undefined ? {} : { email }),
})

const facts = (given: Partial<BatchFacts> = {}): BatchFacts => ({
  accounts: new Map([
    ['B01234X1', da('a@bank.example')],
    ['B01234X2', da('b@bank.example')],
    ['B01234X3', da()],
  ]),
  available: 2,
  taken: new Set(['B01234X1', 'B01234X2', 'B01234X3']),
  ...given,
})

const sentWith = (filled: EserviceContents, form: FormName = 'DA 3', participant = 'B01234'): Eservice => ({
  ...at('SentToHkex'),
  form,
  participant,
  contents: filled,
})
const sent = (...lines: readonly EserviceLine[]) => sentWith(contents(...lines))

const verdict = (line: EserviceLine, given: Partial<BatchFacts> = {}) =>
  planForm(sent(line), facts(given), rules)[0]
const reason = (line: EserviceLine, given: Partial<BatchFacts> = {}) => {
  const outcome = verdict(line, given)?.outcome
  return outcome?.kind === 'refused' ? `${outcome.reason} ${outcome.rule}` : outcome?.kind
}
const status = (action: 'unlock' | 'enable' | 'disable', email = 'a@bank.example'): EserviceLine => ({
  type: 'status',
  userId: 'B01234X1',
  email,
  action,
})

describe('a line of a form', () => {
  test('ESV-10 · a line whose email differs from the registered one is refused, and the other lines are processed', () => {
    const form = sent(unlock('B01234X1', 'x@bank.example'), unlock('B01234X2', 'b@bank.example'))
    expect(planForm(form, facts(), rules)).toEqual([
      { line: 0, outcome: { kind: 'refused', reason: 'email-differs', rule: 'ESV-10' } },
      { line: 1, outcome: { kind: 'accepted' }, action: { type: 'unlock', userId: 'B01234X2' } },
    ])
  })

  test('ESV-10 · the email may differ in case and in nothing else', () => {
    expect(reason(status('unlock', 'A@Bank.EXAMPLE'))).toBe('accepted')
    for (const email of ['', ' a@bank.example', 'a@bank.example ', 'a@ban\u212a.example', 'а@bank.example'])
      expect(reason(status('unlock', email))).toBe('email-differs ESV-10')
    expect(reason(unlock('B01234X3', ''))).toBe('no-registered-email ESV-09')
  })

  test('ESV-09 ACC-06 · Unlock, Enable and Disable each do what they say, and enabling does not unlock', () => {
    expect(verdict(status('unlock'))?.action).toEqual({ type: 'unlock', userId: 'B01234X1' })
    for (const [action, set] of [
      ['enable', 'ENABLED'],
      ['disable', 'DISABLED'],
    ] as const)
      expect(verdict(status(action))?.action).toEqual({
        type: 'change-profile',
        userId: 'B01234X1',
        changes: { status: set },
      })
  })

  test('ESV-04 · Change and Delete apply to the account with the canonical ID', () => {
    expect(verdict(change('b01234x3', 'new@bank.example'))?.action).toEqual({
      type: 'change-profile',
      userId: 'B01234X3',
      changes: { email: 'new@bank.example' },
    })
    expect(verdict({ type: 'delete', userId: 'B01234X1' })?.action).toEqual({
      type: 'delete',
      userId: 'B01234X1',
    })
  })

  test('MNT-07 · a user’s imported ID that looks like a DA’s is refused by the role of its account', () => {
    const accounts = new Map([['B01234X1', { ...da('a@bank.example'), role: 'User' as const }]])
    for (const line of [change(), status('unlock'), { type: 'delete', userId: 'B01234X1' } as const])
      expect(reason(line, { accounts })).toBe('not-an-administrator MNT-07')
  })

  test('ID-12 · a line for an account that does not exist or was deleted is refused', () => {
    expect(reason(change('B01234X9'))).toBe('unknown-account ID-12')
    expect(reason(change('not one'))).toBe('unknown-account ID-12')
  })

  test('MIG-04 · the smartcard password of an account without a smartcard cannot be reset', () => {
    const line = { type: 'reset-smartcard-password', userId: 'B01234X1' } as const
    expect(verdict(line)?.action).toEqual(line)
    const accounts = new Map([['B01234X1', { ...da(), smartcard: false }]])
    expect(reason(line, { accounts })).toBe('no-smartcard MIG-04')
  })

  test('ID-11 · HKEX assigns a new DA the lowest free ID, and the outcome contains it', () => {
    const userId = 'B01234X4'
    expect(verdict(add('Lee'))).toEqual({
      line: 0,
      outcome: { kind: 'accepted', userId },
      action: {
        type: 'register',
        userId,
        role: 'DelegatedAdministrator',
        profile: { surname: 'Lee', otherNames: 'Tai Man', email: 'tm.chan@bank.example' },
      },
    })
  })

  test.each([
    ['HKSCC', 'BNK999', undefined, 'BNK999X1', 'BNK99900'],
    ['HKCC', 'HKABC', undefined, 'HKABC1X1', 'HKABC100'],
    ['SEOCH', 'HKABC', '2', 'HKABC2X1', 'HKABC200'],
  ] as const)(
    'ID-11 · a new DA and a new user get the lowest free ID at %s, %s',
    (as, participant, group, ofDa, ofUser) => {
      const profile = { surname: 'A', otherNames: 'B', email: 'a@b.example' }
      const lines: readonly EserviceLine[] = [
        { type: 'add', profile },
        { type: 'add-user', profile },
      ]
      const given = facts({ taken: new Set(), ...(group === undefined ? {} : { group }) })
      const planned = planForm(
        sentWith({ ...contents(...lines), clearingHouse: as }, 'SCard 1', participant),
        given,
        rules,
      )
      expect(planned.map(({ action }) => action)).toEqual([
        expect.objectContaining({ userId: ofDa, role: 'DelegatedAdministrator' }),
        expect.objectContaining({ userId: ofUser, role: 'User' }),
      ])
    },
  )

  test('ID-12 · two new DAs on one form get different IDs, and the ID of a deleted DA is not reused', () => {
    const form = sent({ type: 'delete', userId: 'B01234X1' }, add(), add())
    const ids = planForm(form, facts(), rules).map(({ outcome }) => 'userId' in outcome && outcome.userId)
    expect(ids).toEqual([false, 'B01234X4', 'B01234X5'])
  })

  test('ID-12 · after 27 DAs no ID is left', () => {
    const taken = new Set(['X', 'Y', 'Z'].flatMap((x) => [...'123456789'].map((n) => `B01234${x}${n}`)))
    expect(reason(add(), { taken })).toBe('user-ids-exhausted ID-12')
  })

  test('QTA-03 · no account is created beyond the maximum, and a deletion on the same form makes room', () => {
    const outcomes = (...lines: readonly EserviceLine[]) =>
      planForm(sent(...lines), facts({ available: 1 }), rules).map(({ outcome }) => outcome.kind)
    expect(outcomes(add(), add())).toEqual(['accepted', 'refused'])
    expect(outcomes(add(), add(), { type: 'delete', userId: 'B01234X1' })).toEqual([
      'accepted',
      'refused',
      'accepted',
    ])
    expect(outcomes(add(), { type: 'delete', userId: 'B01234X1' }, add())).toEqual([
      'accepted',
      'accepted',
      'accepted',
    ])
    expect(reason(add(), { available: 0 })).toBe('no-accounts-available QTA-03')
  })

  test('ESV-14 · bought accounts raise the maximum', () => {
    const form = sentWith(contents({ type: 'buy-accounts', count: 10 }), 'DA 4')
    expect(planForm(form, facts(), rules)[0]?.action).toEqual({ type: 'raise-maximum', by: 10 })
  })
})

describe('ESV-13 · an interrupted batch', () => {
  const filled = contents(
    change('B01234X1'),
    unlock('B01234X2', 'wrong@bank.example'),
    add(),
    change('B01234X3'),
  )
  const draft = { draft: { contents: filled }, submit: { phase: 'parallel-run' } } as const

  /** Runs a batch with the known facts until it stops after a number of lines; each line is one commit. */
  const run = (form: Eservice, breakAfter = Number.POSITIVE_INFINITY) => {
    let state = form
    let known = facts()
    const actions: unknown[] = []
    const put = (given: ReturnType<typeof command>) => {
      const events = eserviceDecider.decide(state, given, rules)._unsafeUnwrap()
      state = foldEvents(eserviceDecider.evolve, state, events)
      return events
    }
    for (const line of outstandingLines(form).slice(0, breakAfter)) {
      const planned = planLine(state, line, known, rules)
      if (planned === undefined) continue
      put(command('ProcessLine', { line, outcome: planned.outcome }))
      if (planned.action !== undefined) actions.push(planned.action)
      if (planned.action?.type === 'register')
        known = { ...known, taken: new Set([...known.taken, planned.action.userId]) }
    }
    if (outstandingLines(state).length === 0) put(command('Complete'))
    return { state, actions }
  }

  test.each([0, 1, 2, 3])(
    'ESV-13 · interrupted between two lines, after %d, it processes each line once when it is run again',
    (broken) => {
      const whole = run(at('SentToHkex', draft))
      const first = run(at('SentToHkex', draft), broken)
      const second = run(first.state)
      expect(first.state.stage).toBe('SentToHkex')
      expect(first.actions.length).toBeLessThan(whole.actions.length)
      expect([...first.actions, ...second.actions]).toEqual(whole.actions)
      expect(second.state).toEqual(whole.state)
      expect(run(second.state)).toEqual({ state: second.state, actions: [] })
    },
  )

  test('ESV-13 · it does not plan lines that are done, nor a form that is not with HKEX', () => {
    expect(planForm(at('Claimed'), facts(), rules)).toEqual([])
    expect(planForm(at('Completed'), facts(), rules)).toEqual([])
    const sentForm = at('SentToHkex', draft)
    const once = eserviceDecider.evolve(sentForm, {
      type: 'LineProcessed',
      at: morning,
      rule: 'ESV-10',
      line: 0,
      outcome: { kind: 'accepted' },
    })
    expect(planLine(once, 0, facts(), rules)).toBeUndefined()
    expect(planLine(once, 9, facts(), rules)).toBeUndefined()
    expect(planForm(once, facts(), rules).map(({ line }) => line)).toEqual([1, 2, 3])
  })

  test('ID-11 · it does not accept a new account without its User ID', () => {
    const form = at('SentToHkex', {
      draft: { actor: cheung, contents: contents(add()) },
      submit: draft.submit,
    })
    const accepted = command('ProcessLine', { outcome: { kind: 'accepted' } })
    expect(eserviceDecider.decide(form, accepted, rules)._unsafeUnwrapErr()).toEqual({
      reason: 'no-user-id-assigned',
      rule: 'ID-11',
    })
  })
})

test('ESV-13 · a form that is not with HKEX has no outstanding lines', () => {
  for (const stage of eserviceStages)
    expect([stage, outstandingLines(at(stage))]).toEqual([stage, stage === 'SentToHkex' ? [0] : []])
})

test('QTA-03 · a deleted account leaves its place to the lines after it', () => {
  const gone = { type: 'delete', userId: 'B01234X1', email: 'a@bank.example' } as unknown as EserviceLine
  const form: Eservice = { ...at('SentToHkex'), contents: contents(gone, add(), add('Wong')) }
  const account = { role: 'DelegatedAdministrator', smartcard: true, email: 'a@bank.example' }
  const given = { accounts: new Map([['B01234X1', account]]), available: 0, taken: new Set(['B01234X1']) }
  const kinds = planForm(form, given as never, rules).map(({ outcome: { kind } }) => kind)
  expect(kinds).toEqual(['accepted', 'accepted', 'refused'])
})

test('QTA-03 · accounts that were bought are available to the lines after it', () => {
  const lines = [{ type: 'buy-accounts', count: 1 } as EserviceLine, add()]
  const form: Eservice = { ...at('SentToHkex'), contents: contents(...lines) }
  const given = { accounts: new Map(), available: 0, taken: new Set<never>() }
  expect(planForm(form, given as never, rules).map(({ outcome: { kind } }) => kind)).toEqual([
    'accepted',
    'accepted',
  ])
})
