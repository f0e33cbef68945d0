import type { Authentication, Refusal } from 'ccass-2fa'
import { contextOf, cookieName, problemOf } from './http.ts'

const header = (request: Request, name: string) => request.headers.get(name) ?? undefined
const refuse = (request: Request, refusal: Refusal) => {
  const { body, headers } = problemOf(refusal, header(request, 'accept-language'))
  return new Response(JSON.stringify(body), { status: body.status, headers })
}
const sealedIn = (request: Request) =>
  new RegExp(`(?:^|; )${cookieName}=([^;]*)`).exec(header(request, 'cookie') ?? '')?.[1] ?? ''
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** A body that is JSON by its type too: a form of another site cannot send that. */
const bodyOf = async (request: Request) =>
  /^application\/json\b/.test(header(request, 'content-type') ?? '') ? request.json().catch(() => ({})) : {}
/** The first address of `x-forwarded-for` is the client’s only if your own proxy overwrites the header. */
const callerOf = (request: Request) =>
  contextOf(header(request, 'x-forwarded-for')?.split(',')[0]?.trim(), header(request, 'user-agent'))

export const nextHandlers = (auth: Authentication) => ({
  /** `app/sign-in/route.ts`: `export const POST = handlers.signIn` */
  signIn: async (request: Request): Promise<Response> => {
    const { userId, password } = await bodyOf(request)
    const context = callerOf(request)
    const step = await auth.signIn.begin({ userId, password, system: 'CCASS/CCMS', context })
    return step.isErr() ? refuse(request, step.error) : Response.json(step.value)
  },
  /** `app/sign-in/otp/route.ts`: `export const POST = handlers.confirmOtp` */
  confirmOtp: async (request: Request): Promise<Response> => {
    const { challenge, code } = await bodyOf(request)
    const done = await auth.signIn.confirmOtp({ challenge, code, context: callerOf(request) })
    if (done.isErr()) return refuse(request, done.error)
    if (done.value.next !== 'done') return Response.json(done.value)
    const sealed = await auth.sessions.seal({ session: done.value.session })
    if (sealed.isErr()) return refuse(request, sealed.error)
    const headers = { 'set-cookie': `${cookieName}=${sealed.value}; ${attributes}` }
    return Response.json({ next: 'done', password: done.value.password }, { headers })
  },
  /** `app/me/route.ts`: `export const GET = handlers.me` */
  me: async (request: Request): Promise<Response> => {
    const session = await auth.sessions.open({ sealed: sealedIn(request), system: 'CCASS/CCMS' })
    return session.isErr() ? refuse(request, session.error) : Response.json({ userId: session.value.userId })
  },
  /** `app/sign-out/route.ts`: `export const POST = handlers.signOut` */
  signOut: async (request: Request): Promise<Response> => {
    const session = await auth.sessions.open({ sealed: sealedIn(request), system: 'CCASS/CCMS' })
    if (session.isErr()) return refuse(request, session.error)
    const out = await auth.sessions.signOut({ session: session.value })
    if (out.isErr()) return refuse(request, out.error)
    const headers = { 'set-cookie': `${cookieName}=; Max-Age=0; ${attributes}` }
    return new Response(null, { status: 204, headers })
  },
})
