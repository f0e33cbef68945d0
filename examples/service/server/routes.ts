import type {
  AccessQueries,
  Authentication,
  ConfirmedOtp,
  Dms,
  PasswordSetUp,
  Registry,
  SelfService,
  Session,
  SignIn,
  SmartcardSignInInput,
} from 'ccass-2fa'
import { errAsync, okAsync } from 'ccass-2fa'
import type { Review } from 'ccass-2fa/dms'
import { type HttpRoute, internal, type OperationResult, open, withSession } from './route.ts'

/** The input of a library function. */
type Given<F extends (input: never) => unknown> = Parameters<F>[0]
interface Held {
  readonly session: Session
}

/** A completed sign-in, as the holder's client receives it. `token` is the sealed session and is secret. */
const signedIn = (auth: Authentication, session: Session) => {
  const { userId, role, system, method, signedInAt, expiresAt } = session
  return auth.sessions
    .seal({ session })
    .map((token) => ({ token, userId, role, system, method, signedInAt, expiresAt }))
}

const confirmed = (auth: Authentication, step: ConfirmedOtp): OperationResult<unknown> =>
  step.next === 'done'
    ? signedIn(auth, step.session).map((session) => ({
        next: step.next,
        ...session,
        password: step.password,
      }))
    : okAsync(step)

/**
 * A checker reads in one request and decides in another. The client returns the digest of what it showed. The
 * request is read again here and must be unchanged (DMS-05). A page can carry `review.sealed` instead
 * (DMS-14).
 */
const asRead = <T>(
  auth: Authentication,
  { session, request, digest }: Held & { readonly request: string; readonly digest: string },
  operation: (review: Review) => OperationResult<T>,
): OperationResult<T> =>
  auth.dms
    .review({ session, request })
    .andThen((review) =>
      review.contents?.digest === digest
        ? operation(review)
        : errAsync({ code: 'request-not-open', rule: 'DMS-05', reason: 'amended' } as const),
    )

type OnRead = Held & { readonly request: string; readonly digest: string }

/** All HTTP routes. Each path names an operation, and each row is one call of the library. */
export const routes: readonly HttpRoute[] = [
  // Sign-in
  open<Given<SignIn['begin']>>('/sign-in', ({ signIn }, input) => signIn.begin(input)),
  open<Given<SignIn['confirmOtp']>>('/sign-in/otp', (auth, input) =>
    auth.signIn.confirmOtp(input).andThen((step) => confirmed(auth, step)),
  ),
  open<Given<SignIn['resendCode']>>('/sign-in/resend', ({ signIn }, input) => signIn.resendCode(input)),
  open<Given<SignIn['cancel']>>('/sign-in/cancel', ({ signIn }, input) => signIn.cancel(input)),

  // First sign-in, Forgot/Reset, expired password
  open<Given<PasswordSetUp['begin']>>('/password', ({ passwordSetUp }, input) => passwordSetUp.begin(input)),
  open<Given<PasswordSetUp['confirmCode']>>('/password/code', ({ passwordSetUp }, input) =>
    passwordSetUp.confirmCode(input),
  ),
  open<Given<PasswordSetUp['complete']>>('/password/complete', ({ passwordSetUp }, input) =>
    passwordSetUp.complete(input),
  ),
  open<{ challenge: string; channel: 'MobileApp' | 'Email' }>('/enrolment', ({ enrolment }, input) =>
    enrolment.chooseChannel(input),
  ),
  open<{ challenge: string; code: string }>('/enrolment/confirm', ({ enrolment }, input) =>
    enrolment.confirm(input),
  ),

  // Self-service
  withSession<Held>('GET', '/me', (auth, input) =>
    auth.sessions.check(input).map(({ userId, role, system, method, signedInAt, expiresAt }) => ({
      ...{ userId, role, system, method, signedInAt, expiresAt },
    })),
  ),
  withSession<Given<SelfService['changePassword']>>('POST', '/me/password', ({ selfService }, input) =>
    selfService.changePassword(input),
  ),
  withSession<Held>('POST', '/me/device', ({ selfService }, input) => selfService.changeDevice(input)),

  // Security Management Functions: maker and checker
  withSession<Given<Dms['find']>>('GET', '/dms/users/:userId', ({ dms }, input) => dms.find(input)),
  withSession<Given<Dms['listing']>>('GET', '/dms/users', ({ dms }, { session, after }) =>
    dms.listing({ session, after, limit: 100 }),
  ),
  withSession<Given<Dms['enter']>>('POST', '/dms/requests', ({ dms }, input) => dms.enter(input)),
  withSession<Given<Dms['proposeUserId']>>('GET', '/dms/proposed-user-id', ({ dms }, input) =>
    dms.proposeUserId(input).map((userId) => ({ userId })),
  ),
  withSession<Given<Dms['amend']>>('POST', '/dms/requests/:request/amend', ({ dms }, input) =>
    dms.amend(input),
  ),
  withSession<Given<Dms['withdraw']>>('POST', '/dms/requests/:request/withdraw', ({ dms }, input) =>
    dms.withdraw(input),
  ),
  withSession<Given<Dms['review']>>('GET', '/dms/requests/:request', ({ dms }, input) =>
    dms.review(input).map(({ contents }) => contents),
  ),
  withSession<OnRead>('POST', '/dms/requests/:request/code', (auth, input) =>
    asRead(auth, input, (review) => auth.dms.getAuthorisationCode({ session: input.session, review })),
  ),
  withSession<OnRead & { remark?: string }>('POST', '/dms/requests/:request/reject', (auth, input) =>
    asRead(auth, input, (review) =>
      auth.dms.reject({ session: input.session, review, remark: input.remark }),
    ),
  ),
  withSession<Given<Dms['confirm']>>('POST', '/dms/requests/:request/confirm', ({ dms }, input) =>
    dms.confirm(input),
  ),

  // Internal systems that the library trusts: the smartcard flow, the help desk, HKEX's side
  internal<SmartcardSignInInput>('POST', '/internal/smartcards/sign-in', (auth, input) =>
    auth.smartcards.signIn(input).andThen((session) => signedIn(auth, session)),
  ),
  internal<Given<AccessQueries['evaluate']>>('GET', '/internal/access/:userId', ({ access }, input) =>
    access.evaluate(input),
  ),
  internal<Given<Registry['register']>>('POST', '/internal/accounts', ({ registry }, input) =>
    registry.register(input),
  ),
  internal<Given<Registry['change']>>('POST', '/internal/accounts/change', ({ registry }, input) =>
    registry.change(input),
  ),
  internal<Given<Registry['unlock']>>('POST', '/internal/accounts/unlock', ({ registry }, input) =>
    registry.unlock(input),
  ),
  internal<Given<Registry['delete']>>('POST', '/internal/accounts/delete', ({ registry }, input) =>
    registry.delete(input),
  ),
  internal<Given<Registry['endSessions']>>('POST', '/internal/accounts/end-sessions', ({ registry }, input) =>
    registry.endSessions(input),
  ),
  internal<Given<Registry['view']>>('GET', '/internal/accounts/:userId', ({ registry }, input) =>
    registry.view(input),
  ),
  internal<Given<Registry['setMaximum']>>('POST', '/internal/maximum', ({ registry }, input) =>
    registry.setMaximum(input),
  ),
]
