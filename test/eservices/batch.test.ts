/**
 * HKEX's batch, interrupted anywhere and repeated, and run concurrently: each line once, no ID and no number
 * twice.
 */
import { describe, expect, test } from 'vitest'
import type { EserviceLine } from '../../src/eservices/model/lines.ts'
import type { Refusal, ResultAsync, StoragePort } from '../../src/index.ts'
import { faulty } from '../support/faults.ts'
import { stormOn, stormTestBeds } from '../support/storm.ts'
import { testBeds } from '../support/test-beds.ts'
import { count, good } from '../support/test-service.ts'
import { add, change, cheung, unlock, wong } from './model/support.ts'
import {
  bank,
  drafted,
  type EservicesTestService,
  emailOf,
  eservicesTestService,
  formTrail,
  outcomes,
  process,
  sent,
  staff,
  told,
  totals,
  viewed,
  withAccounts,
} from './support.ts'

const four: readonly EserviceLine[] = [
  add(),
  unlock('B01234X1', emailOf('B01234X1')),
  unlock('B01234X2', 'x@bank.example'),
  { type: 'delete', userId: 'B01234X3' },
]
const done = ['B01234X4', 'accepted', 'email-differs ESV-10', 'accepted']

/** The stored result of processing the four lines once. */
const expectDoneOnce = async (o: EservicesTestService, id: string) => {
  const trail = await formTrail(o, id)
  const lines = trail.flatMap(({ event }) => ('line' in event ? [event['line']] : []))
  expect([...lines].sort()).toEqual([0, 1, 2, 3])
  expect(trail.filter(({ event }) => event.type === 'FormCompleted')).toHaveLength(1)
  const view = await viewed(o, id)
  expect(view.status).toBe('Completed')
  const processed = 'processed' in view.form ? view.form.processed : []
  const byLine = [...processed].sort((a, b) => a.line - b.line)
  expect(outcomes(byLine.map((each) => ({ reference: '', ...each })))).toEqual(done)
  for (const [userId, type] of [
    ['B01234X4', 'Registered'],
    ['B01234X1', 'Unlocked'],
    ['B01234X3', 'Deleted'],
  ] as const)
    expect([userId, await count(o, userId, type)]).toEqual([userId, 1])
  expect(await count(o, 'B01234X2', 'Unlocked')).toBe(0)
  expect(await totals(o)).toMatchObject({ total: 3, available: 17 })
  expect((await good(o.auth.eservices.sent({}))).forms).toEqual([])
  expect((await told(o)).filter((mail) => mail.includes('for-reference'))).toEqual(
    [cheung, wong].map(({ email }) => `${email} for-reference DA3_00000001 Completed`),
  )
}

describe.each(testBeds)('ESV-13 · an interrupted batch, on $name', ({ open }) => {
  /** The process dies at its k-th commit, before or after it took effect; another one continues. */
  const brokenOff = async (k: number, manner: 'rejects' | 'rejects afterwards') => {
    const faults = faulty()
    const o = eservicesTestService({ storage: open(), between: faults.between })
    await withAccounts(o, ['B01234X1', 'B01234X2', 'B01234X3'])
    const form = await sent(o, four)
    let dead = false
    faults.begin((call, nth) => {
      if (dead) return 'rejects'
      dead = call === 'storage.commit' && nth === k
      return dead ? manner : undefined
    })
    const answer = await o.auth.eservices.process({ form, by: 'hkex.operator' })
    const commits = faults.calls().get('storage.commit') ?? 0
    faults.begin(() => undefined)
    const other = o.another()
    const before = (await formTrail(o, form.id)).filter(({ event }) => event.type === 'LineProcessed').length
    return { o, form, answer, commits, before, other }
  }

  test('takes five commits without an interruption: one for each line and one for the end', async () => {
    const { o, form, answer, commits } = await brokenOff(99, 'rejects')
    expect([commits, outcomes(answer._unsafeUnwrap())]).toEqual([5, done])
    await expectDoneOnce(o, form.id)
  })

  test.each(
    [0, 1, 2, 3, 4].flatMap((k) => [
      { k, manner: 'rejects' as const, when: 'before' },
      { k, manner: 'rejects afterwards' as const, when: 'after' },
    ]),
  )(
    'interrupted at commit $k, $when it took effect, processes each line exactly once when it is run again',
    async ({ k, manner }) => {
      const { o, form, answer, before, other } = await brokenOff(k, manner)
      expect(answer.isErr() && answer.error.code).toBe('port-failed')
      expect(before).toBe(Math.min(4, k + (manner === 'rejects' ? 0 : 1)))
      const rest = await process({ auth: other }, form)
      expect(outcomes(rest)).toEqual(done.slice(before))
      await expectDoneOnce(o, form.id)
      expect(await process({ auth: other }, form)).toEqual([])
    },
  )

  const email = (address: string) => (o: EservicesTestService) =>
    o.auth.registry.change({ userId: 'B01234X1', by: 'HKEX', changes: { email: address } })
  const turned = (to: 'ENABLED' | 'DISABLED') => (o: EservicesTestService) =>
    o.auth.registry.change({ userId: 'B01234X1', by: 'HKEX', changes: { status: to } })
  const grown = (o: EservicesTestService) =>
    o.auth.registry.setMaximum({ participant: bank, maximum: 2, by: 'HKEX' })
  const ours = emailOf('B01234X1')
  const enable: EserviceLine = { type: 'status', userId: 'B01234X1', email: ours, action: 'enable' }

  test.each<[string, EserviceLine, (o: EservicesTestService) => ResultAsync<unknown, Refusal>, string]>([
    [
      'the email no longer matches',
      unlock('B01234X1', ours),
      email('new@bank.example'),
      'email-differs ESV-10',
    ],
    ['the email matches now', unlock('B01234X1', 'new@bank.example'), email('new@bank.example'), 'accepted'],
    ['there is room now', add(), grown, 'B01234X2'],
    ['there is something to enable now', enable, turned('DISABLED'), 'accepted'],
  ])(
    'ESV-10, QTA-03 · the outcome of a line depends on the state when it is committed: %s',
    async (_, line, operation, outcome) => {
      const storage = open()
      const o = eservicesTestService({ storage })
      await withAccounts(o, ['B01234X1'], 1)
      const form = await sent(o, [line])
      let meanwhile = 1
      const commit: StoragePort['commit'] = async (given) => {
        if (meanwhile-- > 0) await good(operation(o))
        return storage.commit(given)
      }
      expect(
        outcomes(await process(eservicesTestService({ storage: { ...storage, commit } }), form)),
      ).toEqual([outcome])
      const unlocks = line === enable || line.type === 'add' || outcome !== 'accepted' ? 0 : 1
      expect(await count(o, 'B01234X1', 'Unlocked')).toBe(unlocks)
      expect((await good(o.auth.registry.view({ userId: 'B01234X1' }))).status).toBe('ENABLED')
    },
  )
})

describe.each(stormTestBeds)('parallel calls on $name', (testBed) => {
  const serviceWithAccounts = async (maximum = 20) => {
    const o = eservicesTestService({ storage: testBed.open(), recordCache: testBed.recordCache })
    await withAccounts(o, ['B01234X1', 'B01234X2', 'B01234X3'], maximum)
    return { o, ...stormOn(o, testBed) }
  }

  test('ESV-13 · four batches of one form process and report each line once', async () => {
    const { o, serviceAt } = await serviceWithAccounts()
    const form = await sent(o, four)
    const runs = await Promise.all([0, 1, 2, 3].map((i) => process({ auth: serviceAt(i) }, form)))
    const lines = runs.flat().sort((a, b) => a.line - b.line)
    expect(outcomes(lines)).toEqual(done)
    await expectDoneOnce(o, form.id)
  })

  test('ESV-03 · twenty submissions get twenty different references', async () => {
    const { o, serviceAt } = await serviceWithAccounts()
    const ids: string[] = []
    for (let i = 0; i < 20; i++) ids.push(await drafted(o, [change()]))
    const views = await Promise.all(
      ids.map((id, i) => good(serviceAt(i).eservices.submit({ actor: cheung, id, users: staff }))),
    )
    const references = views.map(({ form }) => ('reference' in form ? form.reference : ''))
    expect([...references].sort()).toEqual(ids.map((_, i) => `DA3_${String(i + 1).padStart(8, '0')}`))
  })

  test('ESV-03 · one draft submitted five times in parallel gets one number', async () => {
    const { o, serviceAt } = await serviceWithAccounts()
    const id = await drafted(o, [change()])
    const answers = await Promise.all(
      [0, 1, 2, 3, 4].map((i) => serviceAt(i).eservices.submit({ actor: cheung, id, users: staff })),
    )
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
    const submissions = (await formTrail(o, id)).filter(({ event }) => event.type === 'FormSubmitted')
    expect(submissions).toHaveLength(1)
    expect(await told(o)).toHaveLength(3)
  })

  test('QTA-03, ID-12, ID-11 · five new DAs of two forms with a quota of three get three different IDs, and no fourth account exists', async () => {
    const { o, serviceAt } = await serviceWithAccounts(6)
    const forms = [await sent(o, [add(), add(), add()]), await sent(o, [add(), add()])]
    const runs = await Promise.all(forms.map((form, i) => process({ auth: serviceAt(i) }, form)))
    const all = runs.flatMap(outcomes).sort()
    expect(all).toEqual([
      ...['B01234X4', 'B01234X5', 'B01234X6'],
      ...['no-accounts-available QTA-03', 'no-accounts-available QTA-03'],
    ])
    expect(await totals(o)).toMatchObject({ maximum: 6, total: 6, available: 0 })
    const accounts = await o.storage.list(bank, 'account', { after: '', limit: 99 })
    expect(accounts.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `B01234X${n}`))
  })

  test('ESV-11 · of a reclaim, a claim and a discard in parallel exactly one succeeds', async () => {
    const { o, serviceAt } = await serviceWithAccounts()
    const id = await drafted(o, [change()])
    await good(o.auth.eservices.submit({ actor: cheung, id, users: [] }))
    const [reclaimed, claimed] = await Promise.all([
      serviceAt(0).eservices.reclaim({ actor: cheung, id }),
      serviceAt(1).eservices.claim({ actor: wong, id }),
    ])
    expect([reclaimed.isOk(), claimed.isOk()].filter(Boolean)).toHaveLength(1)
    expect((await viewed(o, id)).form.stage).toBe(reclaimed.isOk() ? 'Draft' : 'Claimed')
  })
})
