/** Drives the example service over HTTP: only what it offers there. */

import { newApp, registerRoutes } from '../../examples/service/server/app.ts'
import type { Host } from '../../examples/service/server/host.ts'
import { readSettings } from '../../examples/service/server/settings.ts'
import { webCryptoRandom, webCryptoSecretBox } from '../../src/adapters/web-crypto.ts'
import { createAuthentication } from '../../src/authentication.ts'
import type { ConformanceDriver, DriverResult } from '../../src/conformance/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { stubHasher } from '../support/stub-hasher.ts'
import { entryOf, mailboxes } from './service-driver.ts'

const internalToken = 'a-token-of-systems-behind-the-service'

/** A new service that listens on the loopback interface; the test controls its clock and mailboxes. */
export const newHttpService = async ({ at }: { readonly at: number }): Promise<ConformanceDriver> => {
  let now = at
  const { mailer, of } = mailboxes()
  const random = webCryptoRandom()
  const auth = createAuthentication({
    ...{ storage: memoryStorage(), clock: { now: () => now }, mailer, random, passwordHasher: stubHasher() },
    secretBox: webCryptoSecretBox([{ id: 'conformance', key: random.bytes(32) }]),
  })
  const settings = readSettings({ INTERNAL_TOKEN: internalToken, STUB_HASHER: '1', LOG_LEVEL: 'silent' }, [
    '--insecure-development',
  ])
  const app = newApp(settings)
  const host: Host = { auth, ready: async () => true, close: async () => undefined }
  registerRoutes(app, host, settings)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })

  const ask = async <T extends object = object>(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    token?: string,
  ): Promise<DriverResult<T>> => {
    for (;;) {
      const headers: Record<string, string> = {}
      if (body !== undefined) headers['content-type'] = 'application/json'
      if (token !== undefined) headers['authorization'] = `Bearer ${token}`
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const answer = await fetch(`${address}/${path}`, { method, headers, ...sent })
      const text = await answer.text()
      const read = (text === '' ? {} : JSON.parse(text)) as T & { readonly code?: string }
      if (answer.ok) return read
      if (read.code !== 'busy') return { refused: `${answer.status} ${read.code ?? ''}` }
    }
  }
  const post = <T extends object = object>(path: string, body: object, token?: string) =>
    ask<T>('POST', path, body, token)
  const internal = (path: string, body: object) => post(path, { ...body, by: 'conformance' }, internalToken)

  return {
    advance: async ({ milliseconds }) => {
      now += milliseconds
    },
    mailbox: async ({ email }) => {
      await auth.outbox.deliver()
      return of(email)
    },
    createAccount: (input) => internal('internal/accounts', { ...input, origin: 'created' }),
    setStatus: ({ userId, status }) => internal('internal/accounts/change', { userId, changes: { status } }),
    unlock: ({ userId }) => internal('internal/accounts/unlock', { userId }),
    deleteAccount: ({ userId }) => internal('internal/accounts/delete', { userId }),
    isLocked: async ({ userId }) => {
      const view = await ask<{ locked: boolean }>(
        'GET',
        `internal/accounts/${userId}`,
        undefined,
        internalToken,
      )
      return !('refused' in view) && view.locked
    },
    setMaximum: (input) => internal('internal/maximum', input),
    requestPasswordCode: (input) => post('password', input),
    confirmPasswordCode: (input) => post('password/code', input),
    setPassword: async ({ challenge, password }) => {
      const answer = await post<{ token?: string }>('password/complete', {
        challenge,
        password,
        confirmation: password,
      })
      return 'refused' in answer ? answer : { session: answer.token }
    },
    beginSignIn: (input) => post('sign-in', input),
    confirmOtp: async (input) => {
      const answer = await post<{ next: 'done' | 'enrolOtp'; token: string }>('sign-in/otp', input)
      if ('refused' in answer) return answer
      return answer.next === 'done' ? { next: 'done', session: answer.token } : { next: 'enrolOtp' }
    },
    resendCode: (input) => post('sign-in/resend', input),
    cancelSignIn: (input) => post('sign-in/cancel', input),
    chooseChannel: (input) => post('enrolment', input),
    confirmChannel: (input) => post('enrolment/confirm', input),
    checkSession: ({ session }) => ask('GET', 'me', undefined, session),
    changePassword: ({ session, current, password }) =>
      post('me/password', { current, password, confirmation: password }, session),
    changeDevice: ({ session }) => post('me/device', {}, session),
    enterRequest: ({ session, entry }) => post('dms/requests', { entry: entryOf(entry) }, session),
    proposeUserId: ({ session }) => ask('GET', 'dms/proposed-user-id', undefined, session),
    amendRequest: ({ session, request, entry }) =>
      post(`dms/requests/${request}/amend`, { entry: entryOf(entry) }, session),
    withdrawRequest: ({ session, request }) => post(`dms/requests/${request}/withdraw`, {}, session),
    getAuthorisationCode: async ({ session, request }) => {
      const read = await ask<{ digest: string }>('GET', `dms/requests/${request}`, undefined, session)
      if ('refused' in read) return read
      return post(`dms/requests/${request}/code`, { digest: read.digest }, session)
    },
    confirmRequest: ({ session, request, checkerId, code }) =>
      post(`dms/requests/${request}/confirm`, { checkerId, authorisationCode: code }, session),
    close: async () => {
      await app.close()
    },
  }
}
