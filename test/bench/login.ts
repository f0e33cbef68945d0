/** A whole sign-in through the service: `begin`, then `confirmOtp`, on storage in memory. */
import { performance } from 'node:perf_hooks'
import { argon2Hasher } from '../../dist/argon2.js'
import { captureMailer } from '../../dist/capture-mailer.js'
import {
  createAuthentication,
  type Observer,
  type PasswordHasher,
  type Result,
  type SecretBox,
  type StoragePort,
} from '../../dist/index.js'
import { memoryStorage } from '../../dist/memory.js'
import { matchTotp, totpCode } from '../../dist/rules.js'
import { webCryptoRandom, webCryptoSecretBox } from '../../dist/web-crypto.js'
import { freeHasher } from './free-hasher.ts'
import { type BenchLine, compare, effort, keep, median } from './harness.ts'

const password = 'Correct-Horse#Staple9'
const userId = 'B0123401'
const start = Date.UTC(2023, 4, 1)

const must = async <T, E extends { readonly code: string }>(
  result: PromiseLike<Result<T, E>>,
): Promise<T> => {
  const settled = await result
  if (settled.isErr()) throw new Error(settled.error.code)
  return settled.value
}

/** Milliseconds spent within ports, by port. */
type Spent = Record<'storage' | 'secretBox', number>

/** The same ports, with their times added up. */
const timed = <T extends object>(port: T, add: (ms: number) => void): T =>
  new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...args: readonly unknown[]) => {
        const before = performance.now()
        try {
          return await Reflect.apply(method, target, args)
        } finally {
          add(performance.now() - before)
        }
      }
    },
  })

/** A service with one account, set up as its holder would do it, and a function that signs in. */
export const holder = async (
  passwordHasher: PasswordHasher,
  {
    spent,
    observer,
    storage = memoryStorage(),
  }: {
    readonly spent?: Spent | undefined
    readonly observer?: Observer | undefined
    readonly storage?: StoragePort
  } = {},
) => {
  let now = start
  let secret: Uint8Array = new Uint8Array()
  const mailer = captureMailer()
  const random = webCryptoRandom()
  const box = webCryptoSecretBox([{ id: 'k1', key: random.bytes(32) }])
  const listening: SecretBox = {
    ...box,
    seal: (sealed, context) => {
      secret = Uint8Array.from(sealed)
      return box.seal(sealed, context)
    },
  }
  const measured = (name: keyof Spent) => (ms: number) => {
    if (spent) spent[name] += ms
  }
  const auth = createAuthentication({
    storage: spent ? timed<StoragePort>(storage, measured('storage')) : storage,
    secretBox: spent ? timed<SecretBox>(listening, measured('secretBox')) : listening,
    // Only with an observer is the second one read, as often as that of `systemClock`.
    clock: { now: () => now, monotonic: () => performance.now() },
    mailer,
    passwordHasher,
    random,
    ...(observer === undefined ? {} : { observer }),
  })
  const code = () => mailer.codeFor(userId) ?? ''
  await must(
    auth.registry.register({
      userId,
      role: 'User',
      origin: 'created',
      by: 'bench',
      email: 'holder@example.com',
    }),
  )
  const first = await must(auth.passwordSetUp.begin({ userId }))
  await must(auth.passwordSetUp.confirmCode({ ...first, code: code() }))
  await must(auth.passwordSetUp.complete({ ...first, password, confirmation: password }))
  const begun = await must(auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' }))
  await must(auth.enrolment.chooseChannel({ challenge: begun.challenge, channel: 'MobileApp' }))
  await must(auth.enrolment.confirm({ challenge: begun.challenge, code: totpCode(secret, now) }))

  /** The code that the app shows next. Each is valid once, so every sign-in is half a minute later. */
  const nextCode = () => {
    now += 30_000
    return totpCode(secret, now)
  }
  const login = async (otp: string) => {
    const { challenge } = await must(auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' }))
    const done = await must(auth.signIn.confirmOtp({ challenge, code: otp }))
    if (done.next !== 'done') throw new Error(done.next)
  }
  return { login, nextCode }
}

/** The time per sign-in of a new account, in nanoseconds, without computing the app's codes. */
const timeLogins = async (logins: number, spent?: Spent): Promise<number> => {
  const { login, nextCode } = await holder(freeHasher, { spent })
  await login(nextCode())
  if (spent) Object.assign(spent, { storage: 0, secretBox: 0 })
  let total = 0
  for (let i = 0; i < logins; i++) {
    const otp = nextCode()
    const before = performance.now()
    await login(otp)
    total += performance.now() - before
  }
  return (total / logins) * 1e6
}

/** The rows of the table: the sign-in with a free hasher, and where its time is spent. */
export const loginLines = async (): Promise<readonly BenchLine[]> => {
  const secret = webCryptoRandom().bytes(20)
  const code = totpCode(secret, start)
  const { totp } = await compare({ totp: () => keep(matchTotp({ secret, code, now: start })) })
  await timeLogins(effort.logins)
  const took: number[] = []
  const parts: Spent[] = []
  for (let round = 0; round < effort.rounds; round++) {
    took.push(await timeLogins(effort.logins))
    const spent: Spent = { storage: 0, secretBox: 0 }
    await timeLogins(effort.logins, spent)
    parts.push(spent)
  }
  const login = median(took)
  const part = (name: keyof Spent) => (median(parts.map((spent) => spent[name])) / effort.logins) * 1e6
  const share = (what: string, ns: number): BenchLine => ({
    what: `  of it: ${what}, ${((100 * ns) / login).toFixed(0)} %`,
    ours: ns,
  })
  return [
    { what: 'begin + confirmOtp, free hasher', ours: login },
    share('storage in memory, JSON copies (2 loads, 2 commits)', part('storage')),
    share('WebCrypto (an HMAC, an AES-GCM decryption)', part('secretBox')),
    share('matching the TOTP', totp),
  ]
}

/** The row for the sign-in with Argon2id, against verifying only the hash. */
export const hashedLoginLine = async (): Promise<BenchLine> => {
  const hasher = argon2Hasher()
  const { login, nextCode } = await holder(hasher)
  const hash = await hasher.hash(password)
  await login(nextCode())
  const pairs: { readonly ours: number; readonly bare: number }[] = []
  const run = async (work: () => Promise<unknown>) => {
    const before = performance.now()
    await work()
    return (performance.now() - before) * 1e6
  }
  for (let round = 0; round < effort.hashes; round++) {
    const otp = nextCode()
    const bareFirst = round % 2 === 0 ? await run(() => hasher.verify(hash, password)) : undefined
    const ours = await run(() => login(otp))
    pairs.push({ ours, bare: bareFirst ?? (await run(() => hasher.verify(hash, password))) })
  }
  return {
    what: 'begin + confirmOtp, Argon2id (64 MiB, 3 passes, 4 lanes)',
    ours: median(pairs.map(({ ours }) => ours)),
    peer: { name: 'bare verify', time: median(pairs.map(({ bare }) => bare)) },
    ratio: median(pairs.map(({ ours, bare }) => ours / bare)),
    aim: 'argon2',
  }
}
