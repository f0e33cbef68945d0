/** Runs an operation of the model on the service, with the tokens that the service issued. */
import type { ResultAsync } from 'neverthrow'
import type { Authentication } from '../../src/authentication.ts'
import type { Code } from '../../src/conformance/model/model-state.ts'
import type { Review } from '../../src/dms/review.ts'
import type { Session } from '../../src/session/session.ts'
import { entryOf } from '../conformance/service-driver.ts'
import type { Performed } from './model.ts'

/** The service's tokens that callers hold, by the model's names for them. */
export interface Holdings {
  readonly challenges: Map<string, string>
  readonly sessions: Map<string, Session>
  readonly requests: Map<string, string>
  readonly reviews: Map<string, Review>
  readonly codes: Map<string, string>
  /** The text that is entered for a code. */
  readonly textOf: (code: Code, digits: number) => string
}

/** A result, and the part of it that is compared. */
type Asked = ResultAsync<{ readonly next?: string; readonly bind?: () => void }, { readonly code: string }>

const by = 'administrator'
const nothing = () => ({})

/** Calls a service. `bind` of the result records what it opened. */
export const ask = (auth: Authentication, held: Holdings, operation: Performed): Asked => {
  const challenge = 'challenge' in operation ? (held.challenges.get(operation.challenge) ?? '') : ''
  const session =
    'session' in operation ? (held.sessions.get(operation.session.id) as Session) : ({} as Session)
  const request = 'request' in operation ? (held.requests.get(operation.request) ?? '') : ''
  const { id } = operation
  const opened = (token: string) => () => void held.challenges.set(id, token)
  switch (operation.op) {
    case 'createAccount': {
      const { userId, role, email } = operation
      return auth.registry.register({ userId, role, email, origin: 'created', by }).map(nothing)
    }
    case 'setStatus': {
      const { userId, status } = operation
      return auth.registry.change({ userId, by, changes: { status } }).map(nothing)
    }
    case 'unlock':
      return auth.registry.unlock({ userId: operation.userId, by }).map(nothing)
    case 'deleteAccount':
      return auth.registry.delete({ userId: operation.userId, by }).map(nothing)
    case 'setMaximum':
      return auth.registry.setMaximum({ participant: 'B01234', maximum: operation.maximum, by }).map(nothing)
    case 'requestPasswordCode':
      return auth.passwordSetUp
        .begin({ userId: operation.userId })
        .map((got) => ({ bind: opened(got.challenge) }))
    case 'confirmPasswordCode':
      return auth.passwordSetUp.confirmCode({ challenge, code: held.textOf(operation.code, 8) }).map(nothing)
    case 'setPassword': {
      const { password } = operation
      return auth.passwordSetUp.complete({ challenge, password, confirmation: password }).map(nothing)
    }
    case 'beginSignIn': {
      const { userId, password, system } = operation
      return auth.signIn
        .begin({ userId, password, system })
        .map((got) => ({ next: got.next, bind: opened(got.challenge) }))
    }
    case 'confirmOtp':
      return auth.signIn
        .confirmOtp({ challenge, code: held.textOf(operation.code, 6) })
        .map((got) =>
          got.next === 'done'
            ? { next: 'done', bind: () => void held.sessions.set(operation.challenge, got.session) }
            : { next: got.next },
        )
    case 'resendCode':
      return auth.signIn.resendCode({ challenge }).map(nothing)
    case 'cancelSignIn':
      return auth.signIn.cancel({ challenge }).map(nothing)
    case 'chooseChannel':
      return auth.enrolment.chooseChannel({ challenge, channel: operation.channel }).map((got) => ({
        bind: () => void (got.channel === 'MobileApp' && held.codes.set(id, got.secret)),
      }))
    case 'confirmChannel':
      return auth.enrolment.confirm({ challenge, code: held.textOf(operation.code, 6) }).map(nothing)
    case 'checkSession':
      return auth.sessions.check({ session }).map(nothing)
    case 'changeDevice':
      return auth.selfService.changeDevice({ session }).map(nothing)
    case 'changePassword': {
      const { current, password } = operation
      return auth.selfService
        .changePassword({ session, current, password, confirmation: password })
        .map(nothing)
    }
    case 'proposeUserId':
      return auth.dms.proposeUserId({ session }).map((next) => ({ next }))
    case 'enterRequest':
      return auth.dms
        .enter({ session, entry: entryOf(operation.entry) })
        .map((got) => ({ bind: () => void held.requests.set(id, got.request) }))
    case 'amendRequest':
      return auth.dms.amend({ session, request, entry: entryOf(operation.entry) }).map(nothing)
    case 'withdrawRequest':
      return auth.dms.withdraw({ session, request }).map(nothing)
    case 'getAuthorisationCode': {
      const review = held.reviews.get(operation.review) as Review
      return auth.dms
        .getAuthorisationCode({ session, review })
        .map((got) => ({ bind: () => void held.codes.set(id, got.code) }))
    }
    case 'reject':
      return auth.dms.reject({ session, review: held.reviews.get(operation.review) as Review }).map(nothing)
    case 'confirmRequest': {
      const { checkerId, issuedBy } = operation
      const authorisationCode = held.codes.get(issuedBy ?? '') ?? '00000000'
      return auth.dms.confirm({ session, request, checkerId, authorisationCode }).map(nothing)
    }
    case 'form': {
      const { actor, form, command } = operation
      switch (command.type) {
        case 'Submit':
          return auth.eservices.submit({ actor, id: form, users: [] }).map(nothing)
        case 'Reclaim':
          return auth.eservices.reclaim({ actor, id: form }).map(nothing)
        case 'Claim':
          return auth.eservices.claim({ actor, id: form }).map(nothing)
        case 'Release':
          return auth.eservices.release({ actor, id: form }).map(nothing)
        case 'Confirm':
          return auth.eservices.confirm({ actor, id: form }).map(nothing)
        default:
          throw new Error(`no such step: ${command.type}`)
      }
    }
    default:
      throw new Error(`${operation.op} is not asked here`)
  }
}
