import { describe, expect, test } from 'vitest'
import { type SupportNeed, supportRouteFor } from '../../../src/access-control/authority.ts'
import { phases } from '../../../src/access-control/timeline.ts'
import { clientConnectUserShape } from '../../../src/eservices/model/client-connect.ts'
import { contentsShape, type EserviceContents } from '../../../src/eservices/model/contents.ts'
import { formProblems } from '../../../src/eservices/model/form-checks.ts'
import {
  changeableFields,
  feeForLine,
  feeSchedule,
  formNames,
  offeredLines,
} from '../../../src/eservices/model/forms.ts'
import type { EserviceLine } from '../../../src/eservices/model/lines.ts'
import { formatReference, isReferenceOf } from '../../../src/eservices/model/reference.ts'
import { add, at, change, cheung, command, contents, outcome, rules, submitted, unlock } from './support.ts'

const holder = { surname: 'Chan', otherNames: 'Tai Man', email: 'a@b.example' }
const remove = (userId = 'B01234X1'): EserviceLine => ({ type: 'delete', userId })
const reset = (userId = 'B01234X1'): EserviceLine => ({ type: 'reset-smartcard-password', userId })
const addUser: EserviceLine = { type: 'add-user', profile: holder }
const buy = (count: number): EserviceLine => ({ type: 'buy-accounts', count })
const oneOfEach = [add(), change(), unlock('B01234X1', 'a@b.example'), remove(), reset(), addUser, buy(1)]

describe('the lines that each form offers', () => {
  test.each([
    ['DA 3', 'before-registration', []],
    ['DA 3', 'registration', ['change']],
    ['DA 3', 'parallel-run', ['add', 'change', 'status', 'delete']],
    ['DA 3', 'decommissioned', ['add', 'change', 'status', 'delete']],
    ['DA 4', 'before-registration', []],
    ['DA 4', 'registration', []],
    ['DA 4', 'parallel-run', ['buy-accounts']],
    ['DA 4', 'decommissioned', ['buy-accounts']],
    ['SCard 1', 'before-registration', ['add', 'delete', 'reset-smartcard-password', 'add-user']],
    ['SCard 1', 'registration', ['add', 'delete', 'reset-smartcard-password', 'add-user']],
    ['SCard 1', 'parallel-run', ['reset-smartcard-password']],
    ['SCard 1', 'decommissioned', ['reset-smartcard-password']],
  ] as const)('ESV-04 MNT-06 MNT-07 ESV-14 · %s at %s offers the listed lines', (form, phase, offered) => {
    const taken = oneOfEach.filter((line) => submitted(contents(line), { form, phase }) === 'FormSubmitted')
    expect(taken.map(({ type }) => type)).toEqual(offered)
  })

  test('ESV-04 · a line is refused with the rule of its form', () => {
    const phase = 'registration'
    expect(submitted(contents(add()), { phase })).toBe('line-not-on-form ESV-04')
    expect(submitted(contents(buy(1)), { phase, form: 'DA 4' })).toBe('line-not-on-form ESV-14')
    expect(submitted(contents(remove()), { form: 'SCard 1' })).toBe('line-not-on-form MNT-06')
  })

  test('ESV-04 · one DA 3 can have lines of several types', () => {
    const mixed = contents(add(), change(), unlock('B01234X2', 'a@b.example'), remove('B01234X3'))
    expect(submitted(mixed)).toBe('FormSubmitted')
  })

  test('MNT-11 · the forms offer what the authority table routes to them', () => {
    const offers = (form: string, line: string, phase: string) =>
      offeredLines.some(
        (row) => row.form === form && row.line === line && row.phases.includes(phase as never),
      )
    const changes = (form: string, field: string, phase: string) =>
      changeableFields.some(
        (row) => row.form === form && row.field === field && row.phases.includes(phase as never),
      )
    const da = (need: SupportNeed, phase: (typeof phases)[number]) =>
      supportRouteFor({ need, role: 'DelegatedAdministrator', channel: 'Email', phase }).route
    for (const phase of phases)
      for (const form of ['DA 3', 'SCard 1'] as const) {
        expect([form, phase, da('create-account', phase) === form]).toEqual([
          form,
          phase,
          offers(form, 'add', phase),
        ])
        expect(da('delete-account', phase) === form).toBe(offers(form, 'delete', phase))
        expect(da('unlock', phase) === form).toBe(offers(form, 'status', phase))
        expect(da('reset-smartcard-password', phase) === form).toBe(
          offers(form, 'reset-smartcard-password', phase),
        )
        expect(da('change-profile', phase) === form).toBe(changes(form, 'surname', phase))
        expect(da('register-email', phase) === form).toBe(changes(form, 'email', phase))
        expect(da('assign-business-groups', phase) === form).toBe(changes(form, 'userGroups', phase))
        const user = supportRouteFor({ need: 'create-account', role: 'User', channel: 'none', phase }).route
        expect(user === form).toBe(offers(form, 'add-user', phase))
      }
  })

  const changing = (changes: Extract<EserviceLine, { type: 'change' }>['changes']) =>
    contents({ type: 'change', userId: 'B01234X1', changes })

  test('ESV-04 · before launch DA 3 changes only the email', () => {
    const phase = 'registration'
    expect(submitted(changing({ email: 'a@b.example' }), { phase })).toBe('FormSubmitted')
    expect(submitted(changing({ email: 'a@b.example', surname: 'Lee' }), { phase })).toBe(
      'field-not-on-form ESV-04',
    )
    expect(submitted(changing({ surname: 'Lee', disableAfter: null }))).toBe('FormSubmitted')
  })

  test('MNT-06 · before launch SCard 1 changes the other fields and not the email', () => {
    const form = 'SCard 1'
    const phase = 'registration'
    expect(submitted(changing({ surname: 'Lee', status: 'DISABLED' }), { form, phase })).toBe('FormSubmitted')
    expect(submitted(changing({ email: 'a@b.example' }), { form, phase })).toBe('field-not-on-form ESV-04')
  })

  test('ESV-09 · DA 3 changes a status only by a line with the email', () => {
    expect(submitted(changing({ status: 'ENABLED' }))).toBe('field-not-on-form ESV-04')
  })

  test('MNT-10 · a Delegated Administrator gets user groups only after decommissioning', () => {
    const groups = changing({ userGroups: ['AA'] })
    expect(submitted(groups)).toBe('field-not-on-form MNT-10')
    expect(submitted(groups, { phase: 'decommissioned' })).toBe('FormSubmitted')
  })

  test('ESV-04 · a change without content is refused', () => {
    expect(submitted(changing({}))).toBe('nothing-to-change ESV-04')
  })

  test('ESV-02 · a form whose lines are no longer offered in the phase of its confirmation is not sent', () => {
    const draft = { form: 'SCard 1', contents: contents(add()) } as const
    const claimed = at('Claimed', { draft, submit: { reference: 'SCard1_00000001' } })
    expect(outcome(claimed, command('Confirm', { phase: 'registration' }))).toBe('FormConfirmed')
    expect(outcome(claimed, command('Confirm', { phase: 'parallel-run' }))).toBe('line-not-on-form MNT-06')
  })
})

describe('the content of a form when it is submitted', () => {
  test('ESV-05 · a fifth DA profile is refused, counted over lines of all types', () => {
    const four = [add(), change(), unlock('B01234X2', 'a@b.example'), remove('B01234X3')]
    expect(submitted(contents(...four))).toBe('FormSubmitted')
    expect(submitted(contents(...four, add()))).toBe('too-many-lines ESV-05')
    const scard = { form: 'SCard 1', phase: 'registration' } as const
    expect(submitted(contents(add(), add(), addUser, addUser, addUser), scard)).toBe('too-many-lines ESV-05')
  })

  test('ESV-05 · a policy may allow fewer DA profiles', () => {
    const draft = at('Draft', { draft: { contents: contents(change(), change('B01234X2')) } })
    const strict = { ...rules, eservice: { maxAdministratorProfiles: 1 } }
    expect(outcome(draft, command('Submit'), strict)).toBe('too-many-lines ESV-05')
    expect(outcome(draft, command('Submit'))).toBe('FormSubmitted')
  })

  test('ESV-05 · a User ID can occur only once on a form, regardless of case', () => {
    expect(submitted(contents(change('B01234X1'), remove('b01234x1')))).toBe('duplicate-user-id ESV-05')
  })

  test('ESV-04 · a form without a line is refused', () => {
    expect(submitted(contents())).toBe('no-lines ESV-04')
  })

  test('ESV-07 · the declaration must be ticked', () => {
    expect(submitted({ ...contents(change()), declared: false })).toBe('declaration-not-ticked ESV-07')
  })

  test.each([
    [{ name: '' }],
    [{ name: ' \t' }],
    [{ email: '' }],
    [{ email: 'aaa' }],
    [{ telephone: '' }],
    [{ telephone: '12345' }],
    [{ telephone: `29797111${' '.repeat(24)}` }],
    [{ telephone: 'none as yet' }],
    [{ telephone: '１２３４５６７８' }],
  ])('ESV-07 · a contact person with %j is refused', (missing) => {
    const { contact, ...rest } = contents(change())
    expect(submitted({ ...rest, contact: { ...contact, ...missing } })).toBe('contact-incomplete ESV-07')
  })

  test.each(['29797111', '2979 7111', '+852 2979-7111', '(852) 29797111', '+1 (212) 555 0100'])(
    'ESV-07 · %j is accepted as a telephone number',
    (telephone) => {
      const { contact, ...rest } = contents(change())
      expect(submitted({ ...rest, contact: { ...contact, telephone } })).toBe('FormSubmitted')
    },
  )

  test('ESV-06 · the form names the clearing house of its participant; a Designated Bank belongs to HKSCC', () => {
    const filled = (as: EserviceContents['clearingHouse'], userId: string) => ({
      ...contents(change(userId)),
      clearingHouse: as,
    })
    const by = (participant: string) => ({ actor: { ...cheung, participant } })
    expect(submitted(filled('HKSCC', 'BNK999X1'), by('BNK999'))).toBe('FormSubmitted')
    expect(submitted(filled('HKCC', 'HKABC1X1'), by('HKABC'))).toBe('FormSubmitted')
    expect(submitted(filled('SEOCH', 'HKABC2X1'), by('HKABC'))).toBe('FormSubmitted')
    expect(submitted(filled('HKCC', 'B01234X1'), by('B01234'))).toBe('other-clearing-house ESV-06')
    expect(submitted(filled('HKSCC', 'HKABC1X1'), by('HKABC'))).toBe('other-clearing-house ESV-06')
    for (const none of ['', 'B0123', 'HKABC1', 'hkabc', 'B012345678', 'HKAB'])
      expect(submitted(filled('HKSCC', 'B01234X1'), by(none))).toBe('other-clearing-house ESV-06')
  })

  test('ESV-06 · a line of another participant is refused', () => {
    expect(submitted(contents(change('B01234X1'), change('B09999X1')))).toBe(
      'line-of-other-participant ESV-06',
    )
  })

  test('MNT-07 · a user’s ID on a DA form is refused on each of its lines and on SCard 1', () => {
    const phase = 'registration'
    for (const line of [change('B0123401'), unlock('B0123401', 'a@b.example'), remove('B0123401')])
      expect(submitted(contents(line))).toBe('not-an-administrator MNT-07')
    expect(submitted(contents(reset('B0123401')), { form: 'SCard 1', phase })).toBe(
      'not-an-administrator MNT-07',
    )
  })

  test.each(['B01234X', 'B01234X1 ', '', 'B01234Ｘ1', '12345678'])(
    'ID-01 · %j is refused as a User ID',
    (userId) => {
      expect(submitted(contents(change(userId)))).toBe('malformed-user-id ID-01')
    },
  )

  test('ID-06 · the ID of a SEOCH DA is read in the order of the policy', () => {
    const actor = { ...cheung, participant: 'HKABC' }
    const draft = at('Draft', {
      draft: { actor, contents: { ...contents(change('HKABCX21')), clearingHouse: 'SEOCH' } },
    })
    const written = { ...rules, userId: { seochAdministratorOrder: 'as-written' } as const }
    expect(outcome(draft, command('Submit', { actor }))).toBe('malformed-user-id ID-01')
    expect(outcome(draft, command('Submit', { actor }), written)).toBe('FormSubmitted')
  })

  test.each([0, -1, 1.5, Number.NaN, 1_000])('ESV-14 · a purchase of %d accounts is refused', (count) => {
    expect(submitted(contents(buy(count)), { form: 'DA 4' })).toBe('count-out-of-bounds ESV-14')
  })

  test('ESV-14 · DA 4 has one line, of 1 to 999 accounts', () => {
    for (const count of [1, 999])
      expect(submitted(contents(buy(count)), { form: 'DA 4' })).toBe('FormSubmitted')
    expect(submitted(contents(buy(1), buy(1)), { form: 'DA 4' })).toBe('too-many-lines ESV-14')
  })

  test('ESV-07 · all problems of a form can be listed at once, line by line', () => {
    const filled = { ...contents(change('B0123401'), change('B09999X1'), change('?')), declared: false }
    const form = { form: 'DA 3', participant: 'B01234', contents: filled, phase: 'parallel-run' } as const
    expect(formProblems(form, rules)).toEqual([
      { reason: 'declaration-not-ticked', rule: 'ESV-07' },
      { reason: 'malformed-user-id', rule: 'ID-01', line: 2 },
      { reason: 'line-of-other-participant', rule: 'ESV-06', line: 1 },
      { reason: 'not-an-administrator', rule: 'MNT-07', line: 0 },
    ])
    expect(formProblems({ ...form, contents: contents(change()) }, rules)).toEqual([])
  })
})

describe('fees and reference numbers', () => {
  test('ESV-14 · a user account costs HKD 250 once', () => {
    expect(feeForLine(buy(1), 'parallel-run')).toBe(250)
    expect(feeForLine(buy(40), 'decommissioned')).toBe(10_000)
  })

  test('ESV-14 · smartcards and readers are sold before launch only', () => {
    const sold = (item: string) => feeSchedule.find((fee) => fee.item === item)
    expect(sold('smartcard')).toMatchObject({ hkd: 250, phases: ['before-registration', 'registration'] })
    expect(sold('smartcard reader')).toMatchObject({
      hkd: 300,
      phases: ['before-registration', 'registration'],
    })
    expect(feeForLine(addUser, 'registration')).toBe(250)
    expect(feeForLine(add(), 'parallel-run')).toBe(0)
    expect(feeForLine(change(), 'registration')).toBe(0)
  })

  test('ESV-03 · a reference number has 8 digits after the prefix of its form', () => {
    expect(formatReference('DA 3', 13_361)).toBe('DA3_00013361')
    expect(formatReference('DA 4', 0)).toBe('DA4_00000000')
    expect(formatReference('SCard 1', 99_999_999)).toBe('SCard1_99999999')
    for (const none of [-1, 0.5, Number.NaN, 100_000_000])
      expect(formatReference('DA 3', none)).toBeUndefined()
    for (const form of formNames) expect(isReferenceOf(form, formatReference(form, 7) ?? '')).toBe(true)
  })
})

describe('the shape of a form', () => {
  const takes = (input: unknown) => contentsShape.safeParse(input).success

  test('API-01 · every line type has a shape, and a draft may be empty', () => {
    expect(takes({ ...contents(...oneOfEach), remarks: '' })).toBe(true)
    expect(takes({ ...contents(), declared: false, contact: { name: '', email: '', telephone: '' } })).toBe(
      true,
    )
  })

  test.each([
    ['a field more', { ...contents(), note: 1 }],
    ['a User ID on a new DA', contents({ ...add(), userId: 'B01234X1' } as EserviceLine)],
    [
      'a password in a profile',
      contents({ type: 'add', profile: { ...holder, password: 'x' } } as EserviceLine),
    ],
    [
      'a field more in changes',
      contents({ type: 'change', userId: 'B01234X1', changes: { role: 'User' } } as never),
    ],
    [
      'another status',
      contents({ type: 'change', userId: 'B01234X1', changes: { status: 'LOCKED' } } as never),
    ],
    [
      'an email taken away',
      contents({ type: 'change', userId: 'B01234X1', changes: { email: null } } as never),
    ],
    ['no email', contents({ type: 'add', profile: { surname: 'A', otherNames: 'B' } } as never)],
    ['an invalid day', contents({ type: 'add', profile: { ...holder, enableFrom: '2023-02-30' } })],
    ['1,000 accounts', contents(buy(1_000))],
    ['half an account', contents(buy(0.5))],
    [
      'another action',
      contents({ type: 'status', userId: 'B01234X1', email: 'a@b.example', action: 'lock' } as never),
    ],
    ['101 lines', contents(...Array.from({ length: 101 }, () => add()))],
    ['a house that the form has not', { ...contents(), clearingHouse: 'DB' }],
    ['remarks without end', { ...contents(), remarks: 'x'.repeat(1_001) }],
  ])('API-01 · it refuses %s', (_, input) => {
    expect(takes(input)).toBe(false)
  })

  test('API-01 · a Client Connect user has a shape; its sign-in fields are checked by the forms', () => {
    const user = (given: object) => clientConnectUserShape.safeParse({ ...cheung, ...given }).success
    expect(user({})).toBe(true)
    expect(user({ id: 'а' })).toBe(true)
    for (const wrong of [
      { name: ' ' },
      { name: 'a\nb' },
      { roles: ['Admin'] },
      { password: 'x' },
      { id: 'x'.repeat(255) },
    ])
      expect(user(wrong)).toBe(false)
  })
})

test('ACC-05, API-01 · a line can remove either date and no other field', () => {
  const without = (field: string) =>
    contentsShape.safeParse(
      contents({ type: 'change', userId: 'B01234X1', changes: { [field]: null } } as never),
    ).success
  const fields = ['surname', 'otherNames', 'email', 'status', 'enableFrom', 'disableAfter', 'userGroups']
  expect(fields.filter(without)).toEqual(['enableFrom', 'disableAfter'])
})

test('MNT-10, FLD-05 · a line changes at most 256 user groups, each of one or two capitals or digits', () => {
  const changing = (userGroups: readonly string[]) =>
    contentsShape.safeParse(contents({ type: 'change', userId: 'B01234X1', changes: { userGroups } })).success
  const groups = (count: number) => Array.from({ length: count }, (_, i) => `${i % 100}`)
  expect([changing([]), changing(groups(256)), changing(groups(257))]).toEqual([true, true, false])
  for (const group of ['AAA', 'a', '', ' A', 'Ａ']) expect(changing([group])).toBe(false)
})

describe('what a form offers', () => {
  test('ESV-04, ESV-14, MNT-05, MNT-06, MNT-07 · each kind of line, by its rule', () => {
    expect(offeredLines.map(({ form, line, rule }) => `${form} ${line} ${rule}`)).toEqual([
      'DA 3 change ESV-04',
      'DA 3 add ESV-04',
      'DA 3 status ESV-04',
      'DA 3 delete ESV-04',
      'DA 4 buy-accounts ESV-14',
      'SCard 1 reset-smartcard-password MNT-05',
      'SCard 1 add MNT-06',
      'SCard 1 change MNT-06',
      'SCard 1 delete MNT-06',
      'SCard 1 add-user MNT-07',
    ])
  })

  test('ESV-14 · the fees', () => {
    expect(feeSchedule.map(({ item, hkd, lines, rule }) => [item, hkd, lines, rule])).toEqual([
      ['user account', 250, ['buy-accounts'], 'ESV-14'],
      ['smartcard', 250, ['add', 'add-user'], 'ESV-14'],
      ['smartcard reader', 300, [], 'ESV-14'],
    ])
  })
})
