import { Secret } from 'otpauth/slim'
import { type ParsedUserId, parseUserId } from '../../src/identity/user-id.ts'
import type { Clock, OtpChannel, Policy, ProfileChanges, Session, System } from '../../src/index.ts'
import { totpCode } from '../../src/otp/totp.ts'
import { good, type World } from './test-service.ts'

/** An authenticator app with one secret in it. */
export interface Phone {
  /** What it shows now, or showed so many steps of 30 s ago (negative: will show). */
  code(stepsAgo?: number): string
  readonly secret: Uint8Array
  readonly typedIn: string
}

/** A phone that the secret of an enrolment was typed into. */
export const phone = (clock: Clock, typedIn: string, policy?: Policy): Phone => {
  const secret = new Uint8Array(Secret.fromBase32(typedIn).buffer)
  return {
    secret,
    typedIn,
    code: (stepsAgo = 0) => totpCode(secret, clock.now() - stepsAgo * 30_000, policy),
  }
}

/** Someone with an account. */
export interface ClientConnectPerson {
  readonly userId: string
  readonly password: string
  readonly system: System
  readonly channel: OtpChannel
  /** Of app users. */
  readonly phone: Phone
}

const thePassword = 'Correct-Horse-1!'

/** A password that the policy takes, other than the usual one. */
export const another = (number: number | string) => `Another-Horse-${number}!`

/** The User ID of a user of B01234. */
export const user = 'B0123401'

/** The User ID of a Delegated Administrator of B01234. */
export const administrator = 'B01234X1'

const id = (userId: string): ParsedUserId => parseUserId(userId)._unsafeUnwrap()
const emailOf = (userId: string) => `${userId.toLowerCase()}@example.com`

/** The sign-in page of a User ID's role. */
export const pageOf = (userId: string): System => (id(userId).role === 'User' ? 'CCASS/CCMS' : 'DMS')

/** Another code of as many digits. */
export const wrong = (code: string) =>
  String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0')

/** The code in the newest mail to an account. */
export const mailed = ({ mailer }: World, userId: string): string => {
  const code = mailer.codeFor(userId)
  if (code === undefined) throw new Error(`no code was mailed to ${userId}`)
  return code
}

/** The account is registered, with an email unless the profile says otherwise. */
export const registered = async ({ auth }: World, userId: string, profile: ProfileChanges = {}) => {
  const { role } = id(userId)
  await good(
    auth.registry.register({
      ...{ userId, role, origin: 'created', by: 'HKEX', email: emailOf(userId) },
      ...profile,
    }),
  )
  return userId
}

/** The first password, or a forgotten one, is set by the emailed code. */
export const passwordSet = async (world: World, userId: string, password = thePassword) => {
  const { passwordSetUp } = world.auth
  const { challenge } = await good(passwordSetUp.begin({ userId }))
  await good(passwordSetUp.confirmCode({ challenge, code: mailed(world, userId) }))
  await good(passwordSetUp.complete({ challenge, password, confirmation: password }))
  return password
}

/** LOG IN with the right password: the challenge that follows. */
export const begun = async ({ auth }: World, person: Pick<ClientConnectPerson, 'userId' | 'password'>) => {
  const { userId, password } = person
  return good(auth.signIn.begin({ userId, password, system: pageOf(userId) }))
}

/** The channel is chosen and completed. A step passes, so that the phone shows a code that is still good. */
export const channelSet = async (world: World, challenge: string, userId: string, channel: OtpChannel) => {
  const { enrolment } = world.auth
  const started = await good(enrolment.chooseChannel({ challenge, channel }))
  const theirs = phone(world.clock, started.channel === 'MobileApp' ? started.secret : 'AAAAAAAA')
  const code = channel === 'MobileApp' ? theirs.code() : mailed(world, userId)
  await good(enrolment.confirm({ challenge, code }))
  world.clock.pass(30_000)
  return theirs
}

/** An account whose 2FA is initialised: password and channel set up as the rulebook says (ACC-01). */
export const initialised = async (
  world: World,
  userId: string = user,
  channel: OtpChannel = 'MobileApp',
): Promise<ClientConnectPerson> => {
  await registered(world, userId)
  return setUp(world, userId, channel)
}

/** From an account with an email alone to one whose 2FA is initialised. */
export const setUp = async (
  world: World,
  userId: string,
  channel: OtpChannel,
  chosen = thePassword,
): Promise<ClientConnectPerson> => {
  const password = await passwordSet(world, userId, chosen)
  const { challenge } = await begun(world, { userId, password })
  const theirs = await channelSet(world, challenge, userId, channel)
  // What the holder is told of it (ACC-17) is sent by itself; anyone who counts mails, counts from here.
  await world.auth.outbox.deliver()
  return { userId, password, system: pageOf(userId), channel, phone: theirs }
}

/** The code that completes the sign-in just begun. */
export const codeOfNow = (world: World, person: ClientConnectPerson) =>
  person.channel === 'MobileApp' ? person.phone.code() : mailed(world, person.userId)

/** A whole sign-in: the session. A step passes afterwards. */
export const loggedIn = async (world: World, person: ClientConnectPerson): Promise<Session> => {
  const { challenge } = await begun(world, person)
  const done = await good(world.auth.signIn.confirmOtp({ challenge, code: codeOfNow(world, person) }))
  world.clock.pass(30_000)
  if (done.next !== 'done') throw new Error(`not signed in: ${done.next}`)
  return done.session
}

/** So many wrong passwords, one after the other: the answers' codes. */
export const wrongPasswords = async (
  world: World,
  person: Pick<ClientConnectPerson, 'userId'>,
  times: number,
) => {
  const { userId } = person
  const codes: string[] = []
  for (let i = 0; i < times; i++) {
    const answer = await world.auth.signIn.begin({
      userId,
      password: `Wrong-Horse-${i}!!!`,
      system: pageOf(userId),
    })
    codes.push(answer.isErr() ? answer.error.code : answer.value.next)
  }
  return codes
}

/** So many wrong one-time codes, in as many sign-ins as that takes: the answers' codes. */
export const wrongCodes = async (world: World, person: ClientConnectPerson, times: number) => {
  const codes: string[] = []
  let challenge: string | undefined
  for (let i = 0; i < times; i++) {
    challenge ??= (await begun(world, person)).challenge
    const answer = await world.auth.signIn.confirmOtp({ challenge, code: wrong(codeOfNow(world, person)) })
    codes.push(answer.isErr() ? answer.error.code : answer.value.next)
    if (codes.at(-1) !== 'code-refused') challenge = undefined
  }
  return codes
}

/** The account is locked by five wrong passwords. */
export const locked = async (world: World, person: ClientConnectPerson) => {
  await wrongPasswords(world, person, 5)
  return person
}

/** The DA's or HKEX's Unlock/Reset OTP Device Registration. */
export const unlocked = ({ auth }: World, { userId }: Pick<ClientConnectPerson, 'userId'>) =>
  good(auth.registry.unlock({ userId, by: 'B01234X1' }))

/** How an account stands. */
export const view = ({ auth }: World, { userId }: Pick<ClientConnectPerson, 'userId'>) =>
  good(auth.registry.view({ userId }))
