import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../main.ts', import.meta.url))

/** A process of the service that was started by this process and ends with it. */
export interface ServiceProcess {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string
  /** Stops in an orderly way. Resolves with the exit code. */
  stop(): Promise<number | null>
  /** Ends the process at once, like a power failure. */
  kill(): Promise<void>
}

const over = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

/** Starts a process in development, and waits until it listens. */
export const startProcess = async (env: Readonly<Record<string, string>>): Promise<ServiceProcess> => {
  const child = fork(program, ['--insecure-development'], {
    env: { ...process.env, PORT: '0', ...env },
    execArgv: ['--import', 'tsx'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { readonly address: string }).address))
    child.once('exit', (code) => reject(new Error(`the service did not start (exit code ${code})`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    if (!over(child)) {
      child.kill(signal)
      await once(child, 'exit')
    }
    return child.exitCode
  }
  return {
    url,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  }
}

/** The port of a process, so that another one can replace it. */
export const portOf = ({ url }: ServiceProcess): string => new URL(url).port
