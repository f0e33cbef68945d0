/**
 * The processes of a storm as seen from outside: starts, commands and kills them, and keeps their messages.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import type { LedgerLine, Seen } from '../../../examples/service/load/ledger.ts'
import { until } from './programs.ts'
import { type Noted, noting } from './storm-holder.ts'
import { openStormService, type StormSettings } from './storm-service.ts'
import type { Order, Word } from './storm-worker.ts'

const source = fileURLToPath(new URL('./storm-worker.ts', import.meta.url))

/** The worker as one file, which starts quickly: a hundred of them will be started. */
const program = async (outDir: string): Promise<string> => {
  await build({
    ...{ entry: { worker: source }, outDir, format: 'cjs', platform: 'node', target: 'node20' },
    ...{ noExternal: [/.*/], external: ['pg-native', 'libsql'], config: false, silent: true, dts: false },
    esbuildOptions: (options) => {
      options.logLevel = 'error'
    },
  })
  return join(outDir, 'worker.cjs')
}

/** The logged operations, as lines of a ledger: an operation without a result counts as unanswered. */
const book = () => {
  const lines: LedgerLine[] = []
  const open = new Map<string, Pick<Seen, 'operation' | 'userId'>>()
  let reached = 0
  return {
    note: (who: string, noted: Noted) => {
      const name = `${who} ${noted.n}`
      if ('operation' in noted) open.set(name, { operation: noted.operation, userId: noted.userId })
      else {
        const asked = open.get(name)
        open.delete(name)
        const { n: _, ...answer } = noted
        if (asked === undefined) return
        lines.push({ ...asked, ...answer })
        if (answer.answer !== 'port-failed') reached++
      }
    },
    sent: (id: string) => lines.push({ operation: 'notice', id }),
    lines: (): readonly LedgerLine[] => [
      ...lines,
      ...[...open.values()].map((asked) => ({ ...asked, answer: 'none' })),
    ],
    /** The number of results so far from services that reached their database. */
    answers: () => reached,
  }
}

/** A worker, and the messages that it has sent. */
export interface Worker {
  /** Sends it a command, and waits until it reports completion. */
  tell(order: Order): Promise<void>
  kill(): Promise<void>
  alive(): boolean
}

/** A crew of processes over one database, and the starting process's own service over the same database. */
export const crew = async (databases: readonly string[], size = 4) => {
  const outDir = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  const path = await program(outDir)
  const settings: StormSettings = { databases, key: randomBytes(32).toString('base64'), begun: Date.now() }
  const { note, sent, ...rest } = book()
  const own = await openStormService(settings, ({ id }) => void sent(id))
  const acts = noting(own, (noted) => note('own', noted))
  let started = 0

  const startOnce = async (): Promise<Worker> => {
    const who = `worker ${++started}`
    const child: ChildProcess = fork(path, [], { execArgv: [], env: { PATH: process.env['PATH'] } })
    const ended = once(child, 'exit')
    const waiting = new Map<Order['do'], () => void>()
    child.on('message', (word: Word) => {
      if ('done' in word) waiting.get(word.done)?.()
      else if ('notice' in word) sent(word.notice)
      else note(who, word)
    })
    const tell = (order: Order) =>
      new Promise<void>((resolve, reject) => {
        waiting.set(order.do, resolve)
        void ended.then(() => reject(new Error(`${who} is gone`)))
        child.send(order, (error) => {
          if (error !== null) reject(error)
          else if (order.do === 'end') resolve()
        })
      })
    await tell({ do: 'open', settings })
    return {
      tell,
      alive: () => child.exitCode === null && child.signalCode === null,
      kill: async () => {
        child.kill('SIGKILL')
        await ended
      },
    }
  }

  /** Like a supervisor: restarts a process that ended because the database did not answer yet. */
  const start = () => until('a process has opened its service', startOnce, 30)

  const workers = await Promise.all(Array.from({ length: size }, start))
  return {
    ...{ ...rest, own, acts, workers, start },
    /** What the processes did last, for failure messages. */
    state: () => {
      const alive = workers.filter((worker) => worker.alive()).length
      return `${alive} of ${workers.length} processes alive; last: ${JSON.stringify(rest.lines().slice(-8))}`
    },
    /** Divides items among the workers, and starts them all at the same instant. */
    atOnce: async <T>(items: readonly T[], order: (share: readonly T[], at: number) => Order) => {
      const at = Date.now() + 200
      await Promise.all(
        workers.map((worker, i) =>
          worker.tell(
            order(
              items.filter((_, n) => n % workers.length === i),
              at,
            ),
          ),
        ),
      )
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.kill()))
      await own.close()
      rmSync(outDir, { recursive: true, force: true })
    },
  }
}

export type Crew = Awaited<ReturnType<typeof crew>>
