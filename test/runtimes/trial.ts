/**
 * The trial for every runtime, which uses only what every runtime has: a first sign-in and the next one, and
 * the contracts of the ports that exist there.
 */
import { createAuthentication, type PasswordHasher, type Result, type SecretBox } from 'ccass-2fa'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { memoryStorage } from 'ccass-2fa/memory'
import { pbkdf2Hasher } from 'ccass-2fa/pbkdf2'
import { totpCode } from 'ccass-2fa/rules'
import { systemClock } from 'ccass-2fa/system-clock'
import {
  type ContractCase,
  hasherContract,
  type StorageUnderTest,
  secretBoxContract,
  serviceContract,
  storageContract,
} from 'ccass-2fa/testing'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'

/** The outcome of one trial on one runtime. */
export interface Outcome {
  /** The subject, e.g. `SQLite, bun:sqlite`. */
  readonly what: string
  readonly passed: number
  readonly of: number
  /** The message of each failed case. */
  readonly failures: readonly string[]
}

/** A store that exists on a runtime. */
export interface Store {
  readonly what: string
  readonly make: () => Promise<StorageUnderTest>
  /** Omitted cases: the beginning of their names, and the reason. */
  readonly without?: { readonly cases: readonly string[]; readonly why: string }
}

/** What a runtime has in addition to the common features. */
export interface Environment {
  readonly stores: readonly Store[]
  readonly hashers: readonly { readonly what: string; readonly hasher: PasswordHasher }[]
  readonly secretBox?: { readonly what: string; readonly make: typeof webCryptoSecretBox }
}

const triedOf = async (what: string, cases: readonly ContractCase[]): Promise<Outcome> => {
  const failures: string[] = []
  for (const each of cases)
    try {
      await each.run()
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? ` (${String(error.cause)})` : ''
      failures.push(`${each.name}: ${String(error)}${cause}`)
    }
  return { what, passed: cases.length - failures.length, of: cases.length, failures }
}

const must = async <T, E extends { readonly code: string }>(
  answer: PromiseLike<Result<T, E>>,
): Promise<T> => {
  const result = await answer
  if (result.isErr()) throw new Error(result.error.code)
  return result.value
}

/** The secret as an authenticator app reads it: RFC 4648 Base32. */
const fromBase32 = (text: string) => {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  return Uint8Array.from(bits.join('').match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

/** A registered email, a first password, an authenticator app, a sign-in, five wrong passwords, a lock. */
const signIn = async (
  { storage, close }: StorageUnderTest,
  passwordHasher: PasswordHasher,
  boxOf: (keys: Parameters<typeof webCryptoSecretBox>[0]) => SecretBox,
): Promise<void> => {
  const userId = 'B0123401'
  const password = 'Correct-Horse#Staple9'
  const system = 'CCASS/CCMS'
  const random = webCryptoRandom()
  const mailer = captureMailer()
  const machine = systemClock()
  let later = 0
  const clock = { now: () => machine.now() + later }
  const secretBox = boxOf([{ id: 'k1', key: random.bytes(32) }])
  const auth = createAuthentication({ storage, clock, mailer, passwordHasher, random, secretBox })
  const email = 'a@example.com'
  await must(auth.registry.register({ userId, role: 'User', origin: 'created', by: 'trial', email }))
  const { challenge } = await must(auth.passwordSetUp.begin({ userId }))
  await must(auth.passwordSetUp.confirmCode({ challenge, code: mailer.codeFor(userId) ?? '' }))
  await must(auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
  const first = await must(auth.signIn.begin({ userId, password, system }))
  if (first.next !== 'enrolOtp') throw new Error(first.next)
  const app = await must(auth.enrolment.chooseChannel({ challenge: first.challenge, channel: 'MobileApp' }))
  if (app.channel !== 'MobileApp') throw new Error(app.channel)
  const secret = fromBase32(app.secret)
  await must(auth.enrolment.confirm({ challenge: app.challenge, code: totpCode(secret, clock.now()) }))
  later += 30_000
  const step = await must(auth.signIn.begin({ userId, password, system }))
  const code = totpCode(secret, clock.now())
  const done = await must(auth.signIn.confirmOtp({ challenge: step.challenge, code }))
  if (done.next !== 'done') throw new Error(done.next)
  const session = await must(auth.sessions.check({ session: done.session }))
  if (session.userId !== userId) throw new Error(`a session of ${session.userId}`)
  for (let wrong = 1; wrong <= 5; wrong++) {
    const refused = await auth.signIn.begin({ userId, password: `${password}${wrong}`, system })
    if (refused.isOk()) throw new Error('a wrong password was accepted')
  }
  const locked = await auth.signIn.begin({ userId, password, system })
  if (locked.isOk()) throw new Error('a locked account signed in')
  if ((await auth.sessions.check({ session: done.session })).isOk())
    throw new Error('the session outlived the lock')
  await close?.()
}

const memory: Store = { what: 'memory', make: async () => ({ storage: memoryStorage() }) }

const contractOf = ({ make, without }: Store) =>
  storageContract(make).filter(({ name }) => !without?.cases.some((start) => name.startsWith(start)))

const under = (make: typeof webCryptoSecretBox, fill: number) =>
  make([{ id: 'k1', key: new Uint8Array(32).fill(fill) }])

/** Runs everything that can be tried there. */
export const trial = async ({ stores, hashers, secretBox }: Environment): Promise<readonly Outcome[]> => {
  const all = [memory, ...stores]
  const pbkdf2 = { what: 'pbkdf2', hasher: pbkdf2Hasher({ iterations: 1_000 }) }
  const boxes = [{ what: 'web-crypto', make: webCryptoSecretBox }, ...(secretBox ? [secretBox] : [])]
  const outcomes: Outcome[] = []
  for (const { what, make } of all)
    outcomes.push(
      await triedOf(`sign-in, ${what}`, [
        {
          name: 'set-up, sign-in, lock',
          run: async () => signIn(await make(), pbkdf2.hasher, webCryptoSecretBox),
        },
      ]),
    )
  for (const store of all) outcomes.push(await triedOf(`storage contract, ${store.what}`, contractOf(store)))
  outcomes.push(await triedOf('service contract, memory', serviceContract(memory.make)))
  for (const { what, hasher } of [pbkdf2, ...hashers])
    outcomes.push(
      await triedOf(
        `hasher contract, ${what}`,
        hasherContract(async () => ({ hasher })),
      ),
    )
  for (const { what, make } of boxes)
    outcomes.push(
      await triedOf(
        `secret box contract, ${what}`,
        secretBoxContract(async () => ({
          box: under(make, 1),
          other: under(make, 2),
          second: under(make, 1),
        })),
      ),
    )
  return outcomes
}
