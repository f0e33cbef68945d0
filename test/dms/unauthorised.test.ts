/** A Delegated Administrator of another participant: as maker, as checker, as reader. */
import { beforeEach, describe, expect, test } from 'vitest'
import {
  arrived,
  changing,
  confirming,
  creating,
  type DmsTestService,
  deleting,
  dmsTestService,
  entered,
  expectFoiled,
  getCode,
  type LoggedIn,
  makerId,
  reviewed,
  stageOf,
  strangerId,
  subjectId,
  unlocking,
} from '../support/dms.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { eventsOf, good } from '../support/test-service.ts'

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

  describe('a DA of another participant', () => {
    let stranger: LoggedIn
    beforeEach(async () => {
      await good(service.auth.registry.setMaximum({ participant: 'B09999', maximum: 5, by: 'HKEX' }))
      stranger = await arrived(service, strangerId)
    })

    test('MNT-08 · cannot be the maker', async () => {
      for (const entry of [surname, unlocking(), deleting(), creating('B0123405')])
        await expectFoiled(service, () => service.auth.dms.enter({ session: stranger.session, entry }), {
          of: strangerId,
          told: notAuthorised('MNT-08'),
          reason: {
            operation: 'dms.enter',
            reason: 'other-participant',
            rule: 'MNT-08',
            subject: entry.userId,
          },
        })
    })

    test('MNT-08, DMS-02 · cannot be the checker: finds no request, and its code is not accepted', async () => {
      const { request } = await entered(service, surname)
      const unknown = { code: 'request-not-open', rule: 'DMS-05', reason: 'unknown' } as const
      const reason = { reason: 'no-such-request', rule: 'DMS-01', subject: request }
      const { session } = stranger
      await expectFoiled(service, () => service.auth.dms.review({ session, request }), {
        ...{ of: strangerId, told: unknown, reason: { operation: 'dms.review', ...reason } },
      })
      await expectFoiled(service, () => service.auth.dms.withdraw({ session, request }), {
        ...{ of: strangerId, told: unknown, reason: { operation: 'dms.withdraw', ...reason } },
      })
      const review = await reviewed(service, request)
      await expectFoiled(service, () => service.auth.dms.getAuthorisationCode({ session, review }), {
        of: strangerId,
        told: notAuthorised('DMS-04'),
        reason: {
          operation: 'dms.getAuthorisationCode',
          reason: 'review-of-another',
          rule: 'DMS-04',
          subject: request,
        },
      })
      await expectFoiled(service, () => service.auth.dms.reject({ session, review }), {
        of: strangerId,
        told: notAuthorised('DMS-02'),
        reason: { operation: 'dms.reject', reason: 'review-of-another', rule: 'DMS-02', subject: request },
      })

      const { request: theirs } = await entered(
        service,
        creating('B0999901'),
        await arrived(service, 'B09999X2'),
      )
      const code = await getCode(service, theirs, stranger)
      for (const checker of [strangerId, strangerId.toLowerCase()])
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
      await expectNothingDone(request)
      await expectFoiled(service, () => confirming(service, request, code, { by: stranger }), {
        ...{ of: strangerId, told: unknown, reason: { operation: 'dms.confirm', ...reason } },
      })
    })

    test('MNT-08, DMS-06 · cannot read any profile, name, list or proposal of the participant', async () => {
      const { session } = stranger
      for (const userId of [subjectId, makerId, 'B0123499'])
        await expectFoiled(service, () => service.auth.dms.find({ session, userId }), {
          of: strangerId,
          told: notAuthorised('MNT-08'),
          reason: { operation: 'dms.find', reason: 'other-participant', rule: 'MNT-08', subject: userId },
        })
      expect(await good(service.auth.dms.findByName({ session, name: 'CHAN' }))).toEqual([])
      const { profiles, totals } = await good(service.auth.dms.listing({ session }))
      expect(profiles.map(({ userId }) => userId)).toEqual([strangerId])
      expect(totals).toMatchObject({ maximum: 5, total: 1 })
      const behind = await good(service.auth.dms.listing({ session, after: 'B01234' }))
      expect(behind.profiles.map(({ userId }) => userId)).toEqual([strangerId])
      expect(await good(service.auth.dms.proposeUserId({ session }))).toBe('B0999900')
    })
  })
})
