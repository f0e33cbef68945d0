import type { Connection } from './connection.ts'

/** A pool of connections to one server. */
export interface Pool {
  /**
   * Takes a connection for one message as soon as there is one: an idle one (`used`), or a new one that is not open
   * yet. Resolves to `undefined` if the signal aborts first.
   */
  readonly acquire: (
    signal: AbortSignal,
  ) => Promise<{ readonly connection: Connection; readonly used: boolean } | undefined>
  /** Returns a connection to the pool. */
  readonly release: (connection: Connection) => void
  /**
   * Closes idle connections at once and the others when they are returned. Resolves when all have ended.
   */
  readonly close: () => Promise<void>
}

/** A connection is closed after this many messages, because servers have limits too. */
const maxMessages = 100

/** Creates a pool of at most this many connections. One that is idle for this many milliseconds is closed. */
export const poolOf = (connect: () => Connection, maxConnections: number, idleMs: number): Pool => {
  const connections = new Map<Connection, { messages: number; timer?: NodeJS.Timeout }>()
  const idle: Connection[] = []
  const waiting: (() => void)[] = []
  let closed = false

  const next = () => waiting.shift()?.()

  const openConnection = (): Connection => {
    const connection = connect()
    connections.set(connection, { messages: 0 })
    // When a connection ends, another can be opened.
    connection.ended.then(() => {
      clearTimeout(connections.get(connection)?.timer)
      connections.delete(connection)
      const at = idle.indexOf(connection)
      if (at >= 0) idle.splice(at, 1)
      next()
    })
    return connection
  }

  const free = () => {
    const connection = idle.pop()
    if (connection !== undefined) clearTimeout(connections.get(connection)?.timer)
    if (connection !== undefined) return { connection, used: true }
    return connections.size < maxConnections ? { connection: openConnection(), used: false } : undefined
  }

  const waitForFree = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const stopWaiting = () => {
        waiting.splice(waiting.indexOf(wake), 1)
        resolve()
      }
      const wake = () => {
        signal.removeEventListener('abort', stopWaiting)
        resolve()
      }
      waiting.push(wake)
      signal.addEventListener('abort', stopWaiting, { once: true })
    })

  const closeConnection = (connection: Connection) => {
    const at = idle.indexOf(connection)
    if (at >= 0) idle.splice(at, 1)
    connection.quit()
  }

  return {
    acquire: async (signal) => {
      while (!signal.aborted) {
        const got = free()
        if (got !== undefined) return got
        await waitForFree(signal)
      }
      // This caller was woken too late, so it passes its turn on.
      next()
      return undefined
    },
    release: (connection) => {
      const about = connections.get(connection)
      if (about === undefined || !connection.alive()) return
      about.messages++
      if (closed || about.messages >= maxMessages) return closeConnection(connection)
      about.timer = setTimeout(() => closeConnection(connection), idleMs)
      about.timer.unref()
      idle.push(connection)
      next()
    },
    close: async () => {
      closed = true
      const ends = [...connections.keys()].map(({ ended }) => ended)
      for (const connection of [...idle]) closeConnection(connection)
      await Promise.all(ends)
    },
  }
}
