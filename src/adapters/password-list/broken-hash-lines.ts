import { readHashLine } from './hashes.ts'
import { type BrokenLine, linesOfFile } from './lines.ts'

/**
 * Checks every line of a file for {@link sortedHashFile}. Run it once, after you install the file: a look-up
 * reads only a few lines and reports only those.
 *
 * @param path - the file. It is read in pieces, so its size does not matter.
 * @returns each line that is not a hash, or that does not sort after the previous hash. Nothing for a correct
 * file.
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
