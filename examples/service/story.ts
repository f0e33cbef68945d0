import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ledgerIn, readLedgers } from './load/ledger.ts'
import { portOf, type ServiceProcess, startProcess } from './load/processes.ts'
import { putLoad } from './load/put-load.ts'
import { openStorage } from './server/storage.ts'
import { summaryOf, tallied } from './verify/figures.ts'
import { type Verified, verifyStore } from './verify/verify-store.ts'

/** Options of {@link tellStory}. */
export interface StoryOptions {
  /** The folder for ledgers and the SQLite file. */
  readonly directory: string
  /** Connection strings. Empty: an SQLite file. */
  readonly databases: readonly string[]
  readonly schema?: string
  readonly users: number
  readonly atOnce: number
  /** How many times a process is killed under load and restarted. */
  readonly kills: number
  readonly say: (line: string) => void
  /** The log level of the processes. Default: `error`. */
  readonly logLevel?: string
  /** An additional action under load, after the first process was killed. */
  readonly meanwhile?: () => Promise<void>
}

/**
 * Runs three processes of the service on one storage under load. A process is killed and restarted meanwhile.
 * Then everything is stopped in order and verified.
 */
export const tellStory = async (options: StoryOptions): Promise<Verified> => {
  const { directory, databases, schema, users, atOnce, kills, say, meanwhile } = options
  const storage = {
    databases,
    ...(schema === undefined ? {} : { schema }),
    ...(databases.length > 0 ? {} : { sqliteFile: join(directory, 'service.db') }),
  }
  const ledgers = [join(directory, 'ledger.jsonl'), join(directory, 'notices.jsonl')] as const
  const internalToken = randomBytes(24).toString('hex')
  const env = {
    DATABASE_URL: databases.join(','),
    DATABASE_SCHEMA: schema ?? '',
    SQLITE_FILE: storage.sqliteFile ?? '',
    SECRET_KEYS: `story:${randomBytes(32).toString('base64')}`,
    INTERNAL_TOKEN: internalToken,
    NOTICE_FILE: ledgers[1],
    STUB_HASHER: '1',
    LOG_LEVEL: options.logLevel ?? 'error',
    // The whole load comes from one address.
    ATTEMPTS_PER_MINUTE: '1000000',
  }
  const startedAt = performance.now()
  const since = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`
  const processes: ServiceProcess[] = await Promise.all([1, 2, 3].map(() => startProcess(env)))
  try {
    const urls = processes.map(({ url }) => url)
    const kind = databases.length > 0 ? 'PostgreSQL' : 'SQLite file'
    say(`${since()}: three processes listen, over one ${kind}; passwords are hashed by a stub`)

    // Users come in waves. When half of each wave but the last was served, a process is killed and restarted.
    const size = Math.ceil(users / (kills + 1))
    const ledger = ledgerIn(ledgers[0])
    for (let wave = 0; wave <= kills; wave++) {
      let served = 0
      let over = false
      const onProgress = (now: number) => {
        served = now
      }
      const load = putLoad({ urls, internalToken, users: size, atOnce, ledger, onProgress }).finally(() => {
        over = true
      })
      const killing = async () => {
        while (served < size / 2 && !over) await pause(10)
        const victim = processes[wave % 3]
        if (wave === kills || victim === undefined) return
        if (over) throw new Error('the load ended too early')
        await victim.kill()
        say(`${since()}: ${served} of ${size} users served; process ${(wave % 3) + 1} killed (SIGKILL)`)
        if (wave === 0) await meanwhile?.()
        processes[wave % 3] = await startProcess({ ...env, PORT: portOf(victim) })
        say(`${since()}: … and restarted`)
      }
      await Promise.all([load, killing()])
      say(`${since()}: all ${size} users of this wave served`)
    }

    const codes = await Promise.all(processes.map((each) => each.stop()))
    say(`${since()}: shut down gracefully, exit codes ${codes.join(', ')}`)
    if (codes.some((code) => code !== 0)) throw new Error('a process did not shut down gracefully')
  } finally {
    await Promise.all(processes.map((each) => each.kill()))
  }

  const lines = readLedgers(ledgers)
  const open = await openStorage(storage)
  const verified = await verifyStore(open.storage, lines, true).finally(() => open.close())
  say(`\nResponses seen by the clients:\n${tallied(lines).join('\n')}\n`)
  say(`${summaryOf(verified).join('\n')}\n${since()} in all`)
  return verified
}
