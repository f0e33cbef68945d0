/**
 * Unlock/Reset OTP Device Registration by two Delegated Administrators: afterwards no old credential works.
 */
import { describe, expect, test } from 'vitest'
import {
  carriedThrough,
  confirming,
  type DmsTestService,
  dmsTestService,
  entered,
  getCode,
  subjectId,
  unlocking,
} from '../support/dms.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { codeOf, count, good, lastReason } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import {
  another,
  begun,
  type ClientConnectPerson,
  codeOfNow,
  locked,
  loggedIn,
  mailed,
  setUp,
  view,
} from '../support/user-journeys.ts'

const page = { userId: subjectId, system: 'CCASS/CCMS' } as const

/** Everything open before the unlock: a sign-in between its factors, a session, a password reset. */
const openThings = async (service: DmsTestService, person: ClientConnectPerson) => {
  const session = await loggedIn(service, person)
  const sealed = await good(service.auth.sessions.seal({ session }))
  const login = await begun(service, person)
  const loginCode = person.channel === 'Email' ? mailed(service, subjectId) : undefined
  const reset = await good(service.auth.passwordSetUp.begin({ userId: subjectId }))
  const proved = await good(service.auth.passwordSetUp.begin({ userId: subjectId }))
  const resetCode = mailed(service, subjectId)
  await service.auth.passwordSetUp.confirmCode({ challenge: proved.challenge, code: resetCode })
  return { session, sealed, login, loginCode, reset, proved, resetCode }
}

describe.each(localTestBeds)('on $name', ({ open }) => {
  test.each([
    ['MobileApp', false],
    ['MobileApp', true],
    ['Email', false],
    ['Email', true],
  ] as const)(
    'ACC-07, ACC-08 · unlocking %s, locked: %s, voids password, device, challenges, codes and sessions at once',
    async (channel, isLocked) => {
      const service = await dmsTestService({ storage: open() })
      const person = await setUp(service, subjectId, channel)
      const was = await openThings(service, person)
      if (isLocked) await locked(service, person)
      await carriedThrough(service, unlocking())

      const { signIn, passwordSetUp, sessions, selfService, enrolment } = service.auth
      expect(await view(service, person)).toMatchObject({
        ...{
          stage: 'Registered',
          locked: false,
          failedAttempts: { passwords: 0, otps: 0, failedSignIns: 0 },
        },
      })
      expect(await codeOf(signIn.begin({ ...page, password: person.password }))).toBe('sign-in-refused')
      expect(await lastReason(service, subjectId)).toBe('no-password-set')
      const code = was.loginCode ?? person.phone.code()
      const answers = {
        'the code of the sign-in under way': signIn.confirmOtp({ challenge: was.login.challenge, code }),
        'another code of it': signIn.resendCode({ challenge: was.login.challenge }),
        'the code of a reset': passwordSetUp.confirmCode({
          challenge: was.reset.challenge,
          code: was.resetCode,
        }),
        'the end of a reset': passwordSetUp.complete({
          challenge: was.proved.challenge,
          password: another(1),
          confirmation: another(1),
        }),
        'the channel': enrolment.chooseChannel({ challenge: was.login.challenge, channel: 'Email' }),
        'the sign-in': sessions.check({ session: was.session }),
        'the sealed sign-in': sessions
          .open({ sealed: was.sealed })
          .andThen((session) => sessions.check({ session })),
        'another device': selfService.changeDevice({ session: was.session }),
      }
      for (const [what, answer] of Object.entries(answers))
        expect([what, await codeOf(answer)]).not.toEqual([what, 'ok'])
      expect(await view(service, person)).toMatchObject({
        stage: 'Registered',
        failedAttempts: { failedSignIns: 0 },
      })

      const renewed = await setUp(service, subjectId, 'MobileApp', another(2))
      const { challenge } = await begun(service, renewed)
      if (channel === 'MobileApp')
        expect(await codeOf(signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe('code-refused')
      expect(await codeOf(signIn.confirmOtp({ challenge, code: codeOfNow(service, renewed) }))).toBe('ok')
      expect(await codeOf(signIn.begin({ ...page, password: person.password }))).toBe('sign-in-refused')
      expect(await codeOf(sessions.check({ session: was.session }))).toBe('session-ended')
      await expectTrailVerifies(service, subjectId)
    },
  )

  test('ACC-08 · everything remains valid until the checker’s code is entered', async () => {
    const service = await dmsTestService({ storage: open() })
    const person = await setUp(service, subjectId, 'MobileApp')
    const { request } = await entered(service, unlocking())
    const code = await getCode(service, request)
    expect((await loggedIn(service, person)).userId).toBe(subjectId)
    await good(confirming(service, request, code))
    expect(await count(service, subjectId, 'Unlocked')).toBe(1)
  })
})
