/** The effects of the lines of DA 4 and SCard 1, and the differences for HKCC and SEOCH. */
import { describe, expect, test } from 'vitest'
import type { EserviceLine } from '../../src/eservices/model/lines.ts'
import { parseUserId } from '../../src/identity/user-id.ts'
import { testBeds } from '../support/test-beds.ts'
import { good, recordOf } from '../support/test-service.ts'
import { add, cheung, contents, wong } from './model/support.ts'
import {
  bank,
  eservicesTestService,
  outcomes,
  process,
  run,
  sent,
  sentOn,
  timeline,
  totals,
  withAccounts,
} from './support.ts'

const da = 'B01234X1'

describe.each(testBeds)('DA 4 and SCard 1 on $name', ({ open }) => {
  test('ESV-14, QTA-01 · DA 4 raises the maximum, so a participant at its maximum can create accounts again', async () => {
    const o = eservicesTestService({ storage: open() })
    await withAccounts(o, [da], 1)
    expect(await run(o, [add()])).toEqual(['no-accounts-available QTA-03'])
    expect(await run(o, [{ type: 'buy-accounts', count: 2 }], { form: 'DA 4' })).toEqual(['accepted'])
    expect(await totals(o)).toMatchObject({ maximum: 3, available: 2 })
    expect(await run(o, [add(), add(), add()])).toEqual([
      ...['B01234X2', 'B01234X3', 'no-accounts-available QTA-03'],
    ])
    const [, entry] = await o.storage.trail(
      { participant: bank, kind: 'participant', id: bank },
      { after: 1, limit: 2 },
    )
    expect(entry).toMatchObject({ actor: 'hkex.operator', event: { type: 'MaximumSet', rule: 'ESV-14' } })
  })

  test('MNT-05 · SCard 1 passes a smartcard password reset to the host, which owns that system, and changes no account', async () => {
    const o = eservicesTestService({ storage: open() })
    await withAccounts(o, [da, 'B01234X2'])
    const smartcard = { srn: '0101101200012AB2', certificateExpiry: o.clock.now() + 1e9 }
    await good(o.auth.registry.change({ userId: da, by: 'HKEX', changes: { smartcard } }))
    const before = await recordOf(o, da)
    const lines = ['b01234x1', 'B01234X2'].map((userId) => ({
      type: 'reset-smartcard-password' as const,
      userId,
    }))
    const reports = await process(o, await sent(o, lines, { form: 'SCard 1' }))
    expect(reports).toEqual([
      {
        reference: 'SCard1_00000001',
        line: 0,
        outcome: { kind: 'accepted' },
        action: { type: 'reset-smartcard-password', userId: da },
      },
      {
        reference: 'SCard1_00000001',
        line: 1,
        outcome: { kind: 'refused', reason: 'no-smartcard', rule: 'MIG-04' },
      },
    ])
    expect(await recordOf(o, da)).toEqual(before)
  })

  test('MNT-07, ID-11 · before launch SCard 1 also creates users, and HKEX assigns their IDs', async () => {
    const o = eservicesTestService({ storage: open(), timeline })
    await withAccounts(o, [da], 3)
    const profile = { surname: 'Ho', otherNames: 'Fong', email: 'f.ho@bank.example' }
    const lines: EserviceLine[] = [{ type: 'add-user', profile }, add(), { type: 'add-user', profile }]
    expect(await run(o, lines, { form: 'SCard 1' })).toEqual([
      ...['B0123400', 'B01234X2', 'no-accounts-available QTA-03'],
    ])
    expect(await totals(o)).toMatchObject({ total: 3, administrators: 2, users: 1 })
  })

  test('ID-11, ID-04, ID-05 · the group of new DAs of HKCC and SEOCH is set by HKEX', async () => {
    const o = eservicesTestService({ storage: open() })
    await good(o.auth.registry.setMaximum({ participant: 'HKABC', maximum: 9, by: 'HKEX' }))
    const { eservices } = o.auth
    const [maker, checker] = [cheung, wong].map((each) => ({ ...each, participant: 'HKABC' }))
    if (maker === undefined || checker === undefined) throw new Error('two are needed')
    const given: string[] = []
    for (const [as, group] of [
      ['HKCC', undefined],
      ['SEOCH', '2'],
    ] as const) {
      const { id } = await good(
        eservices.draft({ actor: maker, form: 'DA 3', contents: { ...contents(add()), clearingHouse: as } }),
      )
      await good(eservices.submit({ actor: maker, id, users: [] }))
      await sentOn(o, id, checker)
      const [form] = (await good(eservices.sent({}))).forms
      if (form === undefined) throw new Error('it waits')
      given.push(...outcomes(await good(eservices.process({ form, by: 'hkex.operator', group }))))
    }
    expect(given).toEqual(['HKABC1X1', 'HKABC2X1'])
    expect(given.map((id) => parseUserId(id)._unsafeUnwrap().role)).toEqual([
      ...['DelegatedAdministrator', 'DelegatedAdministrator'],
    ])
  })
})
