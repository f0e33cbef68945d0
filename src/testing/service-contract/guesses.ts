import assert from 'node:assert/strict'
import { assertTrailVerifies, type ServiceCheck } from './invariants.ts'
import { wrongCodeFor } from './storm.ts'
import { countOf, good } from './test-bed.ts'

const userId = 'B0123401'

const codesOverLogins: ServiceCheck = async (testBed) => {
  const { storage, service, atOnce } = testBed
  const holder = await testBed.holder(userId)
  const challenges: string[] = []
  for (let i = 0; i < 200; i++) challenges.push(await testBed.begun(holder, i))
  const code = wrongCodeFor(holder.code())
  const answers = await atOnce(200, ({ signIn }, i) =>
    signIn.confirmOtp({ challenge: challenges[i] ?? '', code }),
  )
  // Every third of the fifteen failed attempts ends its sign-in. Later attempts are not checked.
  assert.deepEqual(
    answers,
    { 'code-refused': 10, 'challenge-ended': 190 },
    'only guesses within the limit are verified',
  )
  const { locked, failedAttempts: attempts } = await good(service(1).registry.view({ userId }))
  assert.deepEqual(
    { locked, failedAttempts: attempts },
    { locked: true, failedAttempts: { ...attempts, passwords: 0, otps: 15 } },
  )
  assert.equal(
    await countOf(storage, userId, 'SignInCodeRejected'),
    15,
    'each failed attempt is counted exactly once',
  )
  assert.equal(await countOf(storage, userId, 'Locked'), 1, 'the account locks once')
  await assertTrailVerifies(testBed, userId)
}

const codesInOneLogin: ServiceCheck = async (testBed) => {
  const { storage, atOnce } = testBed
  const holder = await testBed.holder(userId, 'Email')
  const challenge = await testBed.begun(holder)
  const code = wrongCodeFor(holder.code())
  const answers = await atOnce(200, ({ signIn }) => signIn.confirmOtp({ challenge, code }))
  assert.deepEqual(
    answers,
    { 'code-refused': 2, 'challenge-ended': 198 },
    'the third failed attempt ends the sign-in',
  )
  assert.equal(
    await countOf(storage, userId, 'SignInCodeRejected'),
    3,
    'exactly three wrong codes are counted',
  )
  await assertTrailVerifies(testBed, userId)
}

const passwords: ServiceCheck = async (testBed) => {
  const { storage, service, atOnce } = testBed
  await testBed.holder(userId)
  const answers = await atOnce(200, ({ signIn }, i) =>
    signIn.begin({ userId, password: `Wrong-Horse#Battery${i}`, system: 'CCASS/CCMS' }),
  )
  assert.deepEqual(answers, { 'sign-in-refused': 200 }, 'the answer is always the same')
  assert.equal(
    await countOf(storage, userId, 'PasswordRejected'),
    5,
    'exactly five wrong passwords are counted',
  )
  assert.equal((await good(service(1).registry.view({ userId }))).locked, true, 'the account is locked')
  await assertTrailVerifies(testBed, userId)
}

const rightAmongWrong: ServiceCheck = async (testBed) => {
  const { storage, atOnce } = testBed
  const holder = await testBed.holder(userId)
  await atOnce(100, ({ signIn }, i) =>
    signIn.begin({
      userId,
      password: i === 50 ? holder.password : `Wrong-Horse#Battery${i}`,
      system: 'CCASS/CCMS',
    }),
  )
  const [opened, rejected] = [
    (await countOf(storage, userId, 'PasswordAccepted')) - 1,
    await countOf(storage, userId, 'PasswordRejected'),
  ]
  assert.ok(opened <= 1 && rejected === 5, 'the correct password opens a sign-in before the lock, or none')
  await assertTrailVerifies(testBed, userId)
}

/** Guesses in parallel reveal no more than the limit allows, and all of them are counted. */
export const guessChecks: Readonly<Record<string, ServiceCheck>> = {
  'guesses · 200 concurrent wrong codes over 200 sign-ins: fifteen are counted, and the account is locked':
    codesOverLogins,
  'guesses · 200 concurrent wrong codes in one sign-in: three are counted, and the sign-in ends':
    codesInOneLogin,
  'guesses · 200 concurrent wrong passwords: five are counted, and the account is locked': passwords,
  'guesses · the correct password among wrong ones starts at most one sign-in': rightAmongWrong,
}
