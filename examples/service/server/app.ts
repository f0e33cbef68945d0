import { okAsync, type Refusal } from 'ccass-2fa'
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { isInternal, sessionOf } from './callers.ts'
import { loggedFault } from './faults.ts'
import type { Host } from './host.ts'
import { httpRefusal } from './refusals.ts'
import type { HttpRoute } from './route.ts'
import { routes } from './routes.ts'
import type { Settings } from './settings.ts'

/** The largest body has one or two passwords, or a profile. */
const bodyLimit = 16_384

const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => {
  const { status, retryAfter } = httpRefusal(refusal, Date.now())
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  request.log.info({ refusal: refusal.code, rule: refusal.rule }, 'refused')
  return reply.code(status).send(refusal)
}

/**
 * Merges body, query and path. The path has precedence, and the query of a POST is ignored. Only the service
 * sets where a request comes from.
 */
const sentIn = ({ method, body, query, params, ip, id, headers }: FastifyRequest): unknown => ({
  ...(method === 'GET' ? (query as object) : (body as object | null)),
  ...(params as object),
  context: { source: ip, requestId: id, userAgent: headers['user-agent'] },
})

const mount = (app: FastifyInstance, { auth }: Host, settings: Settings, route: HttpRoute) => {
  const { method, url, caller, run } = route
  app.route({
    method,
    url,
    handler: async (request, reply) => {
      const { authorization } = request.headers
      if (caller === 'internal' && !isInternal(settings.internalToken, authorization))
        return reply.code(404).send({ code: 'not-found' })
      const session = await (caller === 'holder' ? sessionOf(auth, authorization) : okAsync(undefined))
      const answer = await session.asyncAndThen((who) => run(auth, sentIn(request), who))
      return answer.match(
        (value) => (value === undefined ? reply.code(204).send() : reply.send(value)),
        (refusal) => refuse(request, reply, refusal),
      )
    },
  })
}

/**
 * Answers requests that fastify itself refuses: invalid JSON, too long, another media type. Its message may
 * quote the request, so it is neither returned nor logged.
 */
const onError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
  const status = error.statusCode ?? 500
  if (status >= 500)
    request.log.error({ fault: loggedFault({ port: 'library', error }) }, 'request handler failed')
  return reply
    .code(status)
    .send({ code: status >= 500 ? 'internal-error' : 'malformed-request', problem: error.code })
}

/** Logs of requests: method, path, status, duration and an id. Never a body, a header or a query. */
const logged = {
  req: ({ method, url, ip }: { method: string; url: string; ip: string }) => ({
    ...{ method, url: url.replace(/\?.*/s, ''), ip },
  }),
}

/** Options for tests. The defaults are those of production. */
export interface AppOptions {
  /** Where logs are written. Default: standard output. */
  readonly stream?: { write(line: string): void }
  /** How long a client may take to send a request, in milliseconds. Default: 15,000. */
  readonly requestTimeout?: number
}

/** Creates the HTTP server with JSON over the library. It does not listen yet. */
export const newApp = (
  settings: Pick<Settings, 'logLevel' | 'trustProxy'>,
  { stream, requestTimeout = 15_000 }: AppOptions = {},
): FastifyInstance =>
  fastify({
    bodyLimit,
    // Slow senders are disconnected after 15 s. The work of a request is limited by the timeouts of storage
    // and mailer. Node checks every 30 s by default, and reads the limits when the server is created.
    requestTimeout,
    http: {
      requestTimeout,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: Math.min(1_000, requestTimeout),
    },
    keepAliveTimeout: 65_000,
    // Forwarded addresses are trusted only from the proxies in TRUST_PROXY.
    trustProxy: settings.trustProxy,
    logger: { level: settings.logLevel, serializers: logged, ...(stream && { stream }) },
    // While stopping, idle connections are closed, requests in progress are answered, and new ones get 503.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 64 },
  })

/** Adds the routes. */
export const registerRoutes = (app: FastifyInstance, host: Host, settings: Settings): void => {
  // Only JSON is accepted: a page of another site could make a browser send text/plain without a preflight
  // request.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(onError)
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ code: 'not-found' }))
  app.addHook('onSend', async (_, reply) => {
    // Answers contain challenges, tokens and secrets of devices.
    reply.header('cache-control', 'no-store')
  })
  for (const route of routes) mount(app, host, settings, route)
  const { mailbox } = host
  if (settings.insecureDevelopment && mailbox !== undefined)
    app.get<{ Params: { userId: string } }>('/insecure-development/codes/:userId', async ({ params }) => ({
      code: mailbox.codeFor(params.userId),
    }))
}
