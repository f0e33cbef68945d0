/**
 * Storms from four processes at once on a real PostgreSQL, directly and through PgBouncer in transaction
 * mode.
 * Run by `STORMS=1 vitest run --config test/peers/vitest.config.ts`; both must be installed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Seen } from '../../examples/service/load/ledger.ts'
import { summaryOf } from '../../examples/service/verify/figures.ts'
import { verifyStore } from '../../examples/service/verify/verify-store.ts'
import { tally } from '../../src/testing/service-contract/storm.ts'
import { good } from '../support/test-service.ts'
import { type PostgresServer, startPostgres } from './support/postgres.ts'
import { type Crew, crew } from './support/storm-crew.ts'
import { appCode, type StormHolder, wrongCode } from './support/storm-holder.ts'

describe.skipIf(process.env['STORMS'] !== '1')('four parallel processes, with STORMS=1', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.close())

  describe.each(['straight', 'through PgBouncer'] as const)('%s', (way) => {
    let all: Crew
    beforeAll(async () => {
      const url = await server.database()
      const bouncer = way === 'straight' ? undefined : await server.bouncer()
      all = await crew([bouncer?.url(new URL(url).pathname.slice(1)) ?? url])
    })
    afterAll(() => all?.close())

    /** An app user with 2FA set up, and a number of open sign-ins. */
    const ready = async (userId: string, logins: number) => {
      await good(all.acts.register(userId))
      const holder = await all.acts.setUp(userId, 'MobileApp')
      const challenges: string[] = []
      for (let i = 0; i < logins; i++) challenges.push((await good(all.acts.begin(userId))).challenge)
      return { holder: holder as Required<StormHolder>, challenges }
    }
    const confirmAll = async (userId: string, codes: readonly { challenge: string; code: string }[]) =>
      all.atOnce(codes, (share, at) => ({ do: 'confirm', at, userId, codes: share }))
    const answersOf = (userId: string, operation: string) => {
      const mine = all.lines().filter((line): line is Seen => 'answer' in line && line.userId === userId)
      return tally(mine.filter((line) => line.operation === operation).map(({ answer }) => answer))
    }
    const view = (userId: string) => good(all.own.auth.registry.view({ userId }))

    test('LOCK-09, LOCK-04 · 200 wrong codes over 200 sign-ins of one account: fifteen are counted, ten are reported as wrong, and the account is locked', async () => {
      const { holder, challenges } = await ready('B0123401', 200)
      const code = wrongCode(holder.secret, all.own.clock.now())
      await confirmAll(
        holder.userId,
        challenges.map((challenge) => ({ challenge, code })),
      )
      expect(answersOf(holder.userId, 'sign-in/otp')).toEqual({ 'code-refused': 10, 'challenge-ended': 190 })
      expect(await view(holder.userId)).toMatchObject({
        locked: true,
        failedAttempts: { passwords: 0, otps: 15 },
      })
    })

    test('LOCK-09, OTP-05 · one correct code sent 50 times in parallel in one sign-in completes it once', async () => {
      const { holder, challenges } = await ready('B0123402', 1)
      const [challenge = ''] = challenges
      const code = appCode(holder.secret, all.own.clock.now())
      await confirmAll(
        holder.userId,
        Array.from({ length: 50 }, () => ({ challenge, code })),
      )
      expect(answersOf(holder.userId, 'sign-in/otp')).toEqual({ ok: 1, 'challenge-ended': 49 })
      expect(await view(holder.userId)).toMatchObject({
        locked: false,
        failedAttempts: { passwords: 0, otps: 0 },
      })
    })

    test('LOCK-09, OTP-05 · one correct code sent in parallel in 50 sign-ins completes one of them', async () => {
      const { holder, challenges } = await ready('B0123403', 50)
      const code = appCode(holder.secret, all.own.clock.now())
      await confirmAll(
        holder.userId,
        challenges.map((challenge) => ({ challenge, code })),
      )
      const answers = answersOf(holder.userId, 'sign-in/otp')
      expect(answers['ok']).toBe(1)
      // The other 49 are replays, each a wrong code; fifteen lock the account.
      expect(answers).toEqual({ ok: 1, 'code-refused': 10, 'challenge-ended': 39 })
    })

    test('LOCK-09, QTA-03 · of 50 parallel creations with a quota of three, three succeed', async () => {
      const userIds = Array.from({ length: 50 }, (_, i) => `B04321${String(i).padStart(2, '0')}`)
      await good(all.own.auth.registry.setMaximum({ participant: 'B04321', maximum: 3, by: 'storm' }))
      await all.atOnce(userIds, (share, at) => ({ do: 'register', at, userIds: share }))
      const answers = userIds.flatMap((userId) => Object.keys(answersOf(userId, 'internal/accounts')))
      expect(answers.filter((answer) => answer === 'ok')).toHaveLength(3)
      expect(answers.filter((answer) => answer === 'quota-exceeded')).toHaveLength(47)
    })

    test('AUD-01, AUD-02, LOCK-09 · afterwards every state is the replay of its trail, and no answered operation is missing', async () => {
      await good(all.own.auth.outbox.deliver())
      const verified = await verifyStore(all.own.storage, all.lines(), true)
      console.log(`${way}: ${summaryOf(verified).join('\n  ')}`)
      expect(verified.problems).toEqual([])
      expect(verified.notices).toMatchObject({ lost: 0, waiting: 0 })
    })
  })
})
