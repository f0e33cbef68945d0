/** Runs each recipe of docs/recipes.md through the same story over HTTP: `npx tsx --tsconfig test/recipes/tsconfig.json test/recipes/run.ts`. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { NestFactory } from '@nestjs/core'
import { createAuthentication } from 'ccass-2fa'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { memoryStorage } from 'ccass-2fa/memory'
import { scryptHasher } from 'ccass-2fa/scrypt'
import { systemClock } from 'ccass-2fa/system-clock'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import { expressApp } from './express.ts'
import { fastifyApp } from './fastify.ts'
import { signInModule } from './nest.ts'
import { nextHandlers } from './next.ts'

type Send = (path: string, init?: RequestInit) => Promise<Response>
const userId = 'B0123401'
const password = 'Correct-Horse#Battery9'

/** A service with one account that receives codes by email. */
const service = async () => {
  const random = webCryptoRandom()
  const mailer = captureMailer()
  const auth = createAuthentication({
    storage: memoryStorage(),
    clock: systemClock(),
    mailer,
    passwordHasher: scryptHasher(),
    random,
    secretBox: webCryptoSecretBox([{ id: 'k1', key: random.bytes(32) }]),
  })
  const code = () => mailer.codeFor(userId) ?? ''
  const account = { userId, role: 'User', origin: 'created', email: 'a@b.example', by: 'recipes' } as const
  ;(await auth.registry.register(account))._unsafeUnwrap()
  const { challenge } = (await auth.passwordSetUp.begin({ userId }))._unsafeUnwrap()
  ;(await auth.passwordSetUp.confirmCode({ challenge, code: code() }))._unsafeUnwrap()
  ;(await auth.passwordSetUp.complete({ challenge, password, confirmation: password }))._unsafeUnwrap()
  const step = (await auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' }))._unsafeUnwrap()
  const chosen = (
    await auth.enrolment.chooseChannel({ challenge: step.challenge, channel: 'Email' })
  )._unsafeUnwrap()
  ;(await auth.enrolment.confirm({ challenge: chosen.challenge, code: code() }))._unsafeUnwrap()
  return { auth, code }
}

const json = (body: unknown, language = 'en'): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', 'accept-language': language },
})

/** Refused, signed in, seen, signed out, and refused again with the old cookie. */
const story = async (send: Send, code: () => string) => {
  const wrong = await send('/sign-in', json({ userId, password: 'x' }, 'zh-HK'))
  assert.equal(wrong.status, 401)
  assert.match(wrong.headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.equal(wrong.headers.get('content-language'), 'zh-Hant')
  const problem = (await wrong.json()) as Record<string, unknown>
  assert.equal(problem['code'], 'sign-in-refused')
  assert.match(String(problem['detail']), /失敗/)

  const nothing = await send('/sign-in', json({}))
  assert.equal(nothing.status, 400)
  assert.equal(((await nothing.json()) as Record<string, unknown>)['code'], 'malformed-input')

  const step = (await (await send('/sign-in', json({ userId, password }))).json()) as Record<string, unknown>
  assert.equal(step['next'], 'otp')
  const refused = await send('/sign-in/otp', json({ challenge: step['challenge'], code: '000000' }))
  assert.equal(refused.status, 401)
  const done = await send('/sign-in/otp', json({ challenge: step['challenge'], code: code() }))
  assert.equal(done.status, 200)
  const set = done.headers.get('set-cookie') ?? ''
  assert.match(set, /^__Host-session=[^;]+; /)
  for (const attribute of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict'])
    assert.ok(set.includes(attribute), set)
  const cookie = set.split(';')[0] ?? ''

  const me = await send('/me', { headers: { cookie } })
  assert.deepEqual(await me.json(), { userId })
  assert.equal((await send('/me')).status, 401)
  assert.equal((await send('/sign-out', { method: 'POST', headers: { cookie } })).status, 204)
  assert.equal((await send('/me', { headers: { cookie } })).status, 401, 'the old cookie still works')
}

const over =
  (url: string): Send =>
  (path, init) =>
    fetch(`${url}${path}`, init)

const urlOf = (address: AddressInfo | string | null) => {
  assert.ok(address !== null && typeof address === 'object')
  return `http://127.0.0.1:${address.port}`
}

const recipes = {
  express: async () => {
    const { auth, code } = await service()
    const server = expressApp(auth).listen(0, '127.0.0.1')
    await once(server, 'listening')
    await story(over(urlOf(server.address())), code)
    server.close()
  },
  fastify: async () => {
    const { auth, code } = await service()
    const app = fastifyApp(auth)
    await story(over(await app.listen({ port: 0, host: '127.0.0.1' })), code)
    await app.close()
  },
  'next route handlers': async () => {
    const { auth, code } = await service()
    const { signIn, confirmOtp, me, signOut } = nextHandlers(auth)
    const routes = { '/sign-in': signIn, '/sign-in/otp': confirmOtp, '/me': me, '/sign-out': signOut }
    await story((path, init) => {
      const handler = routes[path as keyof typeof routes]
      return handler(new Request(`http://localhost${path}`, init))
    }, code)
  },
  nest: async () => {
    const { auth, code } = await service()
    const app = await NestFactory.create(signInModule(auth), { logger: ['error'] })
    await app.listen(0, '127.0.0.1')
    await story(over(urlOf(app.getHttpServer().address())), code)
    await app.close()
  },
}

for (const [name, run] of Object.entries(recipes)) {
  await run()
  console.log(`✓ ${name}`)
}
