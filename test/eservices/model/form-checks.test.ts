/** The checks of a form, one by one, and of the persons that it names. */
import { describe, expect, test } from 'vitest'
import { clientConnectUserShape } from '../../../src/eservices/model/client-connect.ts'
import { isComplete } from '../../../src/eservices/model/contents.ts'
import { formProblems, typesOfParticipant } from '../../../src/eservices/model/form-checks.ts'
import type { EserviceLine } from '../../../src/eservices/model/lines.ts'
import { add, change, contents, rules, wong } from './support.ts'

describe('the checks of a form', () => {
  const problems = (line: EserviceLine, under = rules, form: 'DA 3' | 'SCard 1' = 'DA 3') =>
    formProblems(
      {
        form,
        participant: 'B01234',
        contents: contents(line),
        phase: form === 'DA 3' ? 'parallel-run' : 'before',
      } as never,
      under,
    ).map(({ reason, rule, line: place }) => `${reason} ${rule} ${place}`)

  test('FLD-04 · dates that are the wrong way round, of a new account as of a change', () => {
    const dates = { enableFrom: '2023-06-06', disableAfter: '2023-06-05' } as never
    const profile = { surname: 'Chan', otherNames: 'Tai Man', email: 'a@bank.example', ...(dates as object) }
    for (const line of [
      { type: 'add', profile },
      { type: 'add-user', profile },
      { type: 'change', userId: 'B01234X1', changes: dates },
    ] as const)
      expect(problems(line as never)).toContain('dates-reversed FLD-04 0')
    expect(problems(add())).toEqual([])
  })

  test('MNT-10 · user groups before decommissioning are refused once, by their own rule', () => {
    const groups = { type: 'change', userId: 'B01234X1', changes: { userGroups: ['AA'] } } as never
    expect(problems(groups)).toEqual(['field-not-on-form MNT-10 0'])
  })

  test('FLD-06 · with a list of user groups, a change that names none is not concerned', () => {
    const listed = { ...rules, profile: { userGroups: ['AA'] } }
    expect(problems(change(), listed)).toEqual([])
  })

  test('ESV-04 · a change without a value changes nothing', () => {
    const empty = { type: 'change', userId: 'B01234X1', changes: { email: undefined } } as never
    expect(problems(empty)).toEqual(['nothing-to-change ESV-04 0'])
  })

  test('ID-10 · what is no participant key has no type', () => {
    expect(typesOfParticipant('B01234')).toEqual(['HKSCC'])
    for (const none of ['', 'B0123', 'B012345', 'nonsense', '?']) expect(typesOfParticipant(none)).toEqual([])
  })

  test('ESV-07 · a telephone number has at most fifteen digits', () => {
    const contact = { name: 'AAA', email: 'aaa@bank.example', telephone: '123456789012345' }
    expect(isComplete(contact)).toBe(true)
    expect(isComplete({ ...contact, telephone: '1234567890123456' })).toBe(false)
  })

  test('ESV-01 · a Client Connect user can be a checker alone', () => {
    expect(clientConnectUserShape.safeParse(wong).success).toBe(true)
    expect(clientConnectUserShape.safeParse({ ...wong, roles: ['Auditor'] }).success).toBe(false)
  })
})
