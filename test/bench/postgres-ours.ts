/** Sign-ins by this library on PostgreSQL. */
import type { Pool } from 'pg'
import { captureMailer } from '../../dist/capture-mailer.js'
import { createAuthentication, type Result, type SecretBox } from '../../dist/index.js'
import { nodeCryptoRandom, nodeCryptoSecretBox } from '../../dist/node-crypto.js'
import { migratePostgres, postgresStorage, preparedStatements } from '../../dist/postgres.js'
import { totpCode } from '../../dist/rules.js'
import { freeHasher } from './free-hasher.ts'
import { type Contestant, type LogIn, password } from './postgres-logins.ts'

const must = async <T, E extends { readonly code: string }>(
  result: PromiseLike<Result<T, E>>,
): Promise<T> => {
  const settled = await result
  if (settled.isErr()) throw new Error(settled.error.code)
  return settled.value
}

const userIdOf = (n: number) => `B${10_000 + n}01`

/**
 * Signs in with this library, with a record cache (warm: two statements) or without (cold: four). Each
 * sign-in has its own time step, because a code is valid once.
 */
export const ours =
  (recordCache: boolean) =>
  (pool: Pool): Contestant => ({
    name: recordCache ? 'ccass-2fa, warm' : 'ccass-2fa, cold',
    prepare: async (people) => {
      await migratePostgres(pool)
      const random = nodeCryptoRandom()
      const box = nodeCryptoSecretBox([{ id: 'k1', key: random.bytes(32) }])
      const mailer = captureMailer()
      let secret: Uint8Array = new Uint8Array()
      const secretBox: SecretBox = {
        ...box,
        seal: (sealed, context) => {
          secret = Uint8Array.from(sealed)
          return box.seal(sealed, context)
        },
      }
      const one = async (n: number): Promise<LogIn> => {
        let now = Date.UTC(2023, 5, 5, 1)
        const auth = createAuthentication({
          storage: postgresStorage(preparedStatements(pool)),
          recordCache,
          clock: { now: () => now },
          mailer,
          passwordHasher: freeHasher,
          random,
          secretBox,
        })
        const userId = userIdOf(n)
        await must(
          auth.registry.register({
            userId,
            role: 'User',
            origin: 'created',
            by: 'bench',
            email: 'a@b.example',
          }),
        )
        const { challenge } = await must(auth.passwordSetUp.begin({ userId }))
        await must(auth.passwordSetUp.confirmCode({ challenge, code: mailer.codeFor(userId) ?? '' }))
        await must(auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
        const begin = () => must(auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' }))
        const { challenge: first } = await begin()
        await must(auth.enrolment.chooseChannel({ challenge: first, channel: 'MobileApp' }))
        const key = secret
        await must(auth.enrolment.confirm({ challenge: first, code: totpCode(key, now) }))
        return async () => {
          now += 30_000
          const { challenge: login } = await begin()
          const done = await must(auth.signIn.confirmOtp({ challenge: login, code: totpCode(key, now) }))
          if (done.next !== 'done') throw new Error(done.next)
        }
      }
      const all: LogIn[] = []
      for (let n = 0; n < people; n++) all.push(await one(n))
      return all
    },
  })
