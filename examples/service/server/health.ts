import type { FastifyInstance } from 'fastify'
import type { Host } from './host.ts'

/** No caller of the readiness check waits longer than this, in milliseconds. */
const timeoutMilliseconds = 2_000

const inTime = async (answer: Promise<boolean>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMilliseconds)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

/**
 * `/health` reports that the process is alive and should not be restarted. It depends on nothing else.
 * `/ready` reports that the process can take requests: the storage answers, and it is not stopping. They are
 * separate because a short outage of the storage must not cause restarts.
 */
export const addHealth = (app: FastifyInstance, host: Host, isStopping: () => boolean): void => {
  const quietly = { logLevel: 'warn' } as const
  app.get('/health', quietly, async () => ({ status: 'alive' }))
  app.get('/ready', quietly, async (_, reply) => {
    if (isStopping()) return reply.code(503).send({ status: 'stopping' })
    const ready = await inTime(host.ready())
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'the storage does not answer' })
  })
}
