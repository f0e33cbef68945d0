/** The example service without a network: its responses and its log. */
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { type AppOptions, newApp, registerRoutes } from '../../examples/service/server/app.ts'
import { openDatabase } from '../../examples/service/server/database.ts'
import { loggedFault } from '../../examples/service/server/faults.ts'
import { addHealth } from '../../examples/service/server/health.ts'
import { openHost } from '../../examples/service/server/host.ts'
import { httpRefusal } from '../../examples/service/server/refusals.ts'
import { readSettings, SettingsError } from '../../examples/service/server/settings.ts'
import { answersOf } from '../../examples/service/verify/answers.ts'
import { attemptsOf } from '../../examples/service/verify/budget.ts'
import type { Story } from '../../examples/service/verify/stories.ts'
import { serveBy } from '../peers/support/served-program.ts'

const internalToken = 'a-token-of-systems-behind-the-service'
const password = 'Correct-Horse#Battery9'
const userId = 'B0123401'

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

/** A service in development mode on SQLite; its log is kept. */
const service = async (env: Readonly<Record<string, string>> = {}, options: AppOptions = {}) => {
  const logged: string[] = []
  const settings = readSettings(
    { INTERNAL_TOKEN: internalToken, STUB_HASHER: '1', LOG_LEVEL: 'trace', ...env },
    ['--insecure-development'],
  )
  const app = newApp(settings, { stream: { write: (line) => void logged.push(line) }, ...options })
  const host = await openHost(settings, app.log)
  open.push(host, app)
  registerRoutes(app, host, settings)
  let stopping = false
  addHealth(app, host, () => stopping)
  const ask = async (path: string, body?: unknown, token?: string) => {
    const answer = await app.inject({
      method: body === undefined ? 'GET' : 'POST',
      url: `/${path}`,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { payload: body as object }),
    })
    const text = answer.body === '' ? {} : JSON.parse(answer.body)
    return { status: answer.statusCode, headers: answer.headers, body: text as Record<string, string> }
  }
  return { app, host, ask, logged, stop: () => (stopping = true) }
}
type Service = Awaited<ReturnType<typeof service>>

/** An account with codes by mail, set up and signed in; collects every secret that was sent or returned. */
const signedIn = async ({ ask, host }: Service) => {
  const secrets = [password]
  const code = () => host.mailbox?.codeFor(userId) ?? ''
  const given = (text: string | undefined) => {
    secrets.push(text ?? '')
    return text ?? ''
  }
  await ask(
    'internal/accounts',
    { userId, role: 'User', origin: 'created', email: 'a@b.example', by: 'me' },
    internalToken,
  )
  const asked = given((await ask('password', { userId })).body['challenge'])
  await ask('password/code', { challenge: asked, code: given(code()) })
  await ask('password/complete', { challenge: asked, password, confirmation: password })
  const first = given((await ask('sign-in', { userId, password, system: 'CCASS/CCMS' })).body['challenge'])
  const chosen = given((await ask('enrolment', { challenge: first, channel: 'Email' })).body['challenge'])
  await ask('enrolment/confirm', { challenge: chosen, code: given(code()) })
  const begun = given((await ask('sign-in', { userId, password, system: 'CCASS/CCMS' })).body['challenge'])
  const done = await ask('sign-in/otp', { challenge: begun, code: given(code()) })
  return { done, token: given(done.body['token']), secrets }
}

describe('over HTTP', () => {
  test('ACC-01, ACC-15 · an account goes from a registered email to a sign-in, and its sealed session can be checked', async () => {
    const s = await service()
    const { done, token } = await signedIn(s)
    expect(done).toMatchObject({ status: 200, body: { next: 'done', userId, method: 'Email' } })
    expect(done.headers['cache-control']).toBe('no-store')
    expect(await s.ask('me', undefined, token)).toMatchObject({ status: 200, body: { userId } })
    for (const wrong of [undefined, 'x', `${token}x`, internalToken])
      expect(await s.ask('me', undefined, wrong)).toMatchObject({
        status: 401,
        body: { code: 'session-ended' },
      })
  })

  test('a request that is sent too slowly is cut off after 15 s, or the configured time', async () => {
    const { app: usual } = await service()
    expect([usual.server.requestTimeout, usual.server.headersTimeout]).toEqual([15_000, 15_000])
    const { app, ask } = await service({}, { requestTimeout: 300 })
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    /** Sends only the beginning of a request, and returns the response until the connection is closed. */
    const left = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let answer = ''
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(text))
        socket.setTimeout(10_000, () => reject(new Error('still open')))
        socket.on('data', (data) => {
          answer += data
        })
        socket.on('error', reject)
        socket.on('close', () => resolve(answer))
      })
    const head = 'POST /password HTTP/1.1\r\nhost: x\r\n'
    const json = 'content-type: application/json\r\ncontent-length: 25\r\n\r\n{"userId":'
    expect(await left(head)).toMatch(/^HTTP\/1\.1 408/)
    expect(await left(head + json)).toMatch(/^HTTP\/1\.1 408/)
    expect((await ask('password', { userId })).status).toBe(200)
  })

  test('PW-15 · no line of the log contains a password, code, challenge or sealed session', async () => {
    const s = await service()
    const { secrets, token } = await signedIn(s)
    await s.ask('sign-in', { userId, password: 'Wrong-Horse#Battery9', system: 'DMS' })
    await s.ask('me/password', { current: password, password: 'Short#1', confirmation: 'x' }, token)
    await s.app.inject({
      method: 'POST',
      url: '/sign-in',
      payload: `{"password":"${password}"`,
      headers: { 'content-type': 'application/json' },
    })
    await s.ask(`me?token=${token}`)
    const log = s.logged.join('')
    expect(log).toContain('password-refused')
    for (const secret of [...secrets, 'Wrong-Horse', 'Short#1', internalToken])
      expect(secret !== '' && log.includes(secret), secret).toBe(false)
  })

  test('API-01 · input that is not JSON, too long, of another shape or for an unknown path is refused and never echoed', async () => {
    const s = await service()
    const json = { 'content-type': 'application/json' }
    const post = (payload: string, headers: Record<string, string> = json) =>
      s.app.inject({ method: 'POST', url: '/sign-in', payload, headers })
    for (const [answer, status] of [
      [await post(`{"password":"${password}"`), 400],
      [await post(JSON.stringify({ password: password.repeat(1_000) })), 413],
      [await post(password, { 'content-type': 'text/plain' }), 415],
      [await post('null'), 400],
      [await post('[]'), 400],
      [await post('{"userId":7}'), 400],
      [await s.app.inject({ method: 'GET', url: '/nowhere' }), 404],
    ] as const) {
      expect(answer.statusCode, answer.body).toBe(status)
      expect(answer.body).not.toContain(password)
    }
  })

  test('ACC-15 · a session of the caller’s own in the body is never accepted', async () => {
    const s = await service()
    const answer = await s.ask('me/device', { session: { userId, role: 'User', expiresAt: 9e15 } })
    expect(answer).toMatchObject({ status: 401, body: { code: 'session-ended' } })
  })

  test.each([
    'internal/accounts',
    'internal/accounts/change',
    'internal/accounts/unlock',
    'internal/accounts/end-sessions',
    'internal/accounts/delete',
    'internal/maximum',
    'internal/smartcards/sign-in',
  ])('MIG-19 · %s is available only to systems behind the service', async (path) => {
    const s = await service()
    for (const token of [undefined, 'x', `${internalToken}x`])
      expect(await s.ask(path, {}, token)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect((await s.ask(path, {}, internalToken)).status).toBe(400)
  })

  test('LOCK-14 · a caller with too many attempts learns when to retry, and cannot choose its source', async () => {
    const s = await service({ ATTEMPTS_PER_MINUTE: '3' })
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await s.ask('password', { userId, source: `10.0.0.${i}` }))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(Number(answers[3]?.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('API-02 · the service is ready while its storage answers, not ready while it does not, and always alive', async () => {
    const s = await service()
    expect((await s.ask('ready')).status).toBe(200)
    s.stop()
    expect((await s.ask('ready')).status).toBe(503)
    expect((await s.ask('health')).status).toBe(200)
  })
})

describe('refusals', () => {
  test('OTP-07, LOCK-10 · a refusal that can be retried later says when, in whole seconds', () => {
    const now = 1_000_000
    const later = { rule: 'OTP-07', retryAt: now + 1_500 } as const
    expect(httpRefusal({ code: 'too-many-codes', ...later }, now)).toEqual({ status: 429, retryAfter: 2 })
    expect(httpRefusal({ code: 'busy', rule: 'LOCK-09' }, now)).toEqual({ status: 503, retryAfter: 1 })
    expect(httpRefusal({ code: 'sign-in-refused', rule: 'LOCK-11' }, now)).toEqual({ status: 401 })
  })
})

describe('settings', () => {
  const key = `k1:${Buffer.alloc(32, 1).toString('base64')}`
  const mail = { SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'no-reply@mail.example' }

  test('PW-15 · an invalid setting is named and its value never shown', () => {
    const secret = 'postgres://user:hunter2@db'
    for (const env of [
      { SECRET_KEYS: `k1:${secret}`, ...mail },
      { SECRET_KEYS: key, SMTP_URL: secret },
      { SECRET_KEYS: key, ...mail, INTERNAL_TOKEN: 'hunter2' },
      { SECRET_KEYS: key, ...mail, PORT: 'hunter2' },
    ])
      expect(() => readSettings(env, [])).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
      )
  })

  test.each([
    ['no keys', mail, []],
    ['no mail', { SECRET_KEYS: key }, []],
    ['a stub hasher', { SECRET_KEYS: key, ...mail, STUB_HASHER: '1' }, []],
    ['development in production', { NODE_ENV: 'production' }, ['--insecure-development']],
    ['keys made up for a lasting store', { SQLITE_FILE: 'x.db' }, ['--insecure-development']],
  ])('AUD-06 · the service does not start with %s', (_, env, args) => {
    expect(() => readSettings(env, args)).toThrow(SettingsError)
  })

  test('AUD-06 · production mode requires keys and mail, and never shows a code', () => {
    expect(readSettings({ SECRET_KEYS: key, ...mail }, [])).toMatchObject({
      insecureDevelopment: false,
      keys: [{ id: 'k1' }],
      address: '127.0.0.1',
      trustProxy: false,
    })
  })
})

describe('faults', () => {
  test('PW-15 · the log has the name, code and stack locations of an error, and neither message nor cause', () => {
    const error = Object.assign(new Error('duplicate key (hunter2)', { cause: 'hunter2' }), {
      code: '23505',
      detail: 'hunter2',
    })
    const logged = loggedFault({ port: 'storage', error })
    expect(logged).toMatchObject({ port: 'storage', error: 'Error', code: '23505' })
    expect(logged.at?.length).toBeGreaterThan(0)
    expect(JSON.stringify(logged)).not.toContain('hunter2')
    for (const odd of [
      'hunter2',
      null,
      { name: 'hunter2 !', code: 'hunter2 !', stack: 'hunter2\n    at hunter2' },
    ])
      expect(JSON.stringify(loggedFault({ port: 'mailer', error: odd }))).not.toContain('hunter2')
  })

  test('API-02 · a database client without a server tries every address once and then rejects', async () => {
    const database = openDatabase(['postgres://x@127.0.0.1:1/x', 'postgres://x@127.0.0.1:2/x'])
    open.push(database)
    const asked = async () => database.query('SELECT 1', []).catch((error: { port?: number }) => error.port)
    expect([await asked(), await asked(), await asked()]).toEqual([2, 2, 2])
  })
})

describe('the verification of the story', () => {
  /** The part of a trail that the verification reads. */
  const story = (...events: readonly object[]) =>
    ({
      userId,
      entries: events.map((event, i) => ({ seq: i + 1, by: 'x', operation: 'x', hash: 'x', event })),
    }) as unknown as Story
  const miss = { type: 'SignInCodeRejected' }
  const wrong = { type: 'PasswordRejected' }
  const login = (step: number) => ({ type: 'SignInCompleted', at: step, step })
  const times = (n: number, event: object) => Array.from({ length: n }, () => event)

  test('LOCK-04, LOCK-09 · accepts attempts within the limits', () => {
    const fine = story(
      ...times(14, miss),
      login(1),
      ...times(15, miss),
      { type: 'Locked' },
      { type: 'Unlocked' },
    )
    expect(attemptsOf(fine)).toEqual({ problems: [], logins: 1, misses: 29, locks: 1 })
  })

  test.each([
    ['a miss too many', [...times(15, miss), { type: 'Locked' }, miss]],
    ['no lock', times(5, wrong)],
    ['a lock too early', [...times(4, wrong), { type: 'Locked' }]],
    ['a sign-in behind a lock', [...times(5, wrong), { type: 'Locked' }, login(1)]],
    ['a step taken twice', [login(7), login(7)]],
  ])('LOCK-04, LOCK-09, OTP-05 · finds %s', (_, events) => {
    expect(attemptsOf(story(...events)).problems).not.toEqual([])
  })

  const seen = (answer: string, signedInAt?: number) => ({
    ...{ operation: 'sign-in/otp', userId, answer },
    ...(signedInAt === undefined ? {} : { signedInAt }),
  })

  test('AUD-01, AUD-03 · accepts what was answered, and what may have been committed without an answer', () => {
    expect(answersOf(story(login(1), miss), [seen('ok', 1), seen('code-refused')])).toEqual([])
    expect(answersOf(story(login(1)), [seen('none')])).toEqual([])
    expect(answersOf(story(), [seen('none')])).toEqual([])
  })

  test.each([
    ['an answered sign-in that is missing', [], [seen('ok', 1)]],
    ['an answered sign-in at another instant', [login(2)], [seen('ok', 1)]],
    ['two answers for one sign-in', [login(1)], [seen('ok', 1), seen('ok', 1)]],
    ['a sign-in that no one asked for', [login(1), login(2)], [seen('ok', 1)]],
    ['a miss that was told and not counted', [], [seen('code-refused')]],
  ])('AUD-01, AUD-03 · finds %s', (_, events, lines) => {
    expect(answersOf(story(...events), lines)).not.toEqual([])
  })
})

test('npm run example:service starts the service, and leaves no process when it is ended', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const served = await serveBy(['npm', 'run', '--silent', 'example:service'], {
    cwd: root,
    env: { PORT: '0' },
    ready: /It listens on (http:\/\/[\d.]+:\d+);/,
  })
  try {
    expect((await fetch(`${served.url}/ready`)).status).toBe(200)
    await served.stop()
  } finally {
    served.kill()
  }
}, 120_000)
