import type { Line } from './line.ts'

/** A pool of connections to one server. */
export interface Pool {
  /**
   * A line for one message, as soon as there is one: an idle line, or a new one that is yet to be opened; or
   * `undefined` if the signal came first.
   */
  readonly take: (signal: AbortSignal) => Promise<{ readonly line: Line; readonly used: boolean } | undefined>
  /** Returns a connection to the pool. */
  readonly giveBack: (line: Line) => void
  /**
   * Closes the connection of the idle lines, and of the others as they come back; resolved once all are over.
   */
  readonly close: () => Promise<void>
}

/** After this many messages a line is done: servers have limits of their own. */
const mostMessages = 100

/** A pool of at most this many lines; one that has been idle for this many milliseconds is let go. */
export const poolOf = (makeLine: () => Line, most: number, idleMs: number): Pool => {
  const lines = new Map<Line, { messages: number; timer?: NodeJS.Timeout }>()
  const idle: Line[] = []
  const waiting: (() => void)[] = []
  let closed = false

  const next = () => waiting.shift()?.()

  const made = (): Line => {
    const line = makeLine()
    lines.set(line, { messages: 0 })
    // A line that ends makes room for another.
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
      // Anyone who was woken too late lets the next one go instead.
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
