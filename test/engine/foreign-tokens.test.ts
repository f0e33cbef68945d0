/**
 * Tokens from elsewhere: of another store, policy, audience, key, user or kind, or of a former version. Each is refused with
 * the same answer, and the same calls of the ports, as an invented one.
 */
import { expect, test } from 'vitest'
import { readTree } from '../../docs/generate/tree.ts'
import { type Authentication, createAuthentication, definePolicy, type Ports } from '../../src/index.ts'
import { HOUR } from '../../src/kernel/instant.ts'
import { createSession, Session } from '../../src/session/session.ts'
import { changing, type DmsTestService, dmsTestService, entered, makerId, reviewed } from '../support/dms.ts'
import { boxUnder, codeOf, good, portsOf, refusal } from '../support/test-service.ts'
import { begun } from '../support/user-journeys.ts'

/** Where a token comes from, other than from the service that refuses it. */
const origins = [
  'another store',
  'another policy',
  'another audience',
  'another key',
  'another user',
  'another kind',
  'a former version',
] as const
type Origin = (typeof origins)[number]

interface Places {
  /** The service that refuses. */
  readonly home: DmsTestService
  /** The same keys and people, over another store. */
  readonly store: DmsTestService
  /** The same store and keys, under a policy with longer limits. */
  readonly lenient: Authentication
  /** The calls of the ports of `home`. */
  readonly calls: string[]
}

/** Presents a token wherever one of its kind is accepted. */
type Use = (home: DmsTestService, token: never) => readonly (() => PromiseLike<string>)[]

interface TokenKind {
  /** The field of an operation's input. */
  readonly field: string
  readonly invented: (places: Places) => unknown
  readonly uses: Use
  /** A token of each origin; or why there is none. */
  readonly from: Readonly<Record<Origin, ((places: Places) => Promise<unknown>) | string>>
}

const sealedBy = async ({ auth }: Pick<DmsTestService, 'auth'>, session: Session) =>
  good(auth.sessions.seal({ session }))

const sealing = ({ home }: Places, content: object, context: string) =>
  home.secretBox.seal(new TextEncoder().encode(JSON.stringify(content)), context)

/** The sealed form of this version, whose fields a former or a foreign one does not have. */
const detailsOf = (session: Session) => {
  const details = Session.detailsOf(session)
  if (details === undefined) throw new Error('not a session')
  return details
}

/** A session opened at `home` under the lenient policy, at an hour at which its own policy has ended it. */
const sessionOfLenient = async ({ home, lenient }: Places): Promise<Session> => {
  const { challenge } = await begun({ ...home, auth: lenient }, home.maker)
  const code = home.maker.phone.code()
  const done = await good(lenient.signIn.confirmOtp({ challenge, code }))
  if (done.next !== 'done') throw new Error(done.next)
  home.clock.pass(8 * HOUR)
  return done.session
}

const usesOfSession: Use = ({ auth }, session) => [
  () => codeOf(auth.sessions.check({ session })),
  () => codeOf(auth.sessions.seal({ session })),
  () => codeOf(auth.sessions.list({ session })),
  () => codeOf(auth.sessions.signOut({ session })),
  () => codeOf(auth.selfService.changeDevice({ session })),
  () => codeOf(auth.dms.enter({ session, entry: changing({ surname: 'HO' }) })),
]

const usesOfChallenge: Use = ({ auth }, challenge) => {
  const password = 'Another-Horse-9!'
  return [
    () => codeOf(auth.signIn.confirmOtp({ challenge, code: '123456' })),
    () => codeOf(auth.signIn.resendCode({ challenge })),
    () => codeOf(auth.signIn.cancel({ challenge })),
    () => codeOf(auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' })),
    () => codeOf(auth.enrolment.confirm({ challenge, code: '123456' })),
    () => codeOf(auth.passwordSetUp.confirmCode({ challenge, code: '12345678' })),
    () => codeOf(auth.passwordSetUp.complete({ challenge, password, confirmation: password })),
  ]
}

const usesOfReview: Use = ({ auth, checker: { session } }, review) => [
  () => codeOf(auth.dms.getAuthorisationCode({ session, review })),
  () => codeOf(auth.dms.reject({ session, review })),
]

const usesOfCursor: Use = ({ auth }, after) => [
  () => codeOf(auth.audit.verify({ participant: 'B01234', after })),
  () => codeOf(auth.audit.records({ participant: 'B01234', after })),
]

const memory = 'it is an object in memory: no key seals it, and it does not outlive its process'

const kinds: Readonly<Record<string, TokenKind>> = {
  session: {
    field: 'session',
    invented: ({ home }) => createSession({ ...detailsOf(home.maker.session), id: 'f'.repeat(32) }),
    uses: usesOfSession,
    from: {
      'another store': async ({ store }) => store.maker.session,
      'another policy': sessionOfLenient,
      'another audience': 'only sessions.open names an audience',
      'another key': memory,
      'another user': async ({ home }) =>
        createSession({ ...detailsOf(home.maker.session), id: home.checker.session.id }),
      'another kind': async ({ home }) => {
        const { challenge } = await begun(home, home.maker)
        return createSession({ ...detailsOf(home.maker.session), id: challenge.slice(9) })
      },
      'a former version': memory,
    },
  },
  'sealed session': {
    field: 'sealed',
    invented: () => 'v1.key-7.AAAA',
    uses: ({ auth }, sealed) => [() => codeOf(auth.sessions.open({ sealed, system: 'DMS' }))],
    from: {
      'another store': async ({ store }) => sealedBy(store, store.maker.session),
      'another policy': async (places) => {
        const session = await sessionOfLenient(places)
        return sealing(places, detailsOf(session), 'session')
      },
      'another audience': async (places) =>
        sealing(places, { ...detailsOf(places.home.maker.session), system: 'CCASS/CCMS' }, 'session'),
      'another key': async ({ home }) =>
        sealedBy(
          { auth: createAuthentication({ ...portsOf(home), secretBox: boxUnder(8) }) },
          home.maker.session,
        ),
      'another user': async (places) => {
        const { home } = places
        return sealing(places, { ...detailsOf(home.maker.session), userId: 'B01234X2' }, 'session')
      },
      'another kind': async ({ home }) => {
        const { request } = await entered(home, changing({ surname: 'HO' }))
        return (await reviewed(home, request)).sealed
      },
      'a former version': async (places) => {
        const { lastUsedAt: _, ...former } = detailsOf(places.home.maker.session)
        return sealing(places, former, 'session')
      },
    },
  },
  challenge: {
    field: 'challenge',
    invented: () => `${makerId}.${'f'.repeat(32)}`,
    uses: usesOfChallenge,
    from: {
      'another store': async ({ store }) => (await begun(store, store.maker)).challenge,
      'another policy': async ({ home, lenient }) =>
        (await begun({ ...home, auth: lenient }, home.maker)).challenge,
      'another audience': 'the page is part of the stored challenge, and no call names one',
      'another key': 'it is random, and no key seals it',
      'another user': async ({ home }) => `${makerId}${(await begun(home, home.checker)).challenge.slice(8)}`,
      'another kind': async ({ home }) => `${makerId}.${home.maker.session.id}`,
      'a former version': 'its form has not changed',
    },
  },
  review: {
    field: 'review',
    invented: () => 'v1.key-7.AAAA',
    uses: usesOfReview,
    from: {
      'another store': 'authentic, but of no request here: recorded (DMS-08), see below',
      'another policy': 'a policy that let one person do both: see below',
      'another audience': 'a review is for DMS alone',
      'another key': async ({ home }) => {
        const auth = createAuthentication({ ...portsOf(home), secretBox: boxUnder(8) })
        const { request } = await entered(home, changing({ surname: 'HO' }))
        return (await reviewed({ ...home, auth }, request)).sealed
      },
      'another user': 'authentic, but of another checker: recorded (DMS-08), see below',
      'another kind': async ({ home }) => sealedBy(home, home.checker.session),
      'a former version': async (places) => {
        const { request } = await entered(places.home, changing({ surname: 'HO' }))
        return sealing(places, { request, checker: 'B01234X2' }, 'dms-review')
      },
    },
  },
  cursor: {
    field: 'after',
    invented: () => '["B09999","account","B0999901"]',
    uses: usesOfCursor,
    from: {
      'another store': 'a cursor is a place, not a secret: it shows records of its own participant alone',
      'another policy': 'a cursor is a place: no policy is part of it',
      'another audience': async () => '["HKABC","account","HKABC101"]',
      'another key': 'no key seals it',
      'another user': 'a cursor is of a participant: see another audience',
      'another kind': async () => 'account/B0123401',
      'a former version': async () => '["account","B0123401"]',
    },
  },
}

/** Records the calls of storage, mailer, hasher and secret box; opening a text is how it is refused. */
const recordingCalls = (ports: Ports, calls: string[]): Ports => {
  const recorded = (name: 'storage' | 'mailer' | 'passwordHasher' | 'secretBox') =>
    new Proxy(ports[name], {
      get: (target, member, receiver) => {
        const found = Reflect.get(target, member, receiver)
        if (typeof found !== 'function') return found
        return (...args: unknown[]) => {
          calls.push(`${name}.${String(member)}`)
          return found.apply(target, args)
        }
      },
    })
  return {
    ...ports,
    ...{ storage: recorded('storage'), mailer: recorded('mailer') },
    ...{ passwordHasher: recorded('passwordHasher'), secretBox: recorded('secretBox') },
  } as Ports
}

/** Random bytes other than those of `home`, which would be the same in every test service. */
const otherRandom = (ports: Ports): Ports => ({
  ...ports,
  random: { bytes: (length) => ports.random.bytes(length).map((byte) => byte ^ 0x5a) },
})

const places = async (): Promise<Places> => {
  const calls: string[] = []
  const home = await dmsTestService({ between: (ports) => recordingCalls(ports, calls) })
  const store = await dmsTestService({ between: otherRandom })
  const policy = definePolicy({ session: { validSeconds: 86_400 }, challenge: { validSeconds: 3_600 } })
  const lenient = createAuthentication({ ...portsOf(home), policy: policy._unsafeUnwrap() })
  home.clock.pass(60_000)
  return { home, store, lenient, calls }
}

/** Presents a token everywhere: the answers, and the calls of the ports for each. */
const presented = async ({ home, calls }: Places, uses: Use, token: unknown) => {
  const all: { answer: string; calls: readonly string[] }[] = []
  for (const use of uses(home, token as never)) {
    calls.length = 0
    const answer = await use()
    all.push({ answer, calls: [...calls] })
  }
  return all
}

const table = Object.entries(kinds).flatMap(([kind, { from }]) =>
  origins.flatMap((origin) => (typeof from[origin] === 'string' ? [] : [[kind, origin] as const])),
)

test.each(table)(
  'ACC-15, OTP-11, DMS-14, API-01 · a %s of %s is refused like an invented one, with no more work',
  async (kind, origin) => {
    const { invented, uses, from } = kinds[kind] as TokenKind
    const make = from[origin]
    if (typeof make === 'string') throw new Error(make)
    const there = await places()
    const token = await make(there)
    const answers = await presented(there, uses, token)
    const reference = await presented(there, uses, invented(there))
    expect(answers.map(({ answer }) => answer)).toEqual(reference.map(({ answer }) => answer))
    expect(answers.map(({ answer }) => answer)).not.toContain('ok')
    // Only what this service's own key has sealed costs the load of its account.
    const load = kind === 'sealed session' ? ['storage.load'] : []
    for (const [i, { calls }] of answers.entries()) {
      const allowed = [...(reference[i]?.calls ?? []), ...load]
      expect(allowed).toEqual(expect.arrayContaining([...calls]))
      expect(calls.length).toBeLessThanOrEqual(allowed.length)
    }
  },
)

test('DMS-14, DMS-08, DMS-02 · an authentic review of another store, checker or policy gives nothing, and is recorded', async () => {
  const { home, store } = await places()
  const { auth } = home
  const { request } = await entered(store, changing({ surname: 'HO' }))
  const foreign = (await reviewed(store, request)).sealed
  const bySeal = { session: home.checker.session, review: foreign }
  expect(await codeOf(auth.dms.getAuthorisationCode(bySeal))).toBe('request-not-open')
  expect(await codeOf(auth.dms.reject(bySeal))).toBe('request-not-open')
  const own = await entered(home, changing({ surname: 'WONG' }))
  const { sealed } = await reviewed(home, own.request)
  const byMaker = { session: home.maker.session, review: sealed }
  expect(await codeOf(auth.dms.getAuthorisationCode(byMaker))).toBe('not-authorised')
  expect(await codeOf(auth.dms.reject(byMaker))).toBe('not-authorised')
  const policy = definePolicy({ dms: { onePersonParticipants: ['B01234'] } })._unsafeUnwrap()
  const alone = createAuthentication({ ...portsOf(home), policy })
  const review = await good(alone.dms.review({ session: home.maker.session, request: own.request }))
  expect(await refusal(auth.dms.getAuthorisationCode({ session: home.maker.session, review }))).toMatchObject(
    {
      code: 'not-authorised',
      rule: 'DMS-02',
    },
  )
  expect(await codeOf(auth.dms.reject({ session: home.maker.session, review }))).toBe('maker-as-checker')
})

/** Fields that hold what a person enters, tested with what they prove. */
const enteredByPeople = ['code', 'authorisationCode']

test('API-01 · every field of an operation that takes a token is in the table, and every text that is sealed', () => {
  const sources = readTree('src', '.ts').filter(
    ({ path }) => !/^src\/(adapters|testing|conformance)\//.test(path),
  )
  const field = /\b(\w+): (?:opaqueText|recordCursor|sessionSchema|ofSession|aReview|cursor\s*\.)/g
  const found = sources.flatMap(({ text }) => [...text.matchAll(field)].map(([, name]) => name as string))
  const covered = [...Object.values(kinds).map((kind) => kind.field), ...enteredByPeople]
  expect([...new Set(found)].sort()).toEqual([...new Set(covered)].sort())
  // Sessions and reviews; an enrolment's secret is sealed for the store, and never leaves it.
  const sealing = sources.filter(({ text }) => /secretBox\.seal\(/.test(text)).map(({ path }) => path)
  expect(sealing.sort()).toEqual(['src/dms/review.ts', 'src/session/sessions.ts', 'src/sign-in/enrolment.ts'])
  // Values that only the library makes are tokens in memory. The other three are the host's own functions and lines.
  const custom = sources.flatMap(({ text }) => [...text.matchAll(/z\.custom<(\w+)/g)].map(([, name]) => name))
  expect([...new Set(custom)].sort()).toEqual(['KeepLines', 'ListingLines', 'Manifest', 'Review', 'Session'])
})
