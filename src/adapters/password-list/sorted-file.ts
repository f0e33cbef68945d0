import { type FileHandle, open } from 'node:fs/promises'
import type { PasswordBlocklist } from '../../ports/password-blocklist.ts'
import { type HashLine, hashOf, markBytes, readHashLine } from './hashes.ts'

/**
 * When this many bytes remain, they are read at once and searched line by line. The page size of most disks.
 */
const block = 4_096
/** The longest line: 40 digits, a colon, a count and a line end. */
const longest = 64

/** The hashes between which every further line must lie, if the file is sorted. */
interface Span {
  readonly above: string
  readonly below: string
}

const broken = (at: number, what: string) => new Error(`the password file, at byte ${at}: ${what}`)

/** Reads bytes of a file as text. Returns fewer at its end. */
const readAt = async (file: FileHandle, at: number, length: number): Promise<string> => {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at)
  return buffer.toString('latin1', 0, bytesRead)
}

/**
 * Parses a line and checks that it is a hash in the right place. Otherwise a hash could be missed without
 * notice.
 */
const lineFrom = (text: string, at: number, { above, below }: Span): HashLine => {
  const read = readHashLine(text, 40)
  if (read === undefined) throw broken(at, 'not a SHA-1 in hexadecimal')
  if (read.hash <= above || read.hash >= below) throw broken(at, 'not sorted by hash')
  return read
}

/** Searches the lines that begin within a range of bytes. The first one begins at `from`. */
const inBlock = async (file: FileHandle, from: number, to: number, wanted: string, span: Span) => {
  const text = await readAt(file, from, to - from + longest)
  let { above } = span
  let at = 0
  while (at < to - from) {
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end < 0 ? text.length : end)
    const { hash, count } = lineFrom(line, from + at, { above, below: span.below })
    if (hash === wanted) return count > 0
    above = hash
    at = end < 0 ? text.length : end + 1
  }
  return false
}

/** Binary search until one block is left: about 25 small reads for 40 GB. */
const search = async (file: FileHandle, wanted: string): Promise<boolean> => {
  const begin = await readAt(file, 0, markBytes.length)
  let from = begin === markBytes ? markBytes.length : 0
  let to = (await file.stat()).size
  let span: Span = { above: '', below: 'G' }
  while (to - from > block) {
    const middle = from + Math.floor((to - from) / 2)
    const text = await readAt(file, middle, 2 * longest)
    const begin = text.indexOf('\n') + 1
    const end = text.indexOf('\n', begin)
    if (begin === 0 || end < 0) throw broken(middle, 'not a SHA-1 in hexadecimal')
    const at = middle + begin
    const { hash, count } = lineFrom(text.slice(begin, end), at, span)
    if (hash === wanted) return count > 0
    if (hash < wanted) {
      from = middle + end + 1
      span = { ...span, above: hash }
    } else {
      to = at
      span = { ...span, below: hash }
    }
  }
  return inBlock(file, from, to, wanted, span)
}

/**
 * Creates a blocklist over a file of hashes in the format that Have I Been Pwned publishes: lines of the form
 * `SHA1:count`, sorted by hash. The file can have any size: it is searched on disk and never loaded. It is
 * opened for each look-up, so you can replace it at any time (by renaming the new file).
 *
 * The lines that a look-up reads must be hashes in ascending order. It rejects if they are not, as in the
 * file that is sorted by count, or if the file is missing. {@link brokenHashLines} checks the whole file.
 *
 * @param path - such as `pwnedpasswords.txt`, created by the PwnedPasswordsDownloader.
 * @rule PW-08
 * @category Adapters
 */
export const sortedHashFile = (path: string): PasswordBlocklist => ({
  includes: async (password) => {
    const file = await open(path, 'r')
    try {
      return await search(file, hashOf(password))
    } finally {
      await file.close()
    }
  },
})
