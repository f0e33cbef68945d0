import { createReadStream } from 'node:fs'

/** A list: the path of a file in UTF-8, or its lines. */
export type LineSource = string | Iterable<string> | AsyncIterable<string>

/** What is wrong with a line. Its text is not told: a list may hold what is no one's business. */
export interface BrokenLine {
  /** From 1. */
  readonly line: number
  /**
   * `not-a-hash`: neither `SHA1` nor `SHA1:count`; `not-sorted`: not behind the hash before it; `not-utf-8`;
   * `too-long`: above 4,096 characters.
   */
  readonly problem: 'not-a-hash' | 'not-sorted' | 'not-utf-8' | 'too-long'
}

/** Longer than any password that may be (PW-06), and than any line of hashes. */
export const longestLine = 4_096

/**
 * A text without a byte order mark before it. Editors write one, and a list may be put together from several
 * files: no password and no hash begins with it.
 */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text)

const replacement = '\uFFFD'

/**
 * The lines of a file, without their ends, a byte order mark, or an empty last one. Only the part of it
 * available is held.
 */
export async function* linesOfFile(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  const cut = (): readonly string[] => {
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    // A file without line ends must not be gathered: what is too long already is kept as too long.
    if (rest.length > 2 * longestLine) rest = rest.slice(0, longestLine + 1)
    return lines
  }
  for await (const chunk of createReadStream(path)) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true })
    yield* cut()
  }
  rest += decoder.decode()
  yield* cut()
  if (rest !== '') yield rest
}

/** The lines of a source, each with what is wrong with it as text. */
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
