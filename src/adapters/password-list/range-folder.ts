import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PasswordBlocklist } from '../../ports/password-blocklist.ts'
import { hashOf, markBytes, readHashLine } from './hashes.ts'

const prefixDigits = 5

const isMissing = (error: unknown) => (error as { readonly code?: unknown } | null)?.code === 'ENOENT'

/** The file of a range: `21BD1.txt`, as the downloader names it, or `21BD1`, as the range is asked for. */
const readRange = async (folder: string, prefix: string): Promise<string> => {
  try {
    return await readFile(join(folder, `${prefix}.txt`), 'latin1')
  } catch (error) {
    if (!isMissing(error)) throw error
    return readFile(join(folder, prefix), 'latin1')
  }
}

/**
 * A folder of ranges as Have I Been Pwned answers them: a file for each five first digits of the SHA-1, with
 * `SUFFIX:count` a line, the other 35 digits. One file is read for each question.
 *
 * A range without a file makes it reject, and so does a malformed line: all 1,048,576 ranges have
 * passwords, so what is not there has not been fetched.
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
