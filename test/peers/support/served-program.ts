/** A program that serves HTTP until it gets a signal, in a process group of its own. */
import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'

/** The program, serving. */
export interface Served {
  readonly url: string
  /** Ends it by SIGTERM. Its exit code; rejects if a process of its group is left. */
  readonly stop: () => Promise<number | null>
  /** Kills what is left of the group; nothing where it has ended. */
  readonly kill: () => void
}

/** Starts a program, and waits until it prints its address: the first group of `ready`. */
export const serveBy = async (
  [command = '', ...args]: readonly string[],
  { cwd, env, ready }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly ready: RegExp },
): Promise<Served> => {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const group = -(child.pid ?? 0)
  const kill = () => {
    if (group !== 0 && isAlive(group)) process.kill(group, 'SIGKILL')
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let printed = ''
  try {
    const url = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not ready in time: ${printed}`)), 90_000)
      const settle = (act: () => void) => {
        clearTimeout(late)
        act()
      }
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          printed += String(chunk)
          const [, found] = ready.exec(printed) ?? []
          if (found !== undefined) settle(() => resolve(found))
        })
      child.once('error', (error) => settle(() => reject(error)))
      void ended.then((code) => settle(() => reject(new Error(`ended with ${code}: ${printed}`))))
    })
    const stop = async () => {
      child.kill('SIGTERM')
      const code = await ended
      // A process that was killed is gone a moment later, once it is reaped.
      for (let left = 50; isAlive(group) && left > 0; left--) await pause(100)
      if (isAlive(group)) throw new Error(`${command} left a process behind`)
      return code
    }
    return { url, stop, kill }
  } catch (error) {
    kill()
    throw error
  }
}

/** Whether a process group has a process. */
const isAlive = (group: number): boolean => {
  try {
    process.kill(group, 0)
    return true
  } catch {
    return false
  }
}
