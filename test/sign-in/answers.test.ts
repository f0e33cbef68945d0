/** What each step answers, exactly, and whom the trail names as its actor. */
import { describe, expect, test } from 'vitest'
import {
  good,
  ninetyDays,
  refusal,
  refusalsOf,
  type TestService,
  testService,
  trailOf,
} from '../support/test-service.ts'
import {
  administrator,
  another,
  begun,
  codeOfNow,
  initialised,
  loggedIn,
  mailed,
  passwordSet,
  registered,
  user,
  wrong,
} from '../support/user-journeys.ts'

const system = 'CCASS/CCMS'

/** The actors of a User ID's trails, by type of event. */
const actors = async (service: TestService, userId: string = user) =>
  Object.fromEntries(
    [...(await trailOf(service, userId)), ...(await refusalsOf(service, userId))].map(({ actor, event }) => [
      event.type,
      actor,
    ]),
  )

/** The service at the same instant, over a storage that has lost the contents of every vault. */
const withoutVaults = ({ storage, clock }: TestService): TestService => {
  const load: TestService['storage']['load'] = async (keys) =>
    (await storage.load(keys)).map((record) => record && { ...record, vault: {} })
  const losing = testService({ storage: { ...storage, load } })
  losing.clock.set(clock.now())
  return losing
}

describe('ACC-09, ACC-11 · the first sign-in', () => {
  test('by an app answers with what the app needs, and by email with the channel and the challenge', async () => {
    for (const channel of ['MobileApp', 'Email'] as const) {
      const service = testService()
      await registered(service, user)
      const password = await passwordSet(service, user)
      const { challenge, ...step } = await begun(service, { userId: user, password })
      expect(step).toEqual({ next: 'enrolOtp', suggested: 'MobileApp' })
      const started = await good(service.auth.enrolment.chooseChannel({ challenge, channel }))
      expect(started).toMatchObject({ channel, challenge })
      expect(Object.keys(started).sort()).toEqual(
        channel === 'Email' ? ['challenge', 'channel'] : ['challenge', 'channel', 'secret', 'uri'],
      )
    }
  })

  test('is by an actor without a session throughout', async () => {
    const service = testService()
    const person = await initialised(service, user, 'Email')
    const { challenge } = await begun(service, person)
    service.clock.pass(60_000)
    await good(service.auth.signIn.resendCode({ challenge }))
    await refusal(service.auth.signIn.confirmOtp({ challenge, code: wrong(codeOfNow(service, person)) }))
    await good(service.auth.signIn.cancel({ challenge }))
    const { Registered, ...others } = await actors(service)
    expect(Registered).toBe('HKEX')
    expect(new Set(Object.values(others))).toEqual(new Set(['caller']))
    expect(Object.keys(others)).toEqual(
      expect.arrayContaining([
        'CodeIssued',
        'PasswordSet',
        'ChannelChosen',
        'ChannelEnrolled',
        'ChallengeEnded',
      ]),
    )
  })
})

test('PW-11 · a password that has expired is answered with the instant at which it did', async () => {
  const service = testService()
  const since = service.clock.now()
  const person = await initialised(service)
  for (const later of [0, 1, 86_400_000]) {
    service.clock.set(since + ninetyDays + later)
    expect(await begun(service, person)).toEqual({
      ...{ next: 'changePassword', challenge: expect.any(String) },
      expiredAt: since + ninetyDays,
    })
  }
})

test('PW-15 · a hash with present settings is kept, and one with weaker settings is replaced once', async () => {
  const service = testService()
  const person = await initialised(service)
  const replaced = async () => {
    await begun(service, person)
    return (await trailOf(service, user)).filter(({ event }) => event.type === 'PasswordRehashed')
  }
  expect(await replaced()).toEqual([])
  service.passwordHasher.strength = 2
  expect(await replaced()).toMatchObject([{ actor: 'caller' }])
  expect(await replaced()).toHaveLength(1)
})

test('ACC-09 · a forgotten password: a code is mailed to a user and to a DA alike', async () => {
  const service = testService()
  for (const userId of [user, administrator]) {
    await registered(service, userId)
    await good(service.auth.passwordSetUp.begin({ userId }))
    expect(service.mailer.mails.at(-1)).toMatchObject({ type: 'code', userId, purpose: 'password' })
    expect(mailed(service, userId)).toMatch(/^\d{8}$/)
  }
})

test('MIG-07 · before launch no code for a password is mailed, to a user or to a DA, and from launch on it is', async () => {
  const launch = Date.UTC(2023, 5, 5, 1)
  const service = testService({ timeline: { launch } })
  for (const userId of [user, administrator]) {
    await registered(service, userId)
    service.clock.set(launch - 1)
    const { length } = service.mailer.mails
    await good(service.auth.passwordSetUp.begin({ userId }))
    expect(service.mailer.mails).toHaveLength(length)
    expect((await refusalsOf(service, userId)).at(-1)?.event).toMatchObject({ reason: 'before-launch' })
    service.clock.set(launch)
    await good(service.auth.passwordSetUp.begin({ userId }))
    expect(service.mailer.mails.at(-1)).toMatchObject({ type: 'code', userId })
  }
})

describe('LOCK-11 · a refusal has its code and its rule, and nothing else', () => {
  test('resending to a user of an app', async () => {
    const service = testService()
    const { challenge } = await begun(service, await initialised(service))
    expect(await refusal(service.auth.signIn.resendCode({ challenge }))).toEqual({
      ...{ code: 'not-an-email-user', rule: 'OTP-03' },
    })
  })

  test('a first code before a channel was chosen', async () => {
    const service = testService()
    await registered(service, user)
    const { challenge } = await begun(service, { userId: user, password: await passwordSet(service, user) })
    expect(await refusal(service.auth.enrolment.confirm({ challenge, code: '123456' }))).toEqual({
      ...{ code: 'no-channel-chosen', rule: 'OTP-04' },
    })
  })

  test('another device for a user of emailed codes', async () => {
    const service = testService()
    const session = await loggedIn(service, await initialised(service, user, 'Email'))
    expect(await refusal(service.auth.selfService.changeDevice({ session }))).toEqual({
      ...{ code: 'no-authenticator-app', rule: 'OTP-09' },
    })
  })

  test('a code that could not be sent: whether another attempt makes sense', async () => {
    for (const [outcome, retry] of [
      ['refused', false],
      ['failed', true],
    ] as const) {
      const service = testService({
        between: (ports) => ({
          ...ports,
          mailer: {
            send: () =>
              outcome === 'refused' ? Promise.resolve('refused') : Promise.reject(new Error('busy')),
          },
        }),
      })
      await registered(service, user)
      expect(await refusal(service.auth.passwordSetUp.begin({ userId: user }))).toEqual({
        ...{ code: 'delivery-failed', rule: 'OTP-07', retry },
      })
      const last = (await trailOf(service, user)).at(-1)
      expect(last).toMatchObject({ actor: 'mailer', event: { type: 'CodeUndelivered' } })
    }
  })

  test('a device whose secret the vault has lost', async () => {
    const service = testService()
    const person = await initialised(service)
    const { challenge } = await begun(service, person)
    const losing = withoutVaults(service)
    expect(
      await refusal(losing.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) })),
    ).toEqual({ code: 'port-failed', rule: 'API-02', port: 'secretBox' })
    expect(losing.faults).toMatchObject([{ error: { message: "the vault lacks a device's secret" } }])
  })

  test('a password whose hash the vault has lost: a wrong one, after the same work', async () => {
    const service = testService()
    const person = await initialised(service)
    const losing = withoutVaults(service)
    expect(
      await refusal(losing.auth.signIn.begin({ userId: user, password: person.password, system })),
    ).toEqual({
      ...{ code: 'sign-in-refused', rule: 'LOCK-11' },
    })
    expect(losing.passwordHasher.calls.verify).toBe(1)
  })
})

test('OTP-04 · a secret that was sealed for one account cannot be opened for another', async () => {
  const service = testService()
  const contexts: string[] = []
  const watched = testService({
    storage: service.storage,
    between: (ports) => ({
      ...ports,
      secretBox: {
        ...ports.secretBox,
        seal: (plain, context) => {
          contexts.push(context)
          return ports.secretBox.seal(plain, context)
        },
      },
    }),
  })
  for (const userId of [user, 'B0123402']) await initialised(watched, userId)
  const devices = contexts.filter((context) => context.startsWith('totp-secret:'))
  expect(devices).toEqual([`totp-secret:${user}`, 'totp-secret:B0123402'])
})

test('PW-17 · a new password that equals the present one is refused, and any other is accepted', async () => {
  const service = testService()
  const person = await initialised(service)
  const session = await loggedIn(service, person)
  const change = (password: string) =>
    service.auth.selfService.changePassword({
      ...{ session, current: person.password, password, confirmation: password },
    })
  expect(await refusal(change(person.password))).toMatchObject({ code: 'password-refused' })
  await good(change(another(7)))
})

test('LOCK-16, PRI-01 · what replaces a missing password or code is made once for a service, with a request context too', async () => {
  const made = { hash: 0, mac: 0 }
  const service = testService({
    between: (ports) => ({
      ...ports,
      passwordHasher: {
        ...ports.passwordHasher,
        hash: (password) => {
          made.hash++
          return ports.passwordHasher.hash(password)
        },
      },
      secretBox: {
        ...ports.secretBox,
        mac: (message) => {
          if (message === 'email-code:none') made.mac++
          return ports.secretBox.mac(message)
        },
      },
    }),
  })
  for (let n = 1; n < 4; n++) {
    const context = { source: `192.0.2.${n}` }
    await service.auth.signIn.begin({ userId: user, password: another(n), system, context })
    const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user, context }))
    await service.auth.passwordSetUp.confirmCode({ challenge, code: '12345678', context })
  }
  expect(made).toEqual({ hash: 1, mac: 1 })
})
