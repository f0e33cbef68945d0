import type { Authentication, Refusal } from 'ccass-2fa'
import express, { type Request, type Response } from 'express'
import { contextOf, cookieName, cookieOptions, problemOf } from './http.ts'

const refuse = (request: Request, response: Response, refusal: Refusal) => {
  const { body, headers } = problemOf(refusal, request.get('accept-language'))
  response.status(body.status).set(headers).send(JSON.stringify(body))
}
const sealedIn = (request: Request) =>
  new RegExp(`(?:^|; )${cookieName}=([^;]*)`).exec(request.get('cookie') ?? '')?.[1] ?? ''

export const expressApp = (auth: Authentication) => {
  const app = express()
  app.use(express.json({ limit: '16kb' })) // JSON alone: a form of another site cannot send it
  app.post('/sign-in', async (request, response) => {
    const { userId, password } = request.body
    const context = contextOf(request.ip, request.get('user-agent'))
    const step = await auth.signIn.begin({ userId, password, system: 'CCASS/CCMS', context })
    if (step.isErr()) return refuse(request, response, step.error)
    response.json(step.value)
  })
  app.post('/sign-in/otp', async (request, response) => {
    const { challenge, code } = request.body
    const context = contextOf(request.ip, request.get('user-agent'))
    const done = await auth.signIn.confirmOtp({ challenge, code, context })
    if (done.isErr()) return refuse(request, response, done.error)
    if (done.value.next !== 'done') return response.json(done.value)
    const sealed = await auth.sessions.seal({ session: done.value.session })
    if (sealed.isErr()) return refuse(request, response, sealed.error)
    response.cookie(cookieName, sealed.value, { ...cookieOptions, encode: String })
    response.json({ next: 'done', password: done.value.password })
  })
  app.get('/me', async (request, response) => {
    const session = await auth.sessions.open({ sealed: sealedIn(request), system: 'CCASS/CCMS' })
    if (session.isErr()) return refuse(request, response, session.error)
    response.json({ userId: session.value.userId })
  })
  app.post('/sign-out', async (request, response) => {
    const session = await auth.sessions.open({ sealed: sealedIn(request), system: 'CCASS/CCMS' })
    if (session.isErr()) return refuse(request, response, session.error)
    const out = await auth.sessions.signOut({ session: session.value })
    if (out.isErr()) return refuse(request, response, out.error)
    response.clearCookie(cookieName, cookieOptions).status(204).end()
  })
  return app
}
