/**
 * The first sign-in: from an account that has only an email address to a sign-in with a password and a
 * one-time code. README.md and docs/getting-started.md show the regions of this file, and a test compares
 * them.
 */
import assert from 'node:assert/strict'

// #region service
import { createAuthentication } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { systemClock } from 'ccass-2fa/system-clock'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import Database from 'libsql'
import { TOTP } from 'otpauth'

const random = webCryptoRandom()
const mailer = captureMailer() // keeps each mail in memory; use ccass-2fa/smtp to send them
const auth = createAuthentication({
  storage: sqliteStorage(new Database(':memory:')), // a file name makes it durable
  clock: systemClock(),
  mailer,
  passwordHasher: argon2Hasher(),
  random,
  secretBox: webCryptoSecretBox([{ id: 'k1', key: random.bytes(32) }]), // in production, load the key
  onError: ({ port }) => console.error(`${port} failed`),
})
// #endregion

// #region password
const userId = 'B0123401'
const password = 'Correct-Horse#Battery9'
const registered = await auth.registry.register({
  userId,
  role: 'User',
  origin: 'created',
  email: 'holder@participant.example',
  by: 'getting-started', // the audit trail names who acted
})
if (registered.isErr()) throw new Error(registered.error.code)

const setUp = await auth.passwordSetUp.begin({ userId }) // sends a code to the registered email
if (setUp.isErr()) throw new Error(setUp.error.code)
const { challenge } = setUp.value
const code = mailer.codeFor(userId) ?? ''
const confirmed = await auth.passwordSetUp.confirmCode({ challenge, code })
if (confirmed.isErr()) throw new Error(confirmed.error.code)
const completed = await auth.passwordSetUp.complete({ challenge, password, confirmation: password })
if (completed.isErr()) throw new Error(completed.error.code)
console.log('password set')
// #endregion

// #region enrolment
const first = await auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' })
if (first.isErr()) throw new Error(first.error.code)
console.log('after the password:', first.value.next)

const app = await auth.enrolment.chooseChannel({ challenge: first.value.challenge, channel: 'MobileApp' })
if (app.isErr()) throw new Error(app.error.code)
const phone = new TOTP({ secret: app.value.secret }) // show app.value.uri as a QR code; this stands in for a phone
const enrolled = await auth.enrolment.confirm({ challenge: app.value.challenge, code: phone.generate() })
if (enrolled.isErr()) throw new Error(enrolled.error.code)
console.log('authenticator app enrolled')
// #endregion

// #region signIn
const step = await auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' })
if (step.isErr()) throw new Error(step.error.code) // 'sign-in-refused', for every reason (LOCK-11)
console.log('after the password:', step.value.next)

const nextCode = phone.generate({ timestamp: Date.now() + 30_000 }) // a code works once, so take the next one
const done = await auth.signIn.confirmOtp({ challenge: step.value.challenge, code: nextCode })
if (done.isErr()) throw new Error(done.error.code) // 'code-refused': try again; 'challenge-ended': start over
if (done.value.next === 'done') console.log('signed in:', done.value.session.userId)
// #endregion

assert.equal(done.value.next, 'done')
