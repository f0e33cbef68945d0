/**
 * The longest line, in bytes of UTF-8. Thirteen cells of 512 characters fit. A longer line is counted and
 * reported, but never kept in memory.
 *
 * @internal
 */
export const longestLine = 32_768

/** Why a line has no text. */
export type LineFault = 'too-long' | 'wrong-encoding'

/** A line of a file. */
export interface Line {
  /** The line number, from 1, as an editor shows it. */
  readonly line: number
  /** The text without the line break. */
  readonly text: string
  /** If present, the text is empty. */
  readonly fault?: LineFault
}

const lf = 10
const cr = 13

/** Finds the next occurrence of a byte. Searches again only when the last occurrence was passed. */
const finder = (bytes: Uint8Array, byte: number) => {
  let found = -1
  return (from: number): number => {
    if (found >= from || found === bytes.length) return found
    const at = bytes.indexOf(byte, from)
    found = at < 0 ? bytes.length : at
    return found
  }
}

/**
 * Splits UTF-8 into lines, regardless of where the pieces are cut. CR, LF and CRLF each end a line and may be
 * mixed. It never holds more than {@link longestLine}.
 *
 * Each line's text is a separate string. A slice of a longer string would keep all of that in memory as long
 * as a plan refers to a name in it.
 *
 * @internal
 */
export const lineSplitter = () => {
  const buffer = new Uint8Array(longestLine)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let bufferedLength = 0
  let isOverlong = false
  let line = 1
  let afterCr = false

  const append = (part: Uint8Array) => {
    isOverlong ||= bufferedLength + part.length > longestLine
    if (isOverlong) return
    buffer.set(part, bufferedLength)
    bufferedLength += part.length
  }
  /** `undefined` if the bytes are not valid UTF-8. */
  const textOf = (bytes: Uint8Array): string | undefined => {
    if (bytes.length === 0) return ''
    try {
      return decoder.decode(bytes)
    } catch {
      return undefined
    }
  }
  const ended = (part: Uint8Array): Line => {
    let whole = part
    if (bufferedLength > 0 || isOverlong || part.length > longestLine) {
      append(part)
      whole = buffer.subarray(0, bufferedLength)
    }
    const text = isOverlong ? undefined : textOf(whole)
    const fault = isOverlong ? 'too-long' : 'wrong-encoding'
    bufferedLength = 0
    isOverlong = false
    return text === undefined ? { line: line++, text: '', fault } : { line: line++, text }
  }

  return {
    /** The lines that end within a piece. */
    push: (piece: Uint8Array): Line[] => {
      const lines: Line[] = []
      const [nextLf, nextCr] = [finder(piece, lf), finder(piece, cr)]
      let start = afterCr && piece[0] === lf ? 1 : 0
      if (piece.length > 0) afterCr = false
      for (;;) {
        const end = Math.min(nextLf(start), nextCr(start))
        if (end === piece.length) break
        lines.push(ended(piece.subarray(start, end)))
        const isCr = piece[end] === cr
        afterCr = isCr && end + 1 === piece.length
        start = end + (isCr && piece[end + 1] === lf ? 2 : 1)
      }
      append(piece.subarray(start))
      return lines
    },
    /** The last line, if no line break ends it. */
    end: (): Line[] => (bufferedLength > 0 || isOverlong ? [ended(new Uint8Array(0))] : []),
  }
}
