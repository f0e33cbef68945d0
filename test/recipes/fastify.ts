import type { Authentication, Refusal } from 'ccass-2fa'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { contextOf, cookieName, problemOf } from './http.ts'

const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => {
  const { body, headers } = problemOf(refusal, request.headers['accept-language'])
  return reply.code(body.status).headers(headers).send(JSON.stringify(body))
}
const sealedIn = (request: FastifyRequest) =>
  new RegExp(`(?:^|; )${cookieName}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1] ?? ''
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict'

export const fastifyApp = (auth: Authentication) => {
  const app = fastify({ bodyLimit: 16_384 })
  app.removeContentTypeParser('text/plain') // JSON alone: a form of another site cannot send it
  app.post<{ Body: { userId: string; password: string } }>('/sign-in', async (request, reply) => {
    const { userId, password } = request.body
    const context = contextOf(request.ip, request.headers['user-agent'])
    const step = await auth.signIn.begin({ userId, password, system: 'CCASS/CCMS', context })
    return step.isErr() ? refuse(request, reply, step.error) : step.value
  })
  app.post<{ Body: { challenge: string; code: string } }>('/sign-in/otp', async (request, reply) => {
    const { challenge, code } = request.body
    const context = contextOf(request.ip, request.headers['user-agent'])
    const done = await auth.signIn.confirmOtp({ challenge, code, context })
    if (done.isErr()) return refuse(request, reply, done.error)
    if (done.value.next !== 'done') return done.value
    const sealed = await auth.sessions.seal({ session: done.value.session })
    if (sealed.isErr()) return refuse(request, reply, sealed.error)
    reply.header('set-cookie', `${cookieName}=${sealed.value}; ${attributes}`)
    return { next: 'done', password: done.value.password }
  })
  app.get('/me', async (request, reply) => {
    const session = await auth.sessions.open({ sealed: sealedIn(request), system: 'CCASS/CCMS' })
    return session.isErr() ? refuse(request, reply, session.error) : { userId: session.value.userId }
  })
  app.post('/sign-out', async (request, reply) => {
    const session = await auth.sessions.open({ sealed: sealedIn(request), system: 'CCASS/CCMS' })
    if (session.isErr()) return refuse(request, reply, session.error)
    const out = await auth.sessions.signOut({ session: session.value })
    if (out.isErr()) return refuse(request, reply, out.error)
    return reply.header('set-cookie', `${cookieName}=; Max-Age=0; ${attributes}`).code(204).send()
  })
  return app
}
