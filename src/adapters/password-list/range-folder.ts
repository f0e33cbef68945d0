import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PasswordBlocklist } from '../../ports/password-blocklist.ts'
import { hashOf, markBytes, readHashLine } from './hashes.ts'

const prefixDigits = 5

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/**
 * Reads the file of a range: `21BD1.txt`, as the downloader names it, or `21BD1`, as the range is requested.
 */
const readRange = async (folder: string, prefix: string): Promise<string> => {
  try {
    return await readFile(join(folder, `${prefix}.txt`), 'latin1')
  } catch (error) {
    if (!isMissing(error)) throw error
    return readFile(join(folder, prefix), 'latin1')
  }
}

/**
 * Creates a blocklist over a folder of ranges in the format of Have I Been Pwned: one file for each
 * five-digit prefix of the SHA-1, with lines of the form `SUFFIX:count`, where the suffix has the other 35
 * digits. Each look-up reads one file.
 *
 * A look-up rejects if the file of its range is missing or has a malformed line. All 1,048,576 ranges contain
 * passwords, so a missing file was not downloaded.
 *
 * @rule PW-08
 * @category Adapters
 */
export const hashRangeFolder = (folder: string): PasswordBlocklist => ({
  includes: async (password) => {
    const wanted = hashOf(password)
    const [prefix, suffix] = [wanted.slice(0, prefixDigits), wanted.slice(prefixDigits)]
    const text = await readRange(folder, prefix)
    let known = false
    const lines = text.startsWith(markBytes) ? text.slice(markBytes.length) : text
    for (const [i, line] of lines
      .replace(/\r?\n$/, '')
      .split('\n')
      .entries()) {
      const read = readHashLine(line, suffix.length)
      if (read === undefined) throw new Error(`line ${i + 1} of range ${prefix}: not a hash`)
      if (read.hash === suffix && read.count > 0) known = true
    }
    return known
  },
})
