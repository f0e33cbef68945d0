/**
 * Authorisation Codes: valid once, for one request as reviewed, for a short time, and void after three wrong
 * confirmations.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import {
  allThatIsStored,
  arrived,
  changing,
  checkerId,
  confirming,
  creating,
  type DmsTestService,
  deleting,
  dmsTestService,
  entered,
  expectFoiled,
  getCode,
  keyAt,
  lastOfCodes,
  makerId,
  refusedActs,
  reviewed,
  stageOf,
  storedAt,
  subjectId,
  trailAt,
} from '../support/dms.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { codeOf, credentialsIn, good, refusal } from '../support/test-service.ts'
import { wrong } from '../support/user-journeys.ts'

const refused = { code: 'authorisation-refused', rule: 'DMS-04' } as const
const amended = { code: 'request-not-open', rule: 'DMS-05', reason: 'amended' } as const

describe.each(localTestBeds)('on $name', ({ open }) => {
  let service: DmsTestService
  let request: string
  beforeEach(async () => {
    service = await dmsTestService({ storage: open() })
    request = (await entered(service, changing({ surname: 'WONG' }))).request
  })

  const surname = async () =>
    (await good(service.auth.dms.find({ session: service.maker.session, userId: subjectId }))).surname

  /**
   * Checks that a confirmation is refused for its code, according to the maker's trail, and changes nothing.
   */
  const expectNoGood = async (
    code: string,
    reason: string,
    rule = 'DMS-04',
    on = { request, checker: checkerId as string },
  ) => {
    await expectFoiled(service, () => confirming(service, on.request, code, { checker: on.checker }), {
      of: makerId,
      told: refused,
      reason: { operation: 'dms.confirm', reason, rule, subject: on.request },
    })
    expect(await stageOf(service, on.request)).toBe('Pending')
    expect(await surname()).toBe('CHAN')
  }

  test('DMS-04 · no request is confirmed without a code', async () => {
    for (const code of ['', '00000000', 'a code', '9'.repeat(4_096)])
      await expectNoGood(code, 'no-code-issued')
  })

  test('DMS-04 · a code is valid once, for its own request and no other', async () => {
    const code = await getCode(service, request)
    await good(confirming(service, request, code))
    await expectFoiled(service, () => confirming(service, request, code), {
      of: makerId,
      told: { code: 'request-not-open', reason: 'closed' },
      reason: { operation: 'dms.confirm', reason: 'request-closed', rule: 'DMS-05', subject: request },
    })
    const next = await entered(service, changing({ surname: 'WONG' }))
    await expectFoiled(service, () => confirming(service, next.request, code), {
      of: makerId,
      told: refused,
      reason: { operation: 'dms.confirm', reason: 'no-code-issued', rule: 'DMS-04', subject: next.request },
    })
  })

  test('DMS-09 · a code issued for another request is refused and remains valid for its own', async () => {
    const other = await entered(service, deleting())
    const code = await getCode(service, other.request)
    for (let n = 0; n < 4; n++) await expectNoGood(code, 'code-for-another-request', 'DMS-04')
    await good(confirming(service, other.request, code))
  })

  test('DMS-09 · three wrong confirmations of a request revoke every code issued for it', async () => {
    const third = await arrived(service, 'B01234X3')
    const theirs = await getCode(service, request, third)
    const code = await getCode(service, request)
    await expectNoGood(wrong(code), 'wrong-code')
    await expectNoGood(code, 'checker-not-of-the-participant', 'DMS-02', { request, checker: 'B01234X9' })
    await expectFoiled(service, () => confirming(service, request, code, { checker: 'unknown' }), {
      of: makerId,
      told: { code: 'malformed-user-id' },
      reason: { operation: 'dms.confirm', reason: 'malformed-user-id', rule: 'ID-01', subject: request },
    })
    expect((await trailAt(service, 'request', request)).slice(-4).map(({ event }) => event)).toMatchObject([
      { type: 'ConfirmationRejected', rule: 'DMS-09' },
      { type: 'ConfirmationRejected' },
      { type: 'ConfirmationRejected' },
      { type: 'RequestCodesRevoked', rule: 'DMS-09' },
    ])
    await expectNoGood(code, 'code-too-many-attempts', 'DMS-09')
    await expectNoGood(theirs, 'code-too-many-attempts', 'DMS-09', { request, checker: 'B01234X3' })
    await expectNoGood(code, 'no-code-issued')
    await good(confirming(service, request, await getCode(service, request)))
  })

  test('DMS-09 · a colleague’s wrong entries do not affect a code issued for another request', async () => {
    const colleague = await arrived(service, 'B01234X3')
    const theirs = await entered(service, deleting(), colleague)
    const code = await getCode(service, request)
    for (let n = 0; n < 4; n++)
      expect(await codeOf(confirming(service, theirs.request, wrong(code), { by: colleague }))).toBe(
        'authorisation-refused',
      )
    expect(await storedAt(service, 'authorisation', checkerId)).toMatchObject({ stage: 'Issued', request })
    await good(confirming(service, request, code))
  })

  test('DMS-04 · the correct code is accepted after two wrong entries', async () => {
    const code = await getCode(service, request)
    await expectNoGood(wrong(code), 'wrong-code')
    await expectNoGood(code.slice(1), 'wrong-code')
    await good(confirming(service, request, code))
  })

  test('DMS-04 · only the newest code is valid', async () => {
    const former = await getCode(service, request)
    const code = await getCode(service, request)
    await expectNoGood(former, 'wrong-code')
    await good(confirming(service, request, code))
  })

  test('DMS-04 · a newer code for another request voids the older one as well', async () => {
    const former = await getCode(service, request)
    const other = await entered(service, deleting())
    await getCode(service, other.request)
    await expectNoGood(former, 'code-for-another-request', 'DMS-04')
  })

  test('DMS-04 · each checker has their own code, and another checker’s code counts as wrong', async () => {
    const third = await arrived(service, 'B01234X3')
    const theirs = await getCode(service, request, third)
    await expectNoGood(theirs, 'no-code-issued')
    const own = await getCode(service, request)
    await expectNoGood(theirs, 'wrong-code')
    await good(confirming(service, request, own, { checker: checkerId.toLowerCase() }))
  })

  test('DMS-04 · a code is valid for five minutes, to the millisecond, and a late code is not counted as wrong', async () => {
    const review = await reviewed(service, request)
    const { code, expiresAt } = await good(
      service.auth.dms.getAuthorisationCode({ session: service.checker.session, review }),
    )
    expect(expiresAt).toBe(service.clock.now() + 300_000)
    service.clock.set(expiresAt)
    await expectNoGood(code, 'code-expired')
    expect(await lastOfCodes(service)).toMatchObject({ type: 'AuthorisationCodeIssued' })
    service.clock.set(expiresAt - 1)
    await good(confirming(service, request, code))
  })

  test('DMS-05, DMS-08 · a code does not confirm a request that was amended after it was issued', async () => {
    const code = await getCode(service, request)
    const entry = changing({ surname: 'EVIL' })
    await good(service.auth.dms.amend({ session: service.maker.session, request, entry }))
    const reason = { operation: 'dms.confirm', reason: 'entry-changed', rule: 'DMS-05', subject: request }
    await expectFoiled(service, () => confirming(service, request, code), {
      of: makerId,
      told: amended,
      reason,
    })
    expect([await surname(), await stageOf(service, request)]).toEqual(['CHAN', 'Pending'])
    // Amended back, it equals what the checker reviewed; but the approval was of another revision.
    const back = changing({ surname: 'WONG' })
    await good(service.auth.dms.amend({ session: service.maker.session, request, entry: back }))
    await expectFoiled(service, () => confirming(service, request, code), {
      of: makerId,
      told: amended,
      reason,
    })
    expect(await surname()).toBe('CHAN')
    await good(confirming(service, request, await getCode(service, request)))
  })

  test('DMS-05 · after a change of the request, an earlier review can neither issue a code nor reject', async () => {
    const review = await reviewed(service, request)
    const entry = changing({ surname: 'EVIL' })
    await good(service.auth.dms.amend({ session: service.maker.session, request, entry }))
    const { session } = service.checker
    await expectFoiled(service, () => service.auth.dms.reject({ session, review }), {
      of: checkerId,
      told: amended,
      reason: { operation: 'dms.reject', reason: 'entry-changed', rule: 'DMS-05', subject: request },
    })
    await expectFoiled(service, () => service.auth.dms.getAuthorisationCode({ session, review }), {
      of: checkerId,
      told: amended,
      reason: {
        operation: 'dms.getAuthorisationCode',
        reason: 'entry-changed',
        rule: 'DMS-05',
        subject: request,
      },
    })
    expect(await surname()).toBe('CHAN')
  })

  test('DMS-05 · a code does not confirm the same entry for a profile that has changed since', async () => {
    const code = await getCode(service, request)
    await good(
      service.auth.registry.change({ userId: subjectId, by: 'HKEX', changes: { status: 'DISABLED' } }),
    )
    const entry = changing({ surname: 'WONG' })
    await good(service.auth.dms.amend({ session: service.maker.session, request, entry }))
    const reason = { operation: 'dms.confirm', reason: 'entry-changed', rule: 'DMS-05', subject: request }
    await expectFoiled(service, () => confirming(service, request, code), {
      of: makerId,
      told: amended,
      reason,
    })
    expect(await surname()).toBe('CHAN')
    await good(confirming(service, request, await getCode(service, request)))
    expect(await surname()).toBe('WONG')
  })

  test('DMS-04 · an attempt to confirm what cannot be confirmed neither uses the code nor counts as wrong', async () => {
    const other = await entered(service, changing({ surname: 'HO' }), await arrived(service, 'B01234X3'))
    const code = await getCode(service, request)
    for (const guess of [code, wrong(code), wrong(code), wrong(code)])
      expect(await codeOf(confirming(service, other.request, guess))).toBe('not-authorised')
    const nowhere = 'f'.repeat(24)
    expect(await refusal(confirming(service, nowhere, code))).toEqual({ ...amended, reason: 'unknown' })
    expect(await storedAt(service, 'authorisation', checkerId)).toMatchObject({ stage: 'Issued', request })
    await good(confirming(service, request, code))
  })

  test('DMS-04, LOCK-11 · every fault of code or checker gives the caller the same refusal', async () => {
    const code = await getCode(service, request)
    const answers = [
      await refusal(confirming(service, request, wrong(code))),
      await refusal(confirming(service, request, code, { checker: 'B01234X9' })),
      await refusal(confirming(service, request, code, { checker: 'B0123499' })),
      await refusal(confirming(service, request, code, { checker: 'B09999X1' })),
    ]
    service.clock.pass(300_000)
    answers.push(await refusal(confirming(service, request, code)))
    await good(
      service.auth.registry.change({ userId: checkerId, by: 'HKEX', changes: { status: 'DISABLED' } }),
    )
    answers.push(await refusal(confirming(service, request, code)))
    expect(answers).toEqual(Array(6).fill(refused))
    const reasons = (await refusedActs(service, makerId)).map((event) => event['reason'])
    expect(reasons).toEqual([
      'wrong-code',
      ...Array(3).fill('checker-not-of-the-participant'),
      'code-expired',
      'checker-disabled',
    ])
  })

  test('PW-15, DMS-04 · no event, refusal, state or vault contains a code; the vault has only a keyed hash, and only as long as needed', async () => {
    const codes = [await getCode(service, request), await getCode(service, request)]
    const [, code = ''] = codes
    const answers = [await refusal(confirming(service, request, wrong(code)))]
    const vault = async () =>
      credentialsIn((await service.storage.load([keyAt('authorisation', checkerId)]))[0])
    const credential = (await storedAt(service, 'authorisation', checkerId))?.['credential']
    expect(Object.keys(await vault())).toEqual([credential])
    const before = await allThatIsStored(service)
    await good(confirming(service, request, code))
    answers.push(await refusal(confirming(service, request, code)))
    expect(await vault()).toEqual({})
    const all = [
      before,
      await allThatIsStored(service),
      JSON.stringify(answers),
      JSON.stringify(service.mailer.mails),
    ].join()
    for (const each of [...codes, wrong(code)]) expect(all).not.toContain(each)
  })

  test('DMS-04, DMS-09 · the policy sets the number of digits and of wrong entries', async () => {
    service = await dmsTestService({
      storage: open(),
      policy: { dms: { authorisationCode: { digits: 10, failedAttempts: 1, validSeconds: 30 } } },
    })
    request = (await entered(service, creating('B0123405'))).request
    const code = await getCode(service, request)
    expect(code).toMatch(/^\d{10}$/)
    expect(await codeOf(confirming(service, request, wrong(code)))).toBe('authorisation-refused')
    expect((await trailAt(service, 'request', request)).at(-1)?.event).toMatchObject({
      ...{ type: 'RequestCodesRevoked', rule: 'DMS-09' },
    })
  })
})
