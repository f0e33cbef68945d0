import assert from 'node:assert/strict'
import type { OtpChannel } from '../../identity/otp-channel.ts'
import { assertBooks, type ServiceCheck } from './invariants.ts'
import { countOf, good, type Holder } from './test-bed.ts'

const userId = 'B0123401'
const participant = 'B01234'

const rightCodeInOneLogin =
  (channel: OtpChannel): ServiceCheck =>
  async (ground) => {
    const holder = await ground.holder(userId, channel)
    const challenge = await ground.begun(holder)
    const code = holder.code()
    const answers = await ground.atOnce(50, ({ signIn }) => signIn.confirmOtp({ challenge, code }))
    assert.deepEqual(
      answers,
      { ok: 1, 'challenge-ended': 49 },
      'one sign-in, and the others are told it is over',
    )
    assert.equal(await countOf(ground.storage, userId, 'SignInCompleted'), 1, 'it is completed once')
    assert.equal(
      await countOf(ground.storage, userId, 'SignInCodeRejected'),
      0,
      'and no one is counted for it',
    )
    await assertBooks(ground, userId)
  }

const rightCodeInManyLogins: ServiceCheck = async (ground) => {
  const holder = await ground.holder(userId)
  const challenges: string[] = []
  for (let i = 0; i < 50; i++) challenges.push(await ground.begun(holder, i))
  const code = holder.code()
  const answers = await ground.atOnce(50, ({ signIn }, i) =>
    signIn.confirmOtp({ challenge: challenges[i] ?? '', code }),
  )
  assert.equal(answers['ok'], 1, 'a code is good once, whichever sign-in it is given in')
  assert.equal(await countOf(ground.storage, userId, 'SignInCompleted'), 1, 'one sign-in is completed')
  assert.equal(await countOf(ground.storage, userId, 'SignInCodeRejected'), 15, 'each replay is a miss')
  await assertBooks(ground, userId)
}

const manyHolders: ServiceCheck = async (ground) => {
  const holders: Holder[] = []
  for (let i = 0; i < 10; i++) holders.push(await ground.holder(`B01234${20 + i}`))
  const challenges = await Promise.all(holders.map((holder, i) => ground.begun(holder, i)))
  const answers = await ground.atOnce(10, ({ signIn }, i) =>
    signIn.confirmOtp({ challenge: challenges[i] ?? '', code: holders[i]?.code() ?? '' }),
  )
  assert.deepEqual(answers, { ok: 10 }, 'no one is refused for being parallel')
  await assertBooks(ground, userId)
}

const creations: ServiceCheck = async (ground) => {
  const auth = ground.service(0)
  await good(auth.registry.setMaximum({ participant, maximum: 3, by: 'contract' }))
  const answers = await ground.atOnce(50, ({ registry }, i) =>
    registry.register({ userId: `B01234${10 + i}`, role: 'User', origin: 'created', by: 'contract' }),
  )
  assert.deepEqual(answers, { ok: 3, 'quota-exceeded': 47 }, 'three places, three accounts')
  assert.equal((await good(auth.registry.totals({ participant }))).total, 3, 'three are counted')
  await assertBooks(ground, userId)
}

const sameId: ServiceCheck = async (ground) => {
  const answers = await ground.atOnce(20, ({ registry }) =>
    registry.register({ userId, role: 'User', origin: 'created', by: 'contract' }),
  )
  assert.deepEqual(answers, { ok: 1, 'user-id-taken': 19 }, 'a User ID is given once')
  await assertBooks(ground, userId)
}

/** Honest people at once, and what is there once: each gets their own, no one more. */
export const honestChecks: Readonly<Record<string, ServiceCheck>> = {
  'codes · one right code of an app, 50 times at once: one sign-in': rightCodeInOneLogin('MobileApp'),
  'codes · one right code by email, 50 times at once: one sign-in': rightCodeInOneLogin('Email'),
  'codes · one right code at once in 50 sign-ins: one sign-in': rightCodeInManyLogins,
  'honest · ten holders at once all sign in': manyHolders,
  'quota · 50 creations at once into three places: three': creations,
  'IDs · 20 creations at once of one User ID: one': sameId,
}
