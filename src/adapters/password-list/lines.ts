import { createReadStream } from 'node:fs'

/** A list: the path of a UTF-8 file, or its lines. */
export type LineSource = string | Iterable<string> | AsyncIterable<string>

/** A malformed line, without its text, which may be confidential. */
export interface BrokenLine {
  /** The line number, from 1. */
  readonly line: number
  /**
   * `not-a-hash`: neither `SHA1` nor `SHA1:count`. `not-sorted`: does not sort after the previous hash.
   * `not-utf-8`. `too-long`: more than 4,096 characters.
   */
  readonly problem: 'not-a-hash' | 'not-sorted' | 'not-utf-8' | 'too-long'
}

/** Longer than any allowed password (PW-06) and any line of hashes. */
export const longestLine = 4_096

/**
 * Removes a byte order mark from the start of a line. Editors write one, and a list may be concatenated from
 * several files. No password and no hash starts with it.
 */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text)

const replacement = '\uFFFD'

/**
 * Reads the lines of a file, without line ends, byte order marks and an empty last line. Only a part of the
 * file is in memory at a time.
 */
export async function* linesOfFile(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  const cut = (): readonly string[] => {
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    // A file without line ends must not accumulate in memory. A line that is already too long is truncated to
    // a length that is still too long.
    if (rest.length > 2 * longestLine) rest = rest.slice(0, longestLine + 1)
    return lines
  }
  for await (const chunk of createReadStream(path)) {
    // Without an encoding, a stream gives bytes; its type says `any`.
    rest += decoder.decode(chunk as Uint8Array, { stream: true })
    yield* cut()
  }
  rest += decoder.decode()
  yield* cut()
  if (rest !== '') yield rest
}

/** The lines of a source, each with its text and its problem, if any. */
export async function* linesOf(source: LineSource): AsyncGenerator<{
  readonly text: string
  readonly line: number
  readonly problem?: BrokenLine['problem']
}> {
  let line = 0
  for await (const given of typeof source === 'string' ? linesOfFile(source) : source) {
    line++
    const text = withoutMark(given.endsWith('\r') ? given.slice(0, -1) : given)
    if (text.length > longestLine) yield { text, line, problem: 'too-long' }
    else if (!text.isWellFormed() || text.includes(replacement)) yield { text, line, problem: 'not-utf-8' }
    else if (text !== '') yield { text, line }
  }
}
