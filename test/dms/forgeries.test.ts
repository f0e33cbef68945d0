/** Sessions and reviews can't be forged or altered. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { Review, ReviewContents } from '../../src/dms/review.ts'
import { Review as ReviewClass } from '../../src/dms/review.ts'
import type { Session } from '../../src/index.ts'
import { Session as PrincipalClass } from '../../src/session/session.ts'
import {
  changing,
  checkerId,
  confirming,
  type DmsTestService,
  dmsTestService,
  entered,
  getCode,
  makerId,
  reviewed,
  stageOf,
  storedAt,
  subjectId,
} from '../support/dms.ts'
import { good, refusal } from '../support/test-service.ts'

type AnyClass = new (...given: readonly unknown[]) => object

let service: DmsTestService
let request: string
let review: Review
beforeEach(async () => {
  service = await dmsTestService()
  request = (await entered(service, changing({ surname: 'WONG' }))).request
  review = await reviewed(service, request)
})

/** Forgeries by an attacker who has read the sources and holds one genuine object. */
const forgeries = (real: object, ofClass: unknown, contents: unknown): readonly unknown[] => {
  const [symbol] = Object.getOwnPropertySymbols(real)
  return [
    undefined,
    null,
    'review',
    {},
    contents,
    { ...real },
    { contents },
    structuredClone(contents),
    Object.create(Object.getPrototypeOf(real)),
    Object.create(real),
    Object.create(Object.getPrototypeOf(real), Object.getOwnPropertyDescriptors(contents as object)),
    Object.setPrototypeOf({ ...(contents as object) }, Object.getPrototypeOf(real)),
    Reflect.construct(ofClass as AnyClass, [Symbol('review'), contents]),
    Reflect.construct(ofClass as AnyClass, [Symbol('principal'), contents]),
    Reflect.construct(ofClass as AnyClass, [symbol, contents]),
    Reflect.construct(ofClass as AnyClass, [undefined, contents]),
    Reflect.construct(real.constructor as AnyClass, [Symbol.for('review'), contents]),
    new Proxy(real, {}),
    JSON.parse(JSON.stringify(real)),
  ]
}

describe('a review', () => {
  const contents = (): ReviewContents => ({
    ...review.contents,
    checker: service.checker.session.userId,
  })

  test('DMS-02, API-01 · forged by a caller issues no code and rejects nothing', async () => {
    const { session } = service.checker
    for (const each of forgeries(review, ReviewClass, contents())) {
      const forged = each as Review
      const malformed = {
        code: 'malformed-input',
        rule: 'API-01',
        field: 'review',
        problem: 'must be a review',
      }
      expect(await refusal(service.auth.dms.getAuthorisationCode({ session, review: forged }))).toEqual(
        malformed,
      )
      expect(await refusal(service.auth.dms.reject({ session, review: forged }))).toEqual(malformed)
    }
    expect(await storedAt(service, 'authorisation', checkerId)).toBeUndefined()
    expect(await stageOf(service, request)).toBe('Pending')
  })

  test('DMS-02 · forged shows no request and no user', () => {
    const forged = Reflect.construct(ReviewClass, [Symbol('review'), contents(), 'sealed'])
    expect(forged.contents).toMatchObject({ request: '', digest: '', maker: '', checker: '' })
    expect(forged.contents.profile).toBeUndefined()
    expect(forged.sealed).toBe('')
  })

  test('DMS-02 · used by the maker, forged or taken from the checker, issues no code', async () => {
    const { session } = service.maker
    const mine = { ...contents(), checker: session.userId }
    for (const each of forgeries(review, ReviewClass, mine))
      expect(
        await refusal(service.auth.dms.getAuthorisationCode({ session, review: each as Review })),
      ).toMatchObject({
        code: 'malformed-input',
      })
    const told = await refusal(service.auth.dms.getAuthorisationCode({ session, review }))
    expect(told).toEqual({ code: 'not-authorised', rule: 'DMS-04' })
    expect(await storedAt(service, 'authorisation', makerId)).toBeUndefined()
  })

  test('DMS-05 · cannot be modified, so what was read is what is approved', async () => {
    for (const bend of [
      () => Object.assign(review, { contents: { ...contents(), request: 'f'.repeat(24) } }),
      () => Object.defineProperty(review, 'contents', { value: 0 }),
      () => Object.assign(review.contents, { digest: '0'.repeat(64) }),
    ])
      expect(bend).toThrow(TypeError)
    const { entry } = review.contents as { entry: { changes: Record<string, unknown> } }
    try {
      entry.changes['surname'] = 'EVIL'
    } catch {
      // Frozen or not, it is a copy.
    }
    const { code } = await good(
      service.auth.dms.getAuthorisationCode({ session: service.checker.session, review }),
    )
    await good(confirming(service, request, code))
    const profile = await good(service.auth.dms.find({ session: service.maker.session, userId: subjectId }))
    expect(profile.surname).toBe('WONG')
  })
})

describe('a session', () => {
  test('ACC-15, API-01 · forged by a user without rights in DMS is refused, and nothing is recorded', async () => {
    const login = PrincipalClass.detailsOf(service.checker.session)
    for (const each of forgeries(service.checker.session, PrincipalClass, login)) {
      const session = each as Session
      const { dms } = service.auth
      const answers = [
        await refusal(dms.enter({ session, entry: changing({ surname: 'A' }) })),
        await refusal(dms.review({ session, request })),
        await refusal(dms.getAuthorisationCode({ session, review })),
        await refusal(dms.confirm({ session, request, checkerId, authorisationCode: '0' })),
        await refusal(dms.listing({ session })),
      ]
      for (const answer of answers)
        expect(answer).toMatchObject({ code: 'malformed-input', field: 'session', rule: 'API-01' })
    }
    await good(confirming(service, request, await getCode(service, request)))
  })
})

test('API-01 · malformed entries are refused: nothing is recorded and nothing thrown', async () => {
  const { session } = service.maker
  const entries = [
    undefined,
    { kind: 'promote', userId: subjectId },
    { kind: 'delete', userId: subjectId, changes: {} },
    { kind: 'change', userId: subjectId, changes: { role: 'DelegatedAdministrator' } },
    { kind: 'change', userId: subjectId, changes: { sessionEpoch: 0 } },
    { kind: 'change', userId: subjectId, changes: { email: 'not an address' } },
    { kind: 'change', userId: subjectId, changes: { userGroups: ['a b'] } },
    { kind: 'change', userId: subjectId, changes: { transactionLimits: { Default: '1e9' } } },
    { kind: 'change', userId: subjectId, changes: { disableAfter: '2023-02-30' } },
    { kind: 'change', userId: subjectId, changes: {}, unlock: 'yes' },
    { kind: 'create', userId: 'B0123405', profile: { status: null } },
    { kind: 'create', userId: 'B0123405', profile: {}, role: 'DelegatedAdministrator' },
  ]
  for (const entry of entries) {
    const told = await refusal(
      service.auth.dms.enter({ session, entry: entry as ReturnType<typeof changing> }),
    )
    expect([entry, told.code]).toEqual([entry, 'malformed-input'])
  }
  for (const name of ['', 'x', request.toUpperCase(), `${request}0`, '../account'])
    expect(await refusal(service.auth.dms.review({ session, request: name }))).toMatchObject({
      ...{ code: 'malformed-input', field: 'request' },
    })
  const odd = await refusal(service.auth.dms.enter({ session, entry: changing({ surname: 'A' }, 'B01234') }))
  expect(odd).toEqual({ code: 'malformed-user-id', rule: 'ID-01', problem: 'length' })
  expect(service.faults).toEqual([])
})

describe('a review as sealed text', () => {
  const codeFrom = (session = service.checker.session, text = review.sealed) =>
    service.auth.dms.getAuthorisationCode({ session, review: text })

  test('DMS-14 · represents the review: a code issued with it confirms the request', async () => {
    const { code } = await good(codeFrom())
    await good(confirming(service, request, code))
    expect(await stageOf(service, request)).toBe('Confirmed')
  })

  test('DMS-14 · can reject the request with a remark', async () => {
    const { session } = service.checker
    await good(service.auth.dms.reject({ session, review: review.sealed, remark: 'not now' }))
    expect(await stageOf(service, request)).toBe('Rejected')
  })

  test('DMS-14 · reveals nothing of the request, and each review has a different text', async () => {
    expect(review.sealed).not.toContain(request)
    expect(review.sealed).not.toContain('WONG')
    expect((await reviewed(service, request)).sealed).not.toBe(review.sealed)
  })

  test('DMS-14 · is refused if altered at any position, truncated, empty, or a sealed session, and no code is issued', async () => {
    const { session } = service.checker
    const token = await good(service.auth.sessions.seal({ session }))
    const other = (at: number) => {
      const text = review.sealed
      return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
    }
    const bent = [...Array(review.sealed.length).keys()].filter((at) => at % 7 === 0).map(other)
    for (const text of ['', ' ', 'review', review.sealed.slice(0, -3), token, ...bent]) {
      expect(await refusal(codeFrom(session, text)), text).toMatchObject({
        code: 'malformed-input',
        field: 'review',
      })
      expect(await refusal(service.auth.dms.reject({ session, review: text })), text).toMatchObject({
        code: 'malformed-input',
      })
    }
    expect(await storedAt(service, 'authorisation', checkerId)).toBeUndefined()
    expect(await stageOf(service, request)).toBe('Pending')
  })

  test('DMS-14 · issues no code and rejects nothing if the maker uses it', async () => {
    const { session } = service.maker
    expect(await refusal(codeFrom(session))).toEqual({ code: 'not-authorised', rule: 'DMS-04' })
    expect(await refusal(service.auth.dms.reject({ session, review: review.sealed }))).toEqual({
      code: 'not-authorised',
      rule: 'DMS-02',
    })
    expect(await storedAt(service, 'authorisation', makerId)).toBeUndefined()
  })

  test('DMS-14, DMS-05 · is refused after an amendment', async () => {
    await good(
      service.auth.dms.amend({
        session: service.maker.session,
        request,
        entry: changing({ surname: 'LEE' }),
      }),
    )
    expect(await refusal(codeFrom())).toEqual({ code: 'request-not-open', rule: 'DMS-05', reason: 'amended' })
  })
})
