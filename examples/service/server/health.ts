import type { FastifyInstance } from 'fastify'
import type { Host } from './host.ts'

/** Longer than this no one who asks for readiness will wait. */
const patience = 2_000

const inTime = async (answer: Promise<boolean>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patience)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

/**
 * `/health`: the process lives, and should be left alone; it asks no one. `/ready`: it should be given
 * requests: the storage answers, and it is not about to stop. A storage that is away for a moment must not get
 * processes restarted, so the two are apart.
 */
export const addHealth = (app: FastifyInstance, host: Host, isStopping: () => boolean): void => {
  const quietly = { logLevel: 'warn' } as const
  app.get('/health', quietly, async () => ({ status: 'alive' }))
  app.get('/ready', quietly, async (_, reply) => {
    if (isStopping()) return reply.code(503).send({ status: 'stopping' })
    const ready = await inTime(host.ready())
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'storage does not answer' })
  })
}
