/**
 * An outsider who sends invented challenges for the same User IDs cannot keep an honest caller from acting.
 */
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Authentication, StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import {
  changing,
  checkerId,
  confirming,
  dmsTestService,
  entered,
  getCode,
  makerId,
  subjectId,
} from '../support/dms.ts'
import { sqlite } from '../support/storages.ts'
import { codeOf, good, recordOf, refusalsOf, testService } from '../support/test-service.ts'
import { begun, initialised, user } from '../support/user-journeys.ts'
import { expectWholeStore } from '../support/whole-store.ts'

/** A database some milliseconds away, so that records often change between loading and committing. */
const distant = (inner: StoragePort): StoragePort => {
  const away = () => new Promise<void>((resolve) => setTimeout(resolve, 2 + Math.random() * 6))
  return {
    ...inner,
    load: async (keys) => {
      await away()
      return inner.load(keys)
    },
    commit: async (commit) => {
      await away()
      return inner.commit(commit)
    },
  }
}

/**
 * Sends 150 invented challenges per second for some User IDs, to each operation in turn, while the work runs.
 */
const pestered = async <T>(auth: Authentication, userIds: readonly string[], work: () => Promise<T>) => {
  const answers: Promise<unknown>[] = []
  let sent = 0
  const pester = () => {
    const userId = userIds[sent % userIds.length] ?? ''
    const challenge = `${userId}.${randomBytes(16).toString('hex')}`
    const operations = [
      () => auth.signIn.cancel({ challenge }),
      () => auth.signIn.confirmOtp({ challenge, code: '123456' }),
      () => auth.passwordSetUp.confirmCode({ challenge, code: '12345678' }),
      () => auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }),
    ]
    answers.push(Promise.resolve(operations[sent++ % operations.length]?.()))
  }
  const timer = setInterval(() => {
    for (let i = 0; i < 3; i++) pester()
  }, 20)
  try {
    return { done: await work(), sent: () => sent, settled: () => Promise.all(answers) }
  } finally {
    clearInterval(timer)
  }
}

describe.each([
  ['memory', memoryStorage],
  ['SQLite', sqlite],
] as const)('on %s with a latency of a few milliseconds', (_, open) => {
  test('AUD-08, LOCK-09 · no sign-in of the holder gets busy, and only the holder’s operations change the version of the account', async () => {
    const service = testService({ storage: distant(open()) })
    const person = await initialised(service)
    const versionBefore = (await recordOf(service, user))?.version ?? 0
    const outsider = service.another()
    const { done, settled, sent } = await pestered(outsider, [user], async () => {
      const answers: string[] = []
      for (let i = 0; i < 12; i++) {
        const { challenge } = await begun(service, person)
        answers.push(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() })))
        service.clock.pass(30_000)
      }
      return answers
    })
    await settled()
    expect(done).toEqual(Array(12).fill('ok'))
    expect(sent()).toBeGreaterThan(20)
    expect((await recordOf(service, user))?.version).toBe(versionBefore + 24)
    expect((await refusalsOf(service, user)).length).toBeGreaterThan(10)
    await expectWholeStore(service.storage)
  }, 30_000)

  test('AUD-08, DMS-01 · DMS is not blocked: entries are made, and codes issued and confirmed', async () => {
    const service = await dmsTestService({ storage: distant(open()) })
    const { done, settled } = await pestered(service.another(), [makerId, checkerId, subjectId], async () => {
      const answers: string[] = []
      for (let i = 0; i < 6; i++) {
        const { request } = await entered(service, changing({ surname: `CHAN ${'ABCDEF'[i]}` }))
        const code = await getCode(service, request)
        answers.push(await codeOf(confirming(service, request, code)))
      }
      return answers
    })
    await settled()
    expect(done).toEqual(Array(6).fill('ok'))
    await expectWholeStore(service.storage)
  }, 30_000)
})

test('LOCK-06, AUD-01 · a caller with the challenge token can cancel it, and the trail names an unauthenticated caller', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  await good(service.auth.signIn.cancel({ challenge }))
  const trail = await good(service.auth.audit.trail({ userId: user }))
  expect(trail.at(-1)).toMatchObject({
    actor: 'caller',
    event: { type: 'ChallengeEnded', reason: 'cancelled' },
  })
})
