// A first login from an email alone, and the login after it; storage in memory, everything else as it would be.
import { createAuthentication, type Result, type Session } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { memoryStorage } from 'ccass-2fa/memory'
import { totpCode } from 'ccass-2fa/rules'
import { systemClock } from 'ccass-2fa/system-clock'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'

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

const userId = 'B0123401'
const password = 'Correct-Horse#Staple9'
const system = 'CCASS/CCMS'
const random = webCryptoRandom()
const mailer = captureMailer()
const machine = systemClock()
let later = 0
const auth = createAuthentication({
  storage: memoryStorage(),
  clock: { now: () => machine.now() + later },
  mailer,
  passwordHasher: argon2Hasher({ memoryKiB: 1_024, passes: 1, lanes: 1 }),
  random,
  secretBox: webCryptoSecretBox([{ id: 'k1', key: random.bytes(32) }]),
})
const now = () => machine.now() + later

await must(
  auth.registry.register({ userId, role: 'User', origin: 'created', by: 'consumer', email: 'a@example.com' }),
)
const { challenge } = await must(auth.passwordSetUp.begin({ userId }))
await must(auth.passwordSetUp.confirmCode({ challenge, code: mailer.codeFor(userId) ?? '' }))
await must(auth.passwordSetUp.complete({ challenge, password, confirmation: password }))

const first = await must(auth.signIn.begin({ userId, password, system }))
if (first.next !== 'enrolOtp') throw new Error(first.next)
const app = await must(auth.enrolment.chooseChannel({ challenge: first.challenge, channel: 'MobileApp' }))
if (app.channel !== 'MobileApp') throw new Error(app.channel)
const secret = fromBase32(app.secret)
await must(auth.enrolment.confirm({ challenge: app.challenge, code: totpCode(secret, now()) }))

later += 30_000
const step = await must(auth.signIn.begin({ userId, password, system }))
const done = await must(auth.signIn.confirmOtp({ challenge: step.challenge, code: totpCode(secret, now()) }))
if (done.next !== 'done') throw new Error(done.next)
const session: Session = await must(auth.sessions.check({ session: done.session }))
console.log(`logged in: ${session.userId}, ${session.method}`)
