/** DMS-05: what can still be done with a request that is closed, or at the instant at which it expires. */
import { describe, expect, test } from 'vitest'
import { changing, checkerId, dmsTestService, entered, expectFoiled, reviewed } from '../support/dms.ts'
import { good, lastReason, refusal } from '../support/test-service.ts'
import { loggedIn } from '../support/user-journeys.ts'

const notOpen = { code: 'request-not-open', rule: 'DMS-05' } as const
const surname = changing({ surname: 'WONG' })

describe('DMS-05 · a request', () => {
  const closed = (operation: string, request: string) => ({
    ...{ of: checkerId, told: notOpen },
    reason: { operation, reason: 'request-closed', rule: 'DMS-05', subject: request },
  })

  test('that was withdrawn can neither be reviewed nor get a code, although it was reviewed before', async () => {
    const service = await dmsTestService()
    const { dms } = service.auth
    const { session } = service.checker
    const { request } = await entered(service, surname)
    const review = await reviewed(service, request)
    await good(dms.withdraw({ session: service.maker.session, request }))
    await expectFoiled(service, () => dms.review({ session, request }), closed('dms.review', request))
    await expectFoiled(
      service,
      () => dms.getAuthorisationCode({ session, review }),
      closed('dms.getAuthorisationCode', request),
    )
  })

  test('can be reviewed and get a code until its last millisecond', async () => {
    const service = await dmsTestService()
    const { dms } = service.auth
    const { request, expiresAt } = await entered(service, surname)
    service.clock.set(expiresAt - 120_000)
    const session = await loggedIn(service, service.checker)
    service.clock.set(expiresAt - 1)
    const review = await good(dms.review({ session, request }))
    await good(dms.getAuthorisationCode({ session, review }))
    service.clock.set(expiresAt)
    await expectFoiled(service, () => dms.review({ session, request }), closed('dms.review', request))
    await expectFoiled(
      service,
      () => dms.getAuthorisationCode({ session, review }),
      closed('dms.getAuthorisationCode', request),
    )
  })

  test('that does not exist is refused in the same way, and the trail names the reason', async () => {
    const service = await dmsTestService()
    const { session } = service.checker
    const unknown = 'f'.repeat(24)
    expect(await refusal(service.auth.dms.review({ session, request: unknown }))).toMatchObject({
      code: 'request-not-open',
    })
    expect(await lastReason(service, checkerId)).toBe('no-such-request')
  })
})
