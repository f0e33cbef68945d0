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
  let service: DmsTestService
  beforeEach(async () => {
    service = await dmsTestService({ storage: open() })
  })

  /** Checks that nothing changed: the request is pending, and the profile is unchanged. */
  const expectNothingDone = async (request: string) => {
    expect(await stageOf(service, request)).toBe('Pending')
    expect((await eventsOf(service, subjectId)).map(({ type }) => type)).not.toContain('ProfileChanged')
  }

  describe('the maker as checker', () => {
    const told = { code: 'maker-as-checker', rule: 'DMS-02' } as const
    const reason = { reason: 'maker-as-checker', rule: 'DMS-02' }

    test('DMS-02 · gets no review of their own request', async () => {
      const { request } = await entered(service, surname)
      await expectFoiled(
        service,
        () => service.auth.dms.review({ session: service.maker.session, request }),
        {
          of: makerId,
          told,
          reason: { operation: 'dms.review', ...reason, subject: request },
        },
      )
    })

    test.each([makerId, makerId.toLowerCase(), 'b01234X1'])(
      'DMS-02 · is refused as Checker ID %s',
      async (checker) => {
        const { request } = await entered(service, surname)
        const others = await entered(service, surname, service.checker)
        const own = await getCode(service, others.request, service.maker)
        await expectFoiled(service, () => confirming(service, request, own, { checker }), {
          of: makerId,
          told,
          reason: { operation: 'dms.confirm', ...reason, subject: request },
        })
        await expectNothingDone(request)
      },
    )

    test('DMS-02 · a DA who only amended another maker’s request does not become its maker', async () => {
      const { request } = await entered(service, surname)
      const entry = changing({ surname: 'MINE' })
      expect(await codeOf(service.auth.dms.amend({ session: service.checker.session, request, entry }))).toBe(
        'not-authorised',
      )
      await good(confirming(service, request, await getCode(service, request)))
    })

    test('DMS-01 · a DA who has obtained another’s code cannot confirm alone: the maker’s and the checker’s sessions must differ', async () => {
      const { request } = await entered(service, surname)
      const code = await getCode(service, request)
      const third = await arrived(service, 'B01234X3')
      for (const by of [service.checker, third])
        await expectFoiled(service, () => confirming(service, request, code, { by }), {
          of: by.userId,
          told: notAuthorised('DMS-01'),
          reason: { operation: 'dms.confirm', reason: 'not-the-maker', rule: 'DMS-01', subject: request },
        })
      await expectNothingDone(request)
      await good(confirming(service, request, code))
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
      await expectFoiled(service, () => service.auth.dms.enter({ session: service.maker.session, entry }), {
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
    await good(
      service.auth.registry.register({ userId: odd, role: 'User', origin: 'imported', by: 'import' }),
    )
    const { request } = await entered(service, changing({ surname: 'OLD' }, odd))
    await good(confirming(service, request, await getCode(service, request)))
    const found = await good(service.auth.dms.find({ session: service.maker.session, userId: odd }))
    expect(found).toMatchObject({ surname: 'OLD', role: 'User' })
    expect(found).not.toHaveProperty('remark')
  })

  test('ID-09, ID-11 · DMS creates no DA, and no user with an ID that looks like a DA’s', async () => {
    for (const userId of ['B01234X9', 'b01234z1'])
      await expectFoiled(
        service,
        () => service.auth.dms.enter({ session: service.maker.session, entry: creating(userId) }),
        {
          of: makerId,
          told: { code: 'looks-like-administrator', rule: 'ID-09' },
          reason: {
            ...{ operation: 'dms.enter', reason: 'looks-like-administrator', rule: 'ID-09' },
            subject: userId.toUpperCase(),
          },
        },
      )
    const { request } = await entered(service, creating('B0123405'))
    await good(confirming(service, request, await getCode(service, request)))
    expect(await view(service, { userId: 'B0123405' })).toMatchObject({ role: 'User' })
  })

  test('MNT-08, AUD-03 · a user is refused every operation in DMS', async () => {
    const user = await setUp(service, subjectId, 'MobileApp')
    const session = await loggedIn(service, user)
    const { request } = await entered(service, surname)
    const review = await reviewed(service, request)
    const uses = {
      ...everyUse(service, session, request),
      'dms.getAuthorisationCode': () => service.auth.dms.getAuthorisationCode({ session, review }),
      'dms.reject': () => service.auth.dms.reject({ session, review }),
    }
    for (const [operation, use] of Object.entries(uses))
      await expectFoiled(service, use, {
        of: subjectId,
        told: notAuthorised('MNT-08'),
        reason: { operation, reason: 'not-a-delegated-administrator', rule: 'MNT-08' },
      })
    await expectNothingDone(request)
  })

  test('ACC-12, AUD-03 · a DA who is signed in to the terminal is refused in DMS', async () => {
    const login = PrincipalClass.detailsOf(service.maker.session)
    if (login === undefined) throw new Error('the maker is signed in')
    // As after decommissioning (ACC-13).
    const atTerminal = createSession({ ...login, system: 'CCASS/CCMS' })
    const { request } = await entered(service, surname)
    for (const [operation, use] of Object.entries(everyUse(service, atTerminal, request)))
      await expectFoiled(service, use, {
        of: makerId,
        told: notAuthorised('ACC-12'),
        reason: { operation, reason: 'not-in-dms', rule: 'ACC-12' },
      })
  })

  test.each(['B0123499', 'B01234X9', subjectId])('DMS-02 · %s cannot be a checker', async (checker) => {
    const { request } = await entered(service, surname)
    const code = await getCode(service, request)
    await expectFoiled(service, () => confirming(service, request, code, { checker }), {
      of: makerId,
      told: authorisationRefused,
      reason: {
        operation: 'dms.confirm',
        reason: 'checker-not-of-the-participant',
        rule: 'DMS-02',
        subject: request,
      },
    })
    const malformed = await refusal(confirming(service, request, code, { checker: 'unknown' }))
    expect(malformed).toMatchObject({ code: 'malformed-user-id' })
  })
})
