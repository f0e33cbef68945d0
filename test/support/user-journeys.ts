import { Secret } from 'otpauth/slim'
import { type ParsedUserId, parseUserId } from '../../src/identity/user-id.ts'
import type { Clock, OtpChannel, Policy, ProfileChanges, Session, System } from '../../src/index.ts'
import { totpCode } from '../../src/otp/totp.ts'
import { wrongCodeFor } from '../../src/testing/service-contract/storm.ts'
import { good, type TestService } from './test-service.ts'

/** An authenticator app with one secret. */
export interface Phone {
  /** The code that it shows now, or a number of 30-second steps ago (negative: in the future). */
  code(stepsAgo?: number): string
  readonly secret: Uint8Array
  readonly typedIn: string
}

/** An app into which an enrolment's secret was typed. */
export const phone = (clock: Clock, typedIn: string, policy?: Policy): Phone => {
  const secret = new Uint8Array(Secret.fromBase32(typedIn).buffer)
  return {
    secret,
    typedIn,
    code: (stepsAgo = 0) => totpCode(secret, clock.now() - stepsAgo * 30_000, policy),
  }
}

/** An account holder. */
export interface ClientConnectPerson {
  readonly userId: string
  readonly password: string
  readonly system: System
  readonly channel: OtpChannel
  /** The app, for app users. */
  readonly phone: Phone
}

const thePassword = 'Correct-Horse-1!'

/** A valid password that differs from the usual one. */
export const another = (number: number | string) => `Another-Horse-${number}!`

/** The User ID of a user of B01234. */
export const user = 'B0123401'

/** The User ID of a Delegated Administrator of B01234. */
export const administrator = 'B01234X1'

const id = (userId: string): ParsedUserId => parseUserId(userId)._unsafeUnwrap()
const emailOf = (userId: string) => `${userId.toLowerCase()}@example.com`

/** The sign-in page of a User ID's role. */
export const pageOf = (userId: string): System => (id(userId).role === 'User' ? 'CCASS/CCMS' : 'DMS')

/** Another code with as many digits. */
export const wrong = wrongCodeFor

/** The code in the newest mail to an account. */
export const mailed = ({ mailer }: TestService, userId: string): string => {
  const code = mailer.codeFor(userId)
  if (code === undefined) throw new Error(`no code was mailed to ${userId}`)
  return code
}

/** Registers the account, by default with an email. */
export const registered = async ({ auth }: TestService, userId: string, profile: ProfileChanges = {}) => {
  const { role } = id(userId)
  await good(
    auth.registry.register({
      ...{ userId, role, origin: 'created', by: 'HKEX', email: emailOf(userId) },
      ...profile,
    }),
  )
  return userId
}

/** Sets the first or a forgotten password with the emailed code. */
export const passwordSet = async (service: TestService, userId: string, password = thePassword) => {
  const { passwordSetUp } = service.auth
  const { challenge } = await good(passwordSetUp.begin({ userId }))
  await good(passwordSetUp.confirmCode({ challenge, code: mailed(service, userId) }))
  await good(passwordSetUp.complete({ challenge, password, confirmation: password }))
  return password
}

/** LOG IN with the correct password, which returns the challenge. */
export const begun = async (
  { auth }: TestService,
  person: Pick<ClientConnectPerson, 'userId' | 'password'>,
) => {
  const { userId, password } = person
  return good(auth.signIn.begin({ userId, password, system: pageOf(userId) }))
}

/** Chooses and completes the channel. One time step passes, so that the app shows a valid code. */
export const channelSet = async (
  service: TestService,
  challenge: string,
  userId: string,
  channel: OtpChannel,
) => {
  const { enrolment } = service.auth
  const started = await good(enrolment.chooseChannel({ challenge, channel }))
  const theirs = phone(service.clock, started.channel === 'MobileApp' ? started.secret : 'AAAAAAAA')
  const code = channel === 'MobileApp' ? theirs.code() : mailed(service, userId)
  await good(enrolment.confirm({ challenge, code }))
  service.clock.pass(30_000)
  return theirs
}

/** An account whose 2FA is initialised: password and channel set up as the rulebook says (ACC-01). */
export const initialised = async (
  service: TestService,
  userId: string = user,
  channel: OtpChannel = 'MobileApp',
): Promise<ClientConnectPerson> => {
  await registered(service, userId)
  return setUp(service, userId, channel)
}

/** Takes an account with only an email to one whose 2FA is initialised. */
export const setUp = async (
  service: TestService,
  userId: string,
  channel: OtpChannel,
  chosen = thePassword,
): Promise<ClientConnectPerson> => {
  const password = await passwordSet(service, userId, chosen)
  const { challenge } = await begun(service, { userId, password })
  const theirs = await channelSet(service, challenge, userId, channel)
  // The holder's notices (ACC-17) are sent automatically; tests that count mails start from here.
  await service.auth.outbox.deliver()
  return { userId, password, system: pageOf(userId), channel, phone: theirs }
}

/** Enters the code that completes the open sign-in. */
export const codeOfNow = (service: TestService, person: ClientConnectPerson) =>
  person.channel === 'MobileApp' ? person.phone.code() : mailed(service, person.userId)

/** Signs in completely and returns the session. One time step passes afterwards. */
export const loggedIn = async (service: TestService, person: ClientConnectPerson): Promise<Session> => {
  const { challenge } = await begun(service, person)
  const done = await good(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) }))
  service.clock.pass(30_000)
  if (done.next !== 'done') throw new Error(`not signed in: ${done.next}`)
  return done.session
}

/** Enters a number of wrong passwords in sequence, and returns the codes of the results. */
export const wrongPasswords = async (
  service: TestService,
  person: Pick<ClientConnectPerson, 'userId'>,
  times: number,
) => {
  const { userId } = person
  const codes: string[] = []
  for (let i = 0; i < times; i++) {
    const answer = await service.auth.signIn.begin({
      userId,
      password: `Wrong-Horse-${i}!!!`,
      system: pageOf(userId),
    })
    codes.push(answer.isErr() ? answer.error.code : answer.value.next)
  }
  return codes
}

/**
 * Enters a number of wrong one-time codes, in as many sign-ins as needed, and returns the codes of the
 * results.
 */
export const wrongCodes = async (service: TestService, person: ClientConnectPerson, times: number) => {
  const codes: string[] = []
  let challenge: string | undefined
  for (let i = 0; i < times; i++) {
    challenge ??= (await begun(service, person)).challenge
    const answer = await service.auth.signIn.confirmOtp({
      challenge,
      code: wrong(codeOfNow(service, person)),
    })
    codes.push(answer.isErr() ? answer.error.code : answer.value.next)
    if (codes.at(-1) !== 'code-refused') challenge = undefined
  }
  return codes
}

/** Locks the account with five wrong passwords. */
export const locked = async (service: TestService, person: ClientConnectPerson) => {
  await wrongPasswords(service, person, 5)
  return person
}

/** Unlock/Reset OTP Device Registration, by the DA or HKEX. */
export const unlocked = ({ auth }: TestService, { userId }: Pick<ClientConnectPerson, 'userId'>) =>
  good(auth.registry.unlock({ userId, by: 'B01234X1' }))

/** The view of an account. */
export const view = ({ auth }: TestService, { userId }: Pick<ClientConnectPerson, 'userId'>) =>
  good(auth.registry.view({ userId }))
