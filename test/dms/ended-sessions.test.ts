/** Makers and checkers whose account or session ends between two steps. */
import { beforeEach, describe, expect, test } from 'vitest'
import {
  changing,
  checkerId,
  confirming,
  type DmsTestService,
  dmsTestService,
  entered,
  everyUse,
  expectFoiled,
  getCode,
  type LoggedIn,
  makerId,
  reviewed,
  stageOf,
  subjectId,
} from '../support/dms.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { eventsOf, good } from '../support/test-service.ts'
import { locked, loggedIn, setUp } from '../support/user-journeys.ts'

const authorisationRefused = { code: 'authorisation-refused', rule: 'DMS-04' } as const
const principalVoid = { code: 'session-ended', rule: 'ACC-15' } as const
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
  const registryChange = (
    userId: string,
    changes: Parameters<typeof service.auth.registry.change>[0]['changes'],
  ) => good(service.auth.registry.change({ userId, by: 'HKEX', changes }))

  const formerGeneration = 'session-of-former-epoch'
  const ends: readonly [string, (person: LoggedIn) => Promise<unknown>, string, string][] = [
    [
      'disabled',
      ({ userId }) => registryChange(userId, { status: 'DISABLED' }),
      'checker-disabled',
      'DMS-02',
    ],
    [
      'disabled, and enabled again',
      async ({ userId }) => {
        await registryChange(userId, { status: 'DISABLED' })
        await registryChange(userId, { status: 'ENABLED' })
      },
      `checker-${formerGeneration}`,
      'DMS-02',
    ],
    ['locked', (person) => locked(service, person), 'checker-locked', 'DMS-02'],
    [
      'not enabled yet',
      ({ userId }) => registryChange(userId, { enableFrom: '2099-01-01' }),
      'checker-not-yet-enabled',
      'DMS-02',
    ],
    [
      'enabled no longer',
      ({ userId }) => registryChange(userId, { disableAfter: '2023-01-01' }),
      'checker-no-longer-enabled',
      'DMS-02',
    ],
    [
      'deleted',
      ({ userId }) => good(service.auth.registry.delete({ userId, by: 'HKEX' })),
      'checker-not-of-the-participant',
      'DMS-02',
    ],
    [
      'unlocked',
      ({ userId }) => good(service.auth.registry.unlock({ userId, by: 'HKEX' })),
      `checker-${formerGeneration}`,
      'DMS-02',
    ],
    [
      'unlocked, and set up again',
      async ({ userId }) => {
        await good(service.auth.registry.unlock({ userId, by: 'HKEX' }))
        await setUp(service, userId, 'Email')
      },
      `checker-${formerGeneration}`,
      'DMS-02',
    ],
  ]

  test.each(ends)(
    'DMS-02 · the code of a checker who is %s afterwards is refused',
    async (_, end, reason, rule) => {
      const { request } = await entered(service, surname)
      const code = await getCode(service, request)
      await end(service.checker)
      await expectFoiled(service, () => confirming(service, request, code), {
        of: makerId,
        told: authorisationRefused,
        reason: { operation: 'dms.confirm', reason, rule, subject: request },
      })
      await expectNothingDone(request)
    },
  )

  test.each(ends)(
    'DMS-02, ACC-15 · a checker who is %s after signing in gets no code, and can neither review nor reject',
    async (_, end) => {
      const { request } = await entered(service, surname)
      const review = await reviewed(service, request)
      await end(service.checker)
      const { session } = service.checker
      const { dms } = service.auth
      const uses = {
        'dms.review': () => dms.review({ session, request }),
        'dms.getAuthorisationCode': () => dms.getAuthorisationCode({ session, review }),
        'dms.reject': () => dms.reject({ session, review }),
      }
      for (const [operation, use] of Object.entries(uses))
        await expectFoiled(service, use, {
          ...{
            of: checkerId,
            told: principalVoid,
            reason: { operation, reason: 'session-ended', rule: 'ACC-15' },
          },
        })
      await expectNothingDone(request)
    },
  )

  test.each(ends)(
    'DMS-02, ACC-15 · a maker who is %s after signing in can neither enter, amend, withdraw, confirm nor read',
    async (_, end) => {
      const { request } = await entered(service, surname)
      const code = await getCode(service, request)
      await end(service.maker)
      const { session } = service.maker
      const uses = {
        ...everyUse(service, session, request),
        'dms.confirm': () => confirming(service, request, code),
      }
      for (const [operation, use] of Object.entries(uses))
        await expectFoiled(service, use, {
          ...{
            of: makerId,
            told: principalVoid,
            reason: { operation, reason: 'session-ended', rule: 'ACC-15' },
          },
        })
      await expectNothingDone(request)
    },
  )

  test('DMS-02, ACC-06 · a confirmation is refused if the checker’s last day ends between code and confirmation', async () => {
    await registryChange(checkerId, { disableAfter: '2023-05-03' })
    const midnight = Date.UTC(2023, 4, 3, 16)
    service.clock.set(midnight - 120_000)
    const [maker, session] = [
      await loggedIn(service, service.maker),
      await loggedIn(service, service.checker),
    ]
    service = {
      ...service,
      maker: { ...service.maker, session: maker },
      checker: { ...service.checker, session },
    }
    const { request } = await entered(service, surname)
    const code = await getCode(service, request)
    service.clock.set(midnight)
    await expectFoiled(service, () => confirming(service, request, code), {
      of: makerId,
      told: authorisationRefused,
      reason: {
        operation: 'dms.confirm',
        reason: 'checker-no-longer-enabled',
        rule: 'DMS-02',
        subject: request,
      },
    })
    service.clock.set(midnight - 1)
    await good(confirming(service, request, code))
  })

  test('DMS-04, ACC-15 · a confirmation is refused if the checker’s session expires between code and confirmation, to the millisecond', async () => {
    const { expiresAt } = service.checker.session
    service.clock.set(expiresAt - 90_000)
    service = { ...service, maker: { ...service.maker, session: await loggedIn(service, service.maker) } }
    const { request } = await entered(service, surname)
    const review = await reviewed(service, request)
    const { session } = service.checker
    const code = await good(service.auth.dms.getAuthorisationCode({ session, review }))
    expect(code.expiresAt).toBe(expiresAt)
    service.clock.set(expiresAt)
    await expectFoiled(service, () => confirming(service, request, code.code), {
      of: makerId,
      told: authorisationRefused,
      reason: { operation: 'dms.confirm', reason: 'code-expired', rule: 'DMS-04', subject: request },
    })
    await expectFoiled(service, () => service.auth.dms.getAuthorisationCode({ session, review }), {
      of: checkerId,
      told: principalVoid,
      reason: {
        operation: 'dms.getAuthorisationCode',
        reason: 'session-expired',
        rule: 'ACC-15',
        subject: request,
      },
    })
    service.clock.set(expiresAt - 1)
    await good(confirming(service, request, code.code))
  })

  test('ACC-15 · a maker is refused from the millisecond at which the session expires', async () => {
    const { session } = service.maker
    service.clock.set(session.expiresAt - 90_000)
    service = {
      ...service,
      checker: { ...service.checker, session: await loggedIn(service, service.checker) },
    }
    const { request } = await entered(service, surname)
    const code = await getCode(service, request)
    service.clock.set(session.expiresAt)
    const uses = {
      ...everyUse(service, session, request),
      'dms.confirm': () => confirming(service, request, code),
    }
    for (const [operation, use] of Object.entries(uses))
      await expectFoiled(service, use, {
        ...{
          of: makerId,
          told: principalVoid,
          reason: { operation, reason: 'session-expired', rule: 'ACC-15' },
        },
      })
    service.clock.set(session.expiresAt - 1)
    await good(confirming(service, request, code))
  })
})
