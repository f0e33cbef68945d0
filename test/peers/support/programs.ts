/** External programs that tests start, and that end with them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** The user who runs PostgreSQL and PgBouncer, which refuse to run as root. */
export interface Owner {
  readonly uid?: number
  readonly gid?: number
}

const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))

/** The user `postgres` if root runs the tests; otherwise the current user. */
export const ownerOf = (): Owner => (process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {})

/** A PostgreSQL program of the newest version; Debian installs each version in its own folder. */
export const postgresProgram = (name: string): string => {
  const home = '/usr/lib/postgresql'
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map((version) => join(home, version, 'bin', name)).find((path) => existsSync(path)) ?? name
}

/** Creates a folder of the owner's, with a function that removes it. */
export const folderOf = ({ uid, gid }: Owner) => {
  const path = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** A port that is free at the moment. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Retries until it succeeds. */
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

/** A program that runs until it is told to end, and ends if this process ends first. */
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
    /** The end of its error output. */
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
