import type { Authentication } from '../../src/index.ts'
import { counting } from './storages.ts'
import { type TestService, testService } from './test-service.ts'
import { type ClientConnectPerson, initialised, loggedIn } from './user-journeys.ts'

type Loose = (input: unknown) => ReturnType<Authentication['signIn']['begin']>

/** Every function of the service that takes an input, as JavaScript sees it, with a valid input. */
export const everything = (auth: Authentication, person: ClientConnectPerson, session: unknown) => {
  const { userId, password, system } = person
  const challenge = `${userId}.${'0'.repeat(32)}`
  const by = 'B01234X1'
  const fresh = { password: 'Another-Horse-1!', confirmation: 'Another-Horse-1!' }
  const calls: Readonly<Record<string, readonly [unknown, Readonly<Record<string, unknown>>]>> = {
    'signIn.begin': [auth.signIn.begin, { userId, password, system }],
    'signIn.confirmOtp': [auth.signIn.confirmOtp, { challenge, code: '123456' }],
    'signIn.resendCode': [auth.signIn.resendCode, { challenge }],
    'signIn.cancel': [auth.signIn.cancel, { challenge }],
    'passwordSetUp.begin': [auth.passwordSetUp.begin, { userId }],
    'passwordSetUp.confirmCode': [auth.passwordSetUp.confirmCode, { challenge, code: '123456' }],
    'passwordSetUp.complete': [auth.passwordSetUp.complete, { challenge, ...fresh }],
    'enrolment.chooseChannel': [auth.enrolment.chooseChannel, { challenge, channel: 'MobileApp' }],
    'enrolment.confirm': [auth.enrolment.confirm, { challenge, code: '123456' }],
    'selfService.changePassword': [auth.selfService.changePassword, { session, current: password, ...fresh }],
    'selfService.changeDevice': [auth.selfService.changeDevice, { session }],
    'registry.register': [auth.registry.register, { userId, role: 'User', origin: 'created', by }],
    'registry.change': [auth.registry.change, { userId, by, changes: { status: 'ENABLED' } }],
    'registry.unlock': [auth.registry.unlock, { userId, by }],
    'registry.delete': [auth.registry.delete, { userId, by }],
    'registry.endSessions': [auth.registry.endSessions, { userId, by }],
    'registry.view': [auth.registry.view, { userId }],
    'sessions.check': [auth.sessions.check, { session }],
    'sessions.seal': [auth.sessions.seal, { session }],
    'sessions.open': [auth.sessions.open, { sealed: 'v1.key-7.AAAA' }],
    'audit.trail': [auth.audit.trail, { userId }],
  }
  return Object.entries(calls).map(([name, [call, input]]) => ({ name, call: call as Loose, input }))
}

/** A session and every function, over a storage that counts. */
export const everythingAtHand = async () => {
  const storage = counting()
  const service = testService({ storage })
  const person = await initialised(service)
  const session = await loggedIn(service, person)
  return { storage, service, person, calls: everything(service.auth, person, session) }
}

/** The hash calls and storage calls, as text. */
export const costs = (service: TestService, storage: ReturnType<typeof counting>) =>
  JSON.stringify([service.passwordHasher.calls, storage.trips])
