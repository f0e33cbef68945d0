/** The effect of each line of DA 3, and the lines that are refused while the others continue. */
import { describe, expect, test } from 'vitest'
import type { EserviceLine } from '../../src/eservices/model/lines.ts'
import { testBeds } from '../support/test-beds.ts'
import { codeOf, credentialsIn, eventsOf, good, lastReason, recordOf } from '../support/test-service.ts'
import {
  begun,
  initialised,
  locked,
  loggedIn,
  mailed,
  setUp,
  view,
  wrongPasswords,
} from '../support/user-journeys.ts'
import { add, change, cheung, wong } from './model/support.ts'
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
  run,
  sent,
  sentOn,
  submitted,
  timeline,
  totals,
  viewed,
  withAccounts,
} from './support.ts'

const da = 'B01234X1'
const status = (
  action: 'unlock' | 'enable' | 'disable',
  userId = da,
  email = emailOf(userId),
): EserviceLine => ({
  ...{ type: 'status', userId, email, action },
})

describe.each(testBeds)('DA 3 on $name', ({ open }) => {
  test('ESV-09, ACC-07, ACC-08, MNT-04 · Unlock voids all credentials, and the DA sets up again', async () => {
    const o = eservicesTestService({ storage: open() })
    await good(o.auth.registry.setMaximum({ participant: bank, maximum: 20, by: 'HKEX' }))
    const old = await initialised(o, da)
    const session = await loggedIn(o, old)
    const { challenge } = await begun(o, old)
    const reset = await good(o.auth.passwordSetUp.begin({ userId: da }))
    const code = mailed(o, da)
    await locked(o, old)
    expect((await view(o, old)).locked).toBe(true)
    expect(await run(o, [status('unlock', da, 'B01234X1@EXAMPLE.com')])).toEqual(['accepted'])

    expect(await view(o, old)).toMatchObject({
      locked: false,
      stage: 'Registered',
      failedAttempts: { passwords: 0 },
    })
    const { signIn, passwordSetUp, sessions } = o.auth
    expect(await codeOf(signIn.begin({ userId: da, password: old.password, system: 'DMS' }))).toBe(
      'sign-in-refused',
    )
    expect(await lastReason(o, da)).toBe('no-password-set')
    expect(await codeOf(signIn.confirmOtp({ challenge, code: old.phone.code() }))).toBe('challenge-ended')
    expect(await codeOf(sessions.check({ session }))).toBe('session-ended')
    expect(await codeOf(passwordSetUp.confirmCode({ challenge: reset.challenge, code }))).toBe('code-refused')
    expect(credentialsIn(await recordOf(o, da))).toEqual({})
    const renewed = await setUp(o, da, 'MobileApp')
    const again = await begun(o, renewed)
    expect(await codeOf(signIn.confirmOtp({ challenge: again.challenge, code: old.phone.code() }))).toBe(
      'code-refused',
    )
    expect((await loggedIn(o, renewed)).userId).toBe(da)
    const unlocking = (await eventsOf(o, da)).find(({ type }) => type === 'Unlocked')
    expect(unlocking).toMatchObject({ rule: 'ACC-07' })
  })

  test('ACC-06, ESV-09 · Disable refuses sign-ins, Enable allows them again, and neither unlocks', async () => {
    const o = eservicesTestService({ storage: open() })
    await good(o.auth.registry.setMaximum({ participant: bank, maximum: 20, by: 'HKEX' }))
    const person = await initialised(o, da, 'Email')
    const session = await loggedIn(o, person)
    const email = 'b01234x1@example.com'
    expect(await run(o, [status('disable', da, email)])).toEqual(['accepted'])
    expect((await view(o, person)).status).toBe('DISABLED')
    expect(await codeOf(o.auth.sessions.check({ session }))).toBe('session-ended')
    await wrongPasswords(o, person, 1)
    expect(await lastReason(o, da)).toBe('disabled')
    expect(await run(o, [status('enable', da, email)])).toEqual(['accepted'])
    expect(await codeOf(o.auth.sessions.check({ session }))).toBe('session-ended')
    await locked(o, person)
    expect(await run(o, [status('enable', da, email)])).toEqual(['accepted'])
    expect(await view(o, person)).toMatchObject({ status: 'ENABLED', locked: true })
  })

  test('ID-11, QTA-02 · Add assigns the lowest free ID by HKEX, returns it in the outcome, and uses quota', async () => {
    const o = eservicesTestService({ storage: open() })
    await withAccounts(o, [da, 'B01234X3'], 5)
    expect(await run(o, [add('Chan'), add('Lee')])).toEqual(['B01234X2', 'B01234X4'])
    expect(await totals(o)).toEqual({ maximum: 5, total: 4, administrators: 4, users: 0, available: 1 })
    expect(await view(o, { userId: 'B01234X4' })).toMatchObject({
      ...{ role: 'DelegatedAdministrator', stage: 'Registered', email: 'tm.chan@bank.example' },
    })
    expect((await eventsOf(o, 'B01234X4'))[0]).toMatchObject({ surname: 'Lee', origin: 'created' })
    const [entry] = await o.storage.trail(
      { participant: bank, kind: 'account', id: 'B01234X4' },
      { after: 0, limit: 1 },
    )
    expect(entry?.actor).toBe('hkex.operator')
  })

  test('ID-12, QTA-02 · Delete releases quota, also for the next line, and never the ID', async () => {
    const o = eservicesTestService({ storage: open() })
    await withAccounts(o, [da, 'B01234X2'], 2)
    const lines: EserviceLine[] = [add(), { type: 'delete', userId: da }, add()]
    expect(await run(o, lines)).toEqual(['no-accounts-available QTA-03', 'accepted', 'B01234X3'])
    expect(await codeOf(o.auth.registry.view({ userId: da }))).toBe('unknown-account')
    expect(await totals(o)).toMatchObject({ total: 2, available: 0 })
  })

  test('ESV-04 · Change sets names, dates and email from launch on, and another email voids a code that is still valid', async () => {
    const o = eservicesTestService({ storage: open() })
    await withAccounts(o, [da])
    const { challenge } = await good(o.auth.passwordSetUp.begin({ userId: da }))
    const code = mailed(o, da)
    const changes = { surname: 'Wu', email: 'wu@bank.example', disableAfter: '2024-12-31' }
    expect(await run(o, [{ type: 'change', userId: da, changes }])).toEqual(['accepted'])
    expect(await view(o, { userId: da })).toMatchObject({
      ...{ email: 'wu@bank.example', disableAfter: '2024-12-31' },
    })
    expect(await codeOf(o.auth.passwordSetUp.confirmCode({ challenge, code }))).toBe('code-refused')
    const took = await run(o, [{ type: 'change', userId: da, changes: { disableAfter: null } }])
    expect(took).toEqual(['accepted'])
    expect(await view(o, { userId: da })).not.toHaveProperty('disableAfter')
  })

  test('ESV-04, MNT-06, MIG-01 · before launch DA 3 can register an email and nothing else', async () => {
    const o = eservicesTestService({ storage: open(), timeline })
    await withAccounts(o, [da])
    expect(await run(o, [change(da, 'new@bank.example')])).toEqual(['accepted'])
    expect((await view(o, { userId: da })).email).toBe('new@bank.example')
    const refusedAsDraft = async (line: EserviceLine, form: 'DA 3' | 'DA 4' | 'SCard 1') => {
      const id = await drafted(o, [line], { form })
      return answerOf(o.auth.eservices.submit({ actor: cheung, id, users: [] }))
    }
    const deleting: EserviceLine = { type: 'delete', userId: da }
    for (const line of [add(), status('unlock'), deleting])
      expect(await refusedAsDraft(line, 'DA 3')).toBe('line-not-on-form ESV-04')
    const name: EserviceLine = { type: 'change', userId: da, changes: { surname: 'Wu' } }
    expect(await refusedAsDraft(name, 'DA 3')).toBe('field-not-on-form ESV-04')
    expect(await refusedAsDraft({ type: 'buy-accounts', count: 1 }, 'DA 4')).toBe('line-not-on-form ESV-14')
    expect(await run(o, [add(), name], { form: 'SCard 1' })).toEqual(['B01234X2', 'accepted'])
  })

  test('MNT-06 · a line submitted on SCard 1 before launch cannot be confirmed after launch, when the form no longer offers it', async () => {
    const o = eservicesTestService({ storage: open(), timeline })
    await withAccounts(o, [da])
    const id = await submitted(o, [add()], { form: 'SCard 1' })
    await good(o.auth.eservices.claim({ actor: wong, id }))
    o.clock.set(timeline.launch)
    expect(await answerOf(o.auth.eservices.confirm({ actor: wong, id }))).toBe('line-not-on-form MNT-06')
    expect(await lastRefusal(o, id)).toBe('d.wong Confirm line-not-on-form MNT-06')
    const other = await submitted(o, [add()], { form: 'DA 3' })
    await sentOn(o, other)
  })

  test('ESV-09, ESV-10, MNT-07, QTA-03 · each refused line has its reason, and the other lines are processed', async () => {
    const o = eservicesTestService({ storage: open() })
    await withAccounts(o, [da, 'B01234X2', 'B01234X4', 'B0123401'], 4)
    // An ID that HKEX allocated long ago: a user's, which looks like a DA's (ID-09).
    const old = { userId: 'B01234Z9', role: 'User', origin: 'imported', by: 'HKEX' } as const
    await good(o.auth.registry.register({ ...old, email: emailOf('B01234Z9') }))
    await good(
      o.auth.registry.register({ ...old, userId: 'B01234Z8', role: 'DelegatedAdministrator', email: null }),
    )
    const first = await run(o, [
      status('unlock', da, 'x@bank.example'),
      status('unlock', 'B01234X9'),
      status('disable', 'B01234Z9'),
      status('disable', 'B01234X2'),
    ])
    expect(first).toEqual([
      ...['email-differs ESV-10', 'unknown-account ID-12', 'not-an-administrator MNT-07', 'accepted'],
    ])
    const form = await sent(o, [...[status('unlock', 'B01234Z8', ''), add(), status('disable', 'B01234X4')]])
    expect(outcomes(await process(o, form))).toEqual([
      ...['no-registered-email ESV-09', 'no-accounts-available QTA-03', 'accepted'],
    ])
    // The trail records the same, with the rule of the refusal, and names the processing actor.
    const entries = (await formTrail(o, form.id)).filter(({ event }) => event.type === 'LineProcessed')
    expect(entries.map(({ actor: by, event }) => `${by} ${event.rule}`)).toEqual([
      ...['hkex.operator ESV-09', 'hkex.operator QTA-03', 'hkex.operator ESV-10'],
    ])
    expect(await viewed(o, form.id)).toMatchObject({
      status: 'Completed',
      form: { processed: [{ outcome: { reason: 'no-registered-email' } }, {}, {}] },
    })
    for (const userId of ['B01234X2', 'B01234X4']) expect((await view(o, { userId })).status).toBe('DISABLED')
    expect((await view(o, { userId: da })).status).toBe('ENABLED')
    expect((await totals(o)).total).toBe(6)
  })
})
