import assert from 'node:assert/strict'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { ResultAsync } from 'neverthrow'
import { Secret } from 'otpauth'
import { type CaptureMailer, captureMailer } from '../../adapters/capture-mailer.ts'
import { webCryptoRandom, webCryptoSecretBox } from '../../adapters/web-crypto.ts'
import { type Authentication, createAuthentication } from '../../authentication.ts'
import type { OtpChannel } from '../../identity/otp-channel.ts'
import { totpCode } from '../../otp/totp.ts'
import { definePolicy } from '../../policy/define.ts'
import { defaultPolicy } from '../../policy/policy.ts'
import type { PasswordHasher } from '../../ports/password-hasher.ts'
import type { StoragePort } from '../../ports/storage.ts'
import type { Refusal } from '../../refusals.ts'
import { accountAt, type StorageUnderTest, trailOf } from '../storage-contract/fixtures.ts'
import { allAtOnce, inTurn } from './storm.ts'

/** A holder whose 2FA is set up. */
export interface Holder {
  readonly userId: string
  readonly password: string
  /** The code that is valid now, from the app or from the newest mail. */
  readonly code: () => string
}

/** Two services over one storage, or over two storages on the same data, and what the cases do with them. */
export interface ServiceTestBed {
  readonly storage: StoragePort
  readonly service: (i: number) => Authentication
  readonly holder: (userId: string, channel?: OtpChannel) => Promise<Holder>
  /** Signs in with the right password and returns the challenge. */
  readonly begun: (holder: Holder, i?: number) => Promise<string>
  /**
   * How often each answer was returned by this many parallel operations, alternating between the services.
   */
  readonly atOnce: (times: number, operation: Act) => Promise<Readonly<Record<string, number>>>
  readonly close: () => Promise<void>
}

type Act = (auth: Authentication, i: number) => ResultAsync<unknown, Refusal>

/** A fast, insecure hasher. It is not the one of the tests, which are not published, and needs no `node:crypto`. */
const stubHasher = (): PasswordHasher => {
  const random = webCryptoRandom()
  const digest = (salt: string, password: string) => bytesToHex(sha256(utf8ToBytes(salt + password)))
  return {
    hash: async (password) => {
      const salt = bytesToHex(random.bytes(8))
      return `${salt}.${digest(salt, password)}`
    },
    verify: async (hash, password) => hash === `${hash.slice(0, 16)}.${digest(hash.slice(0, 16), password)}`,
    needsRehash: () => false,
  }
}

/** Returns the value of a successful answer. Otherwise the case fails. */
export const good = async <T>(answer: ResultAsync<T, Refusal>): Promise<T> => {
  const result = await answer
  if (result.isErr()) assert.fail(`refused during preparation: ${JSON.stringify(result.error)}`)
  return result.value
}

/** The code of an answer. `busy` means slow and is not an answer, so the operation is repeated (LOCK-09). */
const answered = async (operation: () => ResultAsync<unknown, Refusal>): Promise<string> => {
  for (let tries = 0; tries < 100; tries++) {
    const code = await operation().match(
      () => 'ok',
      (refusal) => refusal.code,
    )
    if (code !== 'busy') return code
  }
  return 'busy'
}

const password = 'Correct-Horse#Battery9'

/** How often an event stands in an account's trail. */
export const countOf = async (storage: StoragePort, userId: string, type: string): Promise<number> =>
  (await trailOf(storage, accountAt(userId))).filter(({ event }) => event.type === type).length

/** Sets up 2FA as the rulebook requires (ACC-01). */
const setUp = async (auth: Authentication, mailer: CaptureMailer, userId: string, channel: OtpChannel) => {
  const mailed = () => mailer.codeFor(userId) ?? assert.fail('no code was emailed')
  await good(
    auth.registry.register({
      ...{ userId, role: 'User', origin: 'created', by: 'contract' },
      email: `${userId.toLowerCase()}@participant.example`,
    }),
  )
  const { challenge } = await good(auth.passwordSetUp.begin({ userId }))
  await good(auth.passwordSetUp.confirmCode({ challenge, code: mailed() }))
  await good(auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
  const step = await good(auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' }))
  const enrolment = await good(auth.enrolment.chooseChannel({ challenge: step.challenge, channel }))
  return { ...enrolment, mailed }
}

/** Creates the test bed for one case, with an empty storage. The clock advances only during set-ups. */
export const openTestBed = async ({ storage, second, close }: StorageUnderTest): Promise<ServiceTestBed> => {
  let now = Date.UTC(2023, 5, 5, 1)
  const clock = { now: () => now }
  const [mailer, random] = [captureMailer(), webCryptoRandom()]
  const policy = definePolicy({
    challenge: { maxOpen: 64 },
    emailCode: { rateLimit: { max: 100 } },
  }).unwrapOr(defaultPolicy)
  const shared = {
    ...{ clock, mailer, random, policy },
    passwordHasher: stubHasher(),
    secretBox: webCryptoSecretBox([{ id: 'contract', key: random.bytes(32) }]),
  }
  const over = (each: StoragePort) => createAuthentication({ ...shared, storage: each })
  const service = inTurn([over(storage), over((await second?.()) ?? storage)])

  return {
    storage,
    service,
    close: async () => close?.(),
    holder: async (userId, channel = 'MobileApp') => {
      const auth = service(0)
      const { mailed, ...enrolment } = await setUp(auth, mailer, userId, channel)
      const secret = enrolment.channel === 'MobileApp' ? Secret.fromBase32(enrolment.secret) : undefined
      const code = () => (secret === undefined ? mailed() : totpCode(new Uint8Array(secret.buffer), now))
      await good(auth.enrolment.confirm({ challenge: enrolment.challenge, code: code() }))
      now += 30_000
      return { userId, password, code }
    },
    begun: async ({ userId, password: given }, i = 0) =>
      (await good(service(i).signIn.begin({ userId, password: given, system: 'CCASS/CCMS' }))).challenge,
    atOnce: (times, operation) => allAtOnce(times, (i) => answered(() => operation(service(i), i))),
  }
}
