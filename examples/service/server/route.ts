import type { Authentication, Refusal, ResultAsync, Session } from 'ccass-2fa'

/**
 * Who may call a route: anyone; the holder of a sign-in, who sends the sealed session as
 * `authorization: Bearer …`; or a system behind the service, which sends the INTERNAL_TOKEN.
 */
export type Caller = 'anyone' | 'holder' | 'internal'

/** One line of the table of routes. */
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

/** What the library answers. */
export type OperationResult<T> = ResultAsync<T, Refusal>

/** What an unauthenticated caller sent, merged from body, path and query: the library looks at every field of it (API-01). */
const given = <I>(sent: unknown): I => sent as I

/** A route for anyone. The service adds a `context` to its input: where the request comes from (LOCK-14). */
export const open = <I>(
  url: string,
  run: (auth: Authentication, input: I) => OperationResult<unknown>,
): HttpRoute => ({
  ...{ method: 'POST', url, caller: 'anyone' },
  run: (auth, sent) => run(auth, given(sent)),
})

/** A route for systems behind the service. */
export const internal = <I>(
  method: HttpRoute['method'],
  url: string,
  run: (auth: Authentication, input: I) => OperationResult<unknown>,
): HttpRoute => ({
  ...{ method, url, caller: 'internal' },
  run: (auth, sent) => run(auth, given(sent)),
})

/** A route for a signed-in caller. A `session` that was sent in the body is ignored. */
export const held = <I extends { readonly session: Session }>(
  method: HttpRoute['method'],
  url: string,
  run: (auth: Authentication, input: I) => OperationResult<unknown>,
): HttpRoute => ({
  ...{ method, url, caller: 'holder' },
  run: (auth, sent, session) => run(auth, given({ ...(sent as object), session })),
})
