import type { Authentication, Refusal, ResultAsync, Session } from 'ccass-2fa'

/**
 * Who may call a route: any client; a signed-in holder, who sends the sealed session as `authorization:
 * Bearer …`; or an internal system, which sends the INTERNAL_TOKEN.
 */
export type Caller = 'anyone' | 'holder' | 'internal'

/** One row in the table of routes. */
export interface HttpRoute {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly caller: Caller
  readonly run: (
    auth: Authentication,
    sent: unknown,
    session: Session | undefined,
  ) => OperationResult<unknown>
}

/** The answer of the library. */
export type OperationResult<T> = ResultAsync<T, Refusal>

/**
 * Treats merged, unvalidated input as the operation's input type. The library validates every field (API-01).
 */
const given = <I>(sent: unknown): I => sent as I

/**
 * A route for any client. The service adds a `context` to the input: where the request comes from (LOCK-14).
 */
export const open = <I>(
  url: string,
  run: (auth: Authentication, input: I) => OperationResult<unknown>,
): HttpRoute => ({
  ...{ method: 'POST', url, caller: 'anyone' },
  run: (auth, sent) => run(auth, given(sent)),
})

/** A route for internal systems. */
export const internal = <I>(
  method: HttpRoute['method'],
  url: string,
  run: (auth: Authentication, input: I) => OperationResult<unknown>,
): HttpRoute => ({
  ...{ method, url, caller: 'internal' },
  run: (auth, sent) => run(auth, given(sent)),
})

/** A route for signed-in callers. A `session` in the body is ignored. */
export const withSession = <I extends { readonly session: Session }>(
  method: HttpRoute['method'],
  url: string,
  run: (auth: Authentication, input: I) => OperationResult<unknown>,
): HttpRoute => ({
  ...{ method, url, caller: 'holder' },
  run: (auth, sent, session) => run(auth, given({ ...(sent as object), session })),
})
