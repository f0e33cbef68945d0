import { expect } from 'vitest'
import type { EntryInput } from '../../src/dms/enter-request.ts'
import type { Review } from '../../src/dms/review.ts'
import {
  createAuthentication,
  definePolicy,
  defineTimeline,
  type RecordKind,
  type Refusal,
  type ResultAsync,
  type Session,
  type TimelineInput,
  type TrailEntry,
} from '../../src/index.ts'
import {
  eventsOf,
  good,
  opened,
  openedState,
  portsOf,
  refusal,
  type TestService,
  type TestServiceOptions,
  type Told,
  testService,
  wholeTrail,
} from './test-service.ts'
import { type ClientConnectPerson, initialised, loggedIn, registered } from './user-journeys.ts'

/** Two Delegated Administrators of B01234, and one of another participant. */
export const [makerId, checkerId, strangerId] = ['B01234X1', 'B01234X2', 'B09999X1'] as const

/** A user of B01234. */
export const subjectId = 'B0123401'

/** A signed-in user. */
export interface LoggedIn extends ClientConnectPerson {
  readonly session: Session
}

/** Creates an account with 2FA and signs it in. */
export const arrived = async (service: TestService, userId: string): Promise<LoggedIn> => {
  const person = await initialised(service, userId)
  return { ...person, session: await loggedIn(service, person) }
}

/** A test service with two Delegated Administrators signed in to DMS, and a registered user. */
export interface DmsTestService extends TestService {
  readonly maker: LoggedIn
  readonly checker: LoggedIn
}

/** The options of the test bed. */
export interface DmsTestServiceOptions extends TestServiceOptions {
  readonly timeline?: TimelineInput
  readonly maximum?: number
}

/** A service over the same ports with a timeline; its session comes from another sign-in. */
export const byTimeline = (
  { policy = {} }: DmsTestServiceOptions,
  service: TestService,
  timeline: TimelineInput,
) =>
  createAuthentication({
    ...portsOf(service),
    policy: definePolicy(policy)._unsafeUnwrap(),
    timeline: defineTimeline(timeline)._unsafeUnwrap(),
  })

/** Creates the test bed: maker and checker signed in, and one user with an email. */
export const dmsTestService = async ({
  maximum = 20,
  timeline,
  ...options
}: DmsTestServiceOptions = {}): Promise<DmsTestService> => {
  const service = testService(options)
  await good(service.auth.registry.setMaximum({ participant: 'B01234', maximum, by: 'HKEX' }))
  const maker = await arrived(service, makerId)
  const checker = await arrived(service, checkerId)
  await registered(service, subjectId, { surname: 'CHAN', otherNames: 'TAI MAN' })
  const auth = timeline === undefined ? service.auth : byTimeline(options, service, timeline)
  return { ...service, auth, maker, checker }
}

/** A change of a profile, as the page submits it. */
export const changing = (
  changes: Extract<EntryInput, { kind: 'change' }>['changes'],
  userId: string = subjectId,
): EntryInput => ({ kind: 'change', userId, changes })

/** Unlock/Reset OTP Device Registration. */
export const unlocking = (userId: string = subjectId): EntryInput => ({
  ...{ kind: 'change', userId, changes: {}, unlock: true },
})

/** The creation of a user. */
export const creating = (
  userId: string,
  profile: Extract<EntryInput, { kind: 'create' }>['profile'] = {},
): EntryInput => ({ kind: 'create', userId, profile })

/** The deletion of a user. */
export const deleting = (userId: string = subjectId): EntryInput => ({ kind: 'delete', userId })

type By = Pick<LoggedIn, 'session'>

/** The maker enters a request. */
export const entered = (service: DmsTestService, entry: EntryInput, { session }: By = service.maker) =>
  good(service.auth.dms.enter({ session, entry }))

/** The checker reviews a request. */
export const reviewed = (
  service: DmsTestService,
  request: string,
  { session }: By = service.checker,
): Promise<Review> => good(service.auth.dms.review({ session, request }))

/** The checker reviews a request and gets a code for it. */
export const getCode = async (
  service: DmsTestService,
  request: string,
  { session }: By = service.checker,
) => {
  const review = await reviewed(service, request, { session })
  return (await good(service.auth.dms.getAuthorisationCode({ session, review }))).code
}

/** Confirms a request with Checker ID and code on the maker's page. */
export const confirming = (
  service: DmsTestService,
  request: string,
  code: string,
  { by = service.maker, checker = checkerId as string, auth = service.auth } = {},
) => auth.dms.confirm({ ...{ session: by.session, request }, checkerId: checker, authorisationCode: code })

/** Enters, reviews, approves and confirms a request. */
export const carriedThrough = async (service: DmsTestService, entry: EntryInput) => {
  const { request } = await entered(service, entry)
  await good(confirming(service, request, await getCode(service, request)))
  return request
}

/** The key of a record of B01234. */
export const keyAt = (kind: RecordKind, id: string) => ({ participant: 'B01234', kind, id })

/** The state of a record of B01234, with its personal data. */
export const storedAt = async ({ storage }: Pick<TestService, 'storage'>, kind: RecordKind, id: string) =>
  openedState((await storage.load([keyAt(kind, id)]))[0]) as Readonly<Record<string, unknown>> | undefined

/** The stage of a request. */
export const stageOf = async (service: Pick<TestService, 'storage'>, request: string) =>
  (await storedAt(service, 'request', request))?.['stage']

/** The trail of a record of B01234. */
export const trailAt = async ({ storage }: Pick<TestService, 'storage'>, kind: RecordKind, id: string) =>
  (await wholeTrail(storage, keyAt(kind, id))).map(opened)

const toldIn = (entries: readonly Pick<TrailEntry, 'event'>[]) => entries.map(({ event }) => event as Told)

/** The newest event of a checker's codes. */
export const lastOfCodes = async (service: Pick<TestService, 'storage'>, checker: string = checkerId) =>
  toldIn(await trailAt(service, 'authorisation', checker)).at(-1)

/** The refused operations in an account's trail. */
export const refusedActs = async (service: Pick<TestService, 'storage'>, userId: string) =>
  (await eventsOf(service, userId)).filter(({ type }) => type === 'AdministrationRefused')

/** The expected result of an attack. */
export interface Foiled {
  /** The account in whose trail it is recorded. */
  readonly of: string
  /** The caller's refusal. */
  readonly told: { readonly code: Refusal['code'] } & Readonly<Record<string, unknown>>
  /** The trail's reason. */
  readonly reason: Readonly<Record<'operation' | 'reason' | 'rule', string>> & { readonly subject?: string }
}

/**
 * Checks that an operation is refused with the right code, and recorded once more in the trail of the account
 * that tried.
 */
export const expectFoiled = async (
  service: Pick<TestService, 'storage' | 'clock'>,
  operation: () => ResultAsync<unknown, Refusal>,
  { of, told, reason }: Foiled,
) => {
  const before = await refusedActs(service, of)
  const answer = await refusal(operation())
  expect(answer).toEqual(expect.objectContaining(told))
  const since = (await refusedActs(service, of)).slice(before.length)
  expect(since).toEqual([
    { subject: expect.any(String), ...reason, type: 'AdministrationRefused', at: service.clock.now() },
  ])
}

/** Everything stored for B01234 as one text: records, vaults and trails. */
export const allThatIsStored = async (service: Pick<TestService, 'storage'>) => {
  const texts: string[] = []
  for (const kind of ['account', 'participant', 'request', 'authorisation'] as const)
    for (const { id, record } of await service.storage.list('B01234', kind, { after: '', limit: 1_000 }))
      texts.push(JSON.stringify([id, record, await trailAt(service, kind, id)]))
  return texts.join('\n')
}

/** Every DMS function that takes a session. */
export const everyUse = (service: DmsTestService, session: Session, request: string) => {
  const { dms } = service.auth
  return {
    'dms.enter': () => dms.enter({ session, entry: changing({ surname: 'WONG' }) }),
    'dms.amend': () => dms.amend({ session, request, entry: changing({ surname: 'WONG' }) }),
    'dms.withdraw': () => dms.withdraw({ session, request }),
    'dms.review': () => dms.review({ session, request }),
    'dms.confirm': () => dms.confirm({ session, request, checkerId, authorisationCode: '00000000' }),
    'dms.find': () => dms.find({ session, userId: subjectId }),
    'dms.findByName': () => dms.findByName({ session, name: 'CHAN' }),
    'dms.listing': () => dms.listing({ session }),
    'dms.proposeUserId': () => dms.proposeUserId({ session }),
  } as const
}
