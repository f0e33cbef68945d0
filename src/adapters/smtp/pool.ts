import type { Line } from './line.ts'

/** A pool of connections to one server. */
export interface Pool {
  /**
   * Takes a connection for one message as soon as there is one: an idle one, or a new one that is not open
   * yet. Resolves to `undefined` if the signal aborts first.
   */
  readonly take: (signal: AbortSignal) => Promise<{ readonly line: Line; readonly used: boolean } | undefined>
  /** Returns a connection to the pool. */
  readonly giveBack: (line: Line) => void
  /**
   * Closes idle connections at once and the others when they are returned. Resolves when all have ended.
   */
  readonly close: () => Promise<void>
}

/** A connection is closed after this many messages, because servers have limits too. */
const mostMessages = 100

/** Creates a pool of at most this many connections. One that is idle for this many milliseconds is closed. */
export const poolOf = (makeLine: () => Line, most: number, idleMs: number): Pool => {
  const lines = new Map<Line, { messages: number; timer?: NodeJS.Timeout }>()
  const idle: Line[] = []
  const waiting: (() => void)[] = []
  let closed = false

  const next = () => waiting.shift()?.()

  const made = (): Line => {
    const line = makeLine()
    lines.set(line, { messages: 0 })
    // When a connection ends, another can be opened.
    line.ended.then(() => {
      clearTimeout(lines.get(line)?.timer)
      lines.delete(line)
      const at = idle.indexOf(line)
      if (at >= 0) idle.splice(at, 1)
      next()
    })
    return line
  }

  const free = () => {
    const line = idle.pop()
    if (line !== undefined) clearTimeout(lines.get(line)?.timer)
    if (line !== undefined) return { line, used: true }
    return lines.size < most ? { line: made(), used: false } : undefined
  }

  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const giveUp = () => {
        waiting.splice(waiting.indexOf(come), 1)
        resolve()
      }
      const come = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      waiting.push(come)
      signal.addEventListener('abort', giveUp, { once: true })
    })

  const dismiss = (line: Line) => {
    const at = idle.indexOf(line)
    if (at >= 0) idle.splice(at, 1)
    line.quit()
  }

  return {
    take: async (signal) => {
      while (!signal.aborted) {
        const got = free()
        if (got !== undefined) return got
        await turn(signal)
      }
      // This caller was woken too late, so it passes its turn on.
      next()
      return undefined
    },
    giveBack: (line) => {
      const about = lines.get(line)
      if (about === undefined || !line.alive()) return
      about.messages++
      if (closed || about.messages >= mostMessages) return dismiss(line)
      about.timer = setTimeout(() => dismiss(line), idleMs)
      about.timer.unref()
      idle.push(line)
      next()
    },
    close: async () => {
      closed = true
      const ends = [...lines.keys()].map(({ ended }) => ended)
      for (const line of [...idle]) dismiss(line)
      await Promise.all(ends)
    },
  }
}
