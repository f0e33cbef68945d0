/**
 * Who can act in DMS: each refused attempt is answered, and recorded in the trail of the account that tried.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import { createSession, Session as PrincipalClass } from '../../src/session/session.ts'
import {
  arrived,
  changing,
  checkerId,
  confirming,
  creating,
  type DmsTestService,
  deleting,
  dmsTestService,
  entered,
  everyUse,
  expectFoiled,
  getCode,
  makerId,
  reviewed,
  stageOf,
  subjectId,
  unlocking,
} from '../support/dms.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { codeOf, eventsOf, good, refusal } from '../support/test-service.ts'
import { loggedIn, setUp, view } from '../support/user-journeys.ts'

const authorisationRefused = { code: 'authorisation-refused', rule: 'DMS-04' } as const
const notAuthorised = (rule: string) => ({ code: 'not-authorised', rule }) as const
const surname = changing({ surname: 'WONG' })

describe.each(localTestBeds)('on $name', ({ open }) => {
  let w: DmsTestService
  beforeEach(async () => {
    w = await dmsTestService({ storage: open() })
  })

  /** Checks that nothing changed: the request is pending, and the profile is unchanged. */
  const expectNothingDone = async (request: string) => {
    expect(await stageOf(w, request)).toBe('Pending')
    expect((await eventsOf(w, subjectId)).map(({ type }) => type)).not.toContain('ProfileChanged')
  }

  describe('the maker as checker', () => {
    const told = { code: 'maker-as-checker', rule: 'DMS-02' } as const
    const reason = { reason: 'maker-as-checker', rule: 'DMS-02' }

    test('DMS-02 · gets no review of their own request', async () => {
      const { request } = await entered(w, surname)
      await expectFoiled(w, () => w.auth.dms.review({ session: w.maker.session, request }), {
        of: makerId,
        told,
        reason: { operation: 'dms.review', ...reason, subject: request },
      })
    })

    test.each([makerId, makerId.toLowerCase(), 'b01234X1'])(
      'DMS-02 · is refused as Checker ID %s',
      async (checker) => {
        const { request } = await entered(w, surname)
        const others = await entered(w, surname, w.checker)
        const own = await getCode(w, others.request, w.maker)
        await expectFoiled(w, () => confirming(w, request, own, { checker }), {
          of: makerId,
          told,
          reason: { operation: 'dms.confirm', ...reason, subject: request },
        })
        await expectNothingDone(request)
      },
    )

    test('DMS-02 · a DA who only amended another maker’s request does not become its maker', async () => {
      const { request } = await entered(w, surname)
      const entry = changing({ surname: 'MINE' })
      expect(await codeOf(w.auth.dms.amend({ session: w.checker.session, request, entry }))).toBe(
        'not-authorised',
      )
      await good(confirming(w, request, await getCode(w, request)))
    })

    test('DMS-01 · a DA who has obtained another’s code cannot confirm alone: the maker’s and the checker’s sessions must differ', async () => {
      const { request } = await entered(w, surname)
      const code = await getCode(w, request)
      const third = await arrived(w, 'B01234X3')
      for (const by of [w.checker, third])
        await expectFoiled(w, () => confirming(w, request, code, { by }), {
          of: by.userId,
          told: notAuthorised('DMS-01'),
          reason: { operation: 'dms.confirm', reason: 'not-the-maker', rule: 'DMS-01', subject: request },
        })
      await expectNothingDone(request)
      await good(confirming(w, request, code))
    })
  })

  test.each([
    ['another DA', checkerId],
    ['itself', makerId],
    ['itself, in lower case', makerId.toLowerCase()],
  ])('MNT-08, MNT-10 · a DA cannot maintain %s, groups and unlock included', async (_, userId) => {
    const entries = [
      changing({ surname: 'WONG' }, userId),
      changing({ email: 'x@example.com' }, userId),
      changing({ userGroups: ['AA'] }, userId),
      changing({ status: 'DISABLED' }, userId),
      unlocking(userId),
      deleting(userId),
    ]
    for (const entry of entries)
      await expectFoiled(w, () => w.auth.dms.enter({ session: w.maker.session, entry }), {
        of: makerId,
        told: notAuthorised('MNT-08'),
        reason: {
          ...{ operation: 'dms.enter', reason: 'subject-is-an-administrator', rule: 'MNT-08' },
          subject: userId.toUpperCase(),
        },
      })
  })

  test('MNT-08 · the role of the account decides, not the form of its ID', async () => {
    const odd = 'B01234Z9'
    await good(w.auth.registry.register({ userId: odd, role: 'User', origin: 'imported', by: 'import' }))
    const { request } = await entered(w, changing({ surname: 'OLD' }, odd))
    await good(confirming(w, request, await getCode(w, request)))
    const found = await good(w.auth.dms.find({ session: w.maker.session, userId: odd }))
    expect(found).toMatchObject({ surname: 'OLD', role: 'User' })
    expect(found).not.toHaveProperty('remark')
  })

  test('ID-09, ID-11 · DMS creates no DA, and no user with an ID that looks like a DA’s', async () => {
    for (const userId of ['B01234X9', 'b01234z1'])
      await expectFoiled(w, () => w.auth.dms.enter({ session: w.maker.session, entry: creating(userId) }), {
        of: makerId,
        told: { code: 'looks-like-administrator', rule: 'ID-09' },
        reason: {
          ...{ operation: 'dms.enter', reason: 'looks-like-administrator', rule: 'ID-09' },
          subject: userId.toUpperCase(),
        },
      })
    const { request } = await entered(w, creating('B0123405'))
    await good(confirming(w, request, await getCode(w, request)))
    expect(await view(w, { userId: 'B0123405' })).toMatchObject({ role: 'User' })
  })

  test('MNT-08, AUD-03 · a user is refused every operation in DMS', async () => {
    const user = await setUp(w, subjectId, 'MobileApp')
    const session = await loggedIn(w, user)
    const { request } = await entered(w, surname)
    const review = await reviewed(w, request)
    const uses = {
      ...everyUse(w, session, request),
      'dms.getAuthorisationCode': () => w.auth.dms.getAuthorisationCode({ session, review }),
      'dms.reject': () => w.auth.dms.reject({ session, review }),
    }
    for (const [operation, use] of Object.entries(uses))
      await expectFoiled(w, use, {
        of: subjectId,
        told: notAuthorised('MNT-08'),
        reason: { operation, reason: 'not-a-delegated-administrator', rule: 'MNT-08' },
      })
    await expectNothingDone(request)
  })

  test('ACC-12, AUD-03 · a DA who is signed in to the terminal is refused in DMS', async () => {
    const login = PrincipalClass.detailsOf(w.maker.session)
    if (login === undefined) throw new Error('the maker is signed in')
    // As after decommissioning (ACC-13).
    const atTerminal = createSession({ ...login, system: 'CCASS/CCMS' })
    const { request } = await entered(w, surname)
    for (const [operation, use] of Object.entries(everyUse(w, atTerminal, request)))
      await expectFoiled(w, use, {
        of: makerId,
        told: notAuthorised('ACC-12'),
        reason: { operation, reason: 'not-in-dms', rule: 'ACC-12' },
      })
  })

  test.each(['B0123499', 'B01234X9', subjectId])('DMS-02 · %s cannot be a checker', async (checker) => {
    const { request } = await entered(w, surname)
    const code = await getCode(w, request)
    await expectFoiled(w, () => confirming(w, request, code, { checker }), {
      of: makerId,
      told: authorisationRefused,
      reason: {
        operation: 'dms.confirm',
        reason: 'checker-not-of-the-participant',
        rule: 'DMS-02',
        subject: request,
      },
    })
    const malformed = await refusal(confirming(w, request, code, { checker: 'unknown' }))
    expect(malformed).toMatchObject({ code: 'malformed-user-id' })
  })
})
