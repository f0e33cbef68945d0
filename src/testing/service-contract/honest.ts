import assert from 'node:assert/strict'
import type { OtpChannel } from '../../identity/otp-channel.ts'
import { assertTrailVerifies, type ServiceCheck } from './invariants.ts'
import { countOf, good, type Holder } from './test-bed.ts'

const userId = 'B0123401'
const participant = 'B01234'

const rightCodeInOneLogin =
  (channel: OtpChannel): ServiceCheck =>
  async (testBed) => {
    const holder = await testBed.holder(userId, channel)
    const challenge = await testBed.begun(holder)
    const code = holder.code()
    const answers = await testBed.atOnce(50, ({ signIn }) => signIn.confirmOtp({ challenge, code }))
    assert.deepEqual(
      answers,
      { ok: 1, 'challenge-ended': 49 },
      'one request completes the sign-in and the others are refused',
    )
    assert.equal(
      await countOf(testBed.storage, userId, 'SignInCompleted'),
      1,
      'the sign-in is completed once',
    )
    assert.equal(
      await countOf(testBed.storage, userId, 'SignInCodeRejected'),
      0,
      'no failed attempt is counted',
    )
    await assertTrailVerifies(testBed, userId)
  }

const rightCodeInManyLogins: ServiceCheck = async (testBed) => {
  const holder = await testBed.holder(userId)
  const challenges: string[] = []
  for (let i = 0; i < 50; i++) challenges.push(await testBed.begun(holder, i))
  const code = holder.code()
  const answers = await testBed.atOnce(50, ({ signIn }, i) =>
    signIn.confirmOtp({ challenge: challenges[i] ?? '', code }),
  )
  assert.equal(answers['ok'], 1, 'a code is accepted once, regardless of the sign-in')
  assert.equal(await countOf(testBed.storage, userId, 'SignInCompleted'), 1, 'one sign-in is completed')
  assert.equal(
    await countOf(testBed.storage, userId, 'SignInCodeRejected'),
    15,
    'each replay is a failed attempt',
  )
  await assertTrailVerifies(testBed, userId)
}

const manyHolders: ServiceCheck = async (testBed) => {
  const holders: Holder[] = []
  for (let i = 0; i < 10; i++) holders.push(await testBed.holder(`B01234${20 + i}`))
  const challenges = await Promise.all(holders.map((holder, i) => testBed.begun(holder, i)))
  const answers = await testBed.atOnce(10, ({ signIn }, i) =>
    signIn.confirmOtp({ challenge: challenges[i] ?? '', code: holders[i]?.code() ?? '' }),
  )
  assert.deepEqual(answers, { ok: 10 }, 'parallel sign-ins are not refused')
  await assertTrailVerifies(testBed, userId)
}

const creations: ServiceCheck = async (testBed) => {
  const auth = testBed.service(0)
  await good(auth.registry.setMaximum({ participant, maximum: 3, by: 'contract' }))
  const answers = await testBed.atOnce(50, ({ registry }, i) =>
    registry.register({ userId: `B01234${10 + i}`, role: 'User', origin: 'created', by: 'contract' }),
  )
  assert.deepEqual(
    answers,
    { ok: 3, 'quota-exceeded': 47 },
    'three accounts are created within a quota of three',
  )
  assert.equal((await good(auth.registry.totals({ participant }))).total, 3, 'three accounts are counted')
  await assertTrailVerifies(testBed, userId)
}

const sameId: ServiceCheck = async (testBed) => {
  const answers = await testBed.atOnce(20, ({ registry }) =>
    registry.register({ userId, role: 'User', origin: 'created', by: 'contract' }),
  )
  assert.deepEqual(answers, { ok: 1, 'user-id-taken': 19 }, 'a User ID is allocated once')
  await assertTrailVerifies(testBed, userId)
}

/**
 * Legitimate users in parallel, and limited resources: each user gets their own, and nothing is handed out
 * twice.
 */
export const honestChecks: Readonly<Record<string, ServiceCheck>> = {
  'codes · one correct code from an app, 50 times concurrently: one sign-in':
    rightCodeInOneLogin('MobileApp'),
  'codes · one correct code by email, 50 times concurrently: one sign-in': rightCodeInOneLogin('Email'),
  'codes · one correct code concurrently in 50 sign-ins: one sign-in': rightCodeInManyLogins,
  'concurrency · ten holders who sign in concurrently all succeed': manyHolders,
  'quota · 50 concurrent creations within a quota of three: three accounts': creations,
  'User IDs · 20 concurrent creations with one User ID: one account': sameId,
}
