/** Programs of others that tests start for themselves, and that end with them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** Whom PostgreSQL and PgBouncer run as: neither will be root. */
export interface Owner {
  readonly uid?: number
  readonly gid?: number
}

const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))

/** The user `postgres`, where root runs the tests; otherwise anyone who does. */
export const ownerOf = (): Owner => (process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {})

/** A program of PostgreSQL; Debian keeps them apart, by version. The newest there is. */
export const postgresProgram = (name: string): string => {
  const home = '/usr/lib/postgresql'
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map((version) => join(home, version, 'bin', name)).find((path) => existsSync(path)) ?? name
}

/** A folder that is the owner's, and what takes it away. */
export const folderOf = ({ uid, gid }: Owner) => {
  const path = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** A port that no one listens on just now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Tries until it succeeds. */
export const until = async <T>(what: string, attempt: () => Promise<T>, seconds = 30): Promise<T> => {
  const end = Date.now() + seconds * 1_000
  for (;;)
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`, { cause: error })
      await setTimeout(50)
    }
}

/** A program that runs until it is told to end; if this process ends first, it ends too. */
export const running = (program: string, args: readonly string[], owner: Owner) => {
  const child: ChildProcess = spawn(program, [...args], { ...owner, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000)
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', (error) => {
      said += String(error)
      resolve()
    })
  })
  const lastWord = () => child.kill('SIGKILL')
  process.once('exit', lastWord)
  return {
    pid: child.pid,
    /** What it wrote to its error output last. */
    said: () => said,
    end: async (signal: NodeJS.Signals) => {
      child.kill(signal)
      await ended
      process.off('exit', lastWord)
    },
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    alive: () => child.exitCode === null && child.signalCode === null,
  }
}
