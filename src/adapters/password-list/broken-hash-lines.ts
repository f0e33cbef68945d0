import { readHashLine } from './hashes.ts'
import { type BrokenLine, linesOfFile } from './lines.ts'

/**
 * Looks at every line of a file for {@link sortedHashFile}, from end to end: once, after it was put there.
 * A search meets some lines of the file alone, and reports no others.
 *
 * @param path - the file. It is read in pieces: its size does not matter.
 * @returns each line that is no hash, or not behind the hash before it; nothing for a file that is in order.
 * @rule PW-08
 * @category Adapters
 */
export async function* brokenHashLines(path: string): AsyncGenerator<BrokenLine, void> {
  let line = 0
  let before = ''
  for await (const text of linesOfFile(path)) {
    line++
    const hash = readHashLine(text, 40)?.hash
    if (hash === undefined) yield { line, problem: 'not-a-hash' }
    else if (hash <= before) yield { line, problem: 'not-sorted' }
    else before = hash
  }
}
