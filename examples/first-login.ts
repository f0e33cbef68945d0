/**
 * The README's ten minutes: from "has only an email" to "logs in with password and OTP". The README shows
 * the regions of this file as they stand; a test holds the two together.
 */
import assert from 'node:assert/strict'
import { createAuthentication } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { systemClock } from 'ccass-2fa/system-clock'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
// #region ports
import Database from 'libsql'
import { URI } from 'otpauth'

const random = webCryptoRandom()
const mailer = captureMailer() // yours sends; this one keeps what it is given
const auth = createAuthentication({
  storage: sqliteStorage(new Database(':memory:')), // or a file
  clock: systemClock(),
  mailer,
  passwordHasher: argon2Hasher(),
  random,
  secretBox: webCryptoSecretBox([{ id: 'k1', key: random.bytes(32) }]), // yours is kept safe
  onFault: ({ port, error }) => console.error(port, error),
})
// #endregion

// #region password
const userId = 'B0123401'
const password = 'Correct-Horse#Battery9'
await auth.registry.register({
  userId,
  role: 'User',
  origin: 'created',
  email: 'holder@participant.example',
  by: 'me',
})
const begun = await auth.passwordSetUp.begin({ userId })
if (begun.isErr()) throw new Error(begun.error.code)
const { challenge } = begun.value
await auth.passwordSetUp.confirmCode({ challenge, code: mailer.codeFor(userId) ?? '' })
await auth.passwordSetUp.complete({ challenge, password, confirmation: password })
// #endregion

// #region channel
const first = await auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' })
if (first.isErr() || first.value.next !== 'enrolOtp') throw new Error('the channel comes first')
const app = await auth.enrolment.chooseChannel({ challenge: first.value.challenge, channel: 'MobileApp' })
if (app.isErr()) throw new Error(app.error.code)
const phone = URI.parse(app.value.uri) // otpauth://totp/…: as a QR code, for the holder's eyes alone
await auth.enrolment.confirm({ challenge: app.value.challenge, code: phone.generate() })
// #endregion

// The enrolment's own code is spent (OTP-05): the app's next one is in the library's window already.
const nextCode = () => ('period' in phone ? phone.generate({ timestamp: Date.now() + 30_000 }) : '')

// #region login
const step = await auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' })
// ok:  { next: 'otp' | 'changePassword' | 'enrolOtp', challenge, … }
// err: { code: 'sign-in-refused', rule: 'LOCK-11' }, whatever the reason
if (step.isErr()) throw new Error(step.error.code)
const done = await auth.signIn.confirmOtp({ challenge: step.value.challenge, code: nextCode() })
const answer = done.match(
  (confirmed) => (confirmed.next === 'done' ? `logged in: ${confirmed.session.userId}` : 'set up anew'),
  (refusal) => {
    switch (refusal.code) {
      case 'code-refused':
        return 'try again'
      case 'challenge-ended':
        return 'back to the login page'
      default:
        return refusal.code
    }
  },
)
// #endregion

console.log(answer)
assert.equal(answer, 'logged in: B0123401')
