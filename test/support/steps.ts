import type { OtpChannel, Refusal, ResultAsync, Session } from '../../src/index.ts'
import type { TestService } from './test-service.ts'
import { type ClientConnectPerson, mailed, phone, wrong } from './user-journeys.ts'

/** The state that a journey passes from step to step. */
export interface Bag {
  readonly userId: string
  password: string
  challenge: string
  /** The secret in the phone, as typed in; empty for email users. */
  secret: string
  session: Session | undefined
}

/** The initial state of a journey, for a registered or an initialised account. */
export const bagOf = (person: Partial<ClientConnectPerson> & { readonly userId: string }): Bag => ({
  userId: person.userId,
  password: person.password ?? 'Correct-Horse-1!',
  challenge: '',
  secret: person.channel === 'MobileApp' ? (person.phone?.typedIn ?? '') : '',
  session: undefined,
})

/** One step of a journey, which can be repeated, and its result when nothing fails. */
export interface Step {
  readonly expected: 'ok' | Refusal['code']
  readonly operation: (service: TestService, bag: Bag) => ResultAsync<unknown, Refusal>
}

const step = (operation: Step['operation'], expected: Step['expected'] = 'ok'): Step => ({
  operation,
  expected,
})

const codeNow = (service: TestService, bag: Bag) =>
  bag.secret === '' ? mailed(service, bag.userId) : phone(service.clock, bag.secret).code()

const page = 'CCASS/CCMS'

/** A password that no account has. */
export const wrongPassword = 'Wrong-Horse-00!!'

const ask = step(({ auth }, bag) =>
  auth.passwordSetUp.begin({ userId: bag.userId }).andTee(({ challenge }) => {
    bag.challenge = challenge
  }),
)
const prove = step((service, { challenge, userId }) =>
  service.auth.passwordSetUp.confirmCode({ challenge, code: mailed(service, userId) }),
)
const misprove = step(
  (service, { challenge, userId }) =>
    service.auth.passwordSetUp.confirmCode({ challenge, code: wrong(mailed(service, userId)) }),
  'code-refused',
)
const set = (password: string) =>
  step(({ auth }, bag) =>
    auth.passwordSetUp.complete({ challenge: bag.challenge, password, confirmation: password }).andTee(() => {
      bag.password = password
    }),
  )
const begin = step(({ auth }, bag) =>
  auth.signIn.begin({ userId: bag.userId, system: page, password: bag.password }).andTee(({ challenge }) => {
    bag.challenge = challenge
  }),
)
const misbegin = step(
  ({ auth }, { userId }) => auth.signIn.begin({ userId, system: page, password: wrongPassword }),
  'sign-in-refused',
)
const choose = (channel: OtpChannel) =>
  step(({ auth }, bag) =>
    auth.enrolment.chooseChannel({ challenge: bag.challenge, channel }).andTee((enrolment) => {
      bag.secret = enrolment.channel === 'MobileApp' ? enrolment.secret : ''
    }),
  )
const complete = step((service, bag) =>
  service.auth.enrolment
    .confirm({ challenge: bag.challenge, code: codeNow(service, bag) })
    .andTee(() => service.clock.pass(30_000)),
)
const confirm = step((service, bag) =>
  service.auth.signIn.confirmOtp({ challenge: bag.challenge, code: codeNow(service, bag) }).andTee((done) => {
    if (done.next === 'done') bag.session = done.session
    service.clock.pass(30_000)
  }),
)
const misconfirm = (expected: Step['expected'] = 'code-refused') =>
  step(
    (service, bag) =>
      service.auth.signIn.confirmOtp({ challenge: bag.challenge, code: wrong(codeNow(service, bag)) }),
    expected,
  )
const resend = step((service, { challenge }) => service.auth.signIn.resendCode({ challenge }))
const cancel = step((service, { challenge }) => service.auth.signIn.cancel({ challenge }))

const ofSession = (
  operation: (service: TestService, session: Session, bag: Bag) => ReturnType<Step['operation']>,
) =>
  step((service, bag) => {
    if (bag.session === undefined) throw new Error('no one is signed in')
    return operation(service, bag.session, bag)
  })
const check = ofSession((service, session) => service.auth.sessions.check({ session }))
const carry = ofSession((service, session, bag) =>
  service.auth.sessions.seal({ session }).andThen((sealed) =>
    service.auth.sessions.open({ sealed }).andTee((opened) => {
      bag.session = opened
    }),
  ),
)
const change = (password: string) =>
  ofSession((service, session, bag) =>
    service.auth.selfService
      .changePassword({ session, current: bag.password, password, confirmation: password })
      .andTee(() => {
        bag.password = password
      }),
  )
const mischange: Step = {
  expected: 'current-password-refused',
  operation: ofSession((service, session) =>
    service.auth.selfService.changePassword({
      ...{
        session,
        current: wrongPassword,
        password: 'Never-To-Be-1!!!',
        confirmation: 'Never-To-Be-1!!!',
      },
    }),
  ).operation,
}
const changeDevice = ofSession((service, session) => service.auth.selfService.changeDevice({ session }))
const unlock = step(({ auth }, { userId }) => auth.registry.unlock({ userId, by: 'B01234X1' }))
const deliver = step(({ auth }) => auth.outbox.deliver())

/** The steps of which journeys are made. */
export const steps = {
  ...{ ask, prove, misprove, set, begin, misbegin, choose, complete, confirm, misconfirm, resend, cancel },
  ...{ check, carry, change, mischange, changeDevice, unlock, deliver },
}
