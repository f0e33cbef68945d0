import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../main.ts', import.meta.url))

/** A process of the service, started by this one, which it does not outlive. */
export interface ServiceProcess {
  /** E.g. `http://127.0.0.1:40123`. */
  readonly url: string
  /** An orderly stop; the exit code. */
  stop(): Promise<number | null>
  /** As a power cut would: nothing is said, nothing is finished. */
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

/** The port of a process, for another to take its place. */
export const portOf = ({ url }: ServiceProcess): string => new URL(url).port
