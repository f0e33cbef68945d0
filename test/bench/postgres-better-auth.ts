/** Sign-ins by better-auth and its twoFactor plugin on PostgreSQL. */
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { twoFactor } from 'better-auth/plugins'
import { Secret, TOTP, URI } from 'otpauth'
import type { Pool } from 'pg'
import { type Contestant, type LogIn, password } from './postgres-logins.ts'

const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')

const must = async (response: Response): Promise<Response> => {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return response
}

/** better-auth without its limits, telemetry and logger; neither library sends mail for a sign-in. */
export const betterAuths = (pool: Pool): Contestant => ({
  name: 'better-auth 1.7',
  prepare: async (people) => {
    const options = {
      database: pool,
      baseURL: 'http://localhost:3000',
      secret: 'a secret for the bench alone, of some length',
      rateLimit: { enabled: false },
      telemetry: { enabled: false },
      logger: { disabled: true },
      emailAndPassword: {
        enabled: true,
        password: {
          hash: async (text: string) => `free:${text}`,
          verify: async (data: { hash: string; password: string }) => data.hash === `free:${data.password}`,
        },
      },
      plugins: [twoFactor()],
    }
    const { runMigrations } = await getMigrations(options)
    await runMigrations()
    const auth = betterAuth(options)
    const one = async (n: number): Promise<LogIn> => {
      const email = `user${n}@bench.example`
      const signedUp = await must(
        await auth.api.signUpEmail({ body: { email, password, name: `User ${n}` }, asResponse: true }),
      )
      const enabling = { cookie: cookiesOf(signedUp) }
      const enabled = await auth.api.enableTwoFactor({ body: { password }, headers: enabling })
      const totp = URI.parse('totpURI' in enabled ? enabled.totpURI : '')
      if (!(totp instanceof TOTP) || !(totp.secret instanceof Secret)) throw new Error('no TOTP')
      await must(
        await auth.api.verifyTOTP({ body: { code: totp.generate() }, headers: enabling, asResponse: true }),
      )
      return async () => {
        const asked = await must(await auth.api.signInEmail({ body: { email, password }, asResponse: true }))
        const headers = { cookie: cookiesOf(asked) }
        await must(await auth.api.verifyTOTP({ body: { code: totp.generate() }, headers, asResponse: true }))
      }
    }
    const all: LogIn[] = []
    for (let n = 0; n < people; n++) all.push(await one(n))
    return all
  },
})
