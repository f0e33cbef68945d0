import { type FileHandle, open } from 'node:fs/promises'
import type { PasswordBlocklist } from '../../ports/password-blocklist.ts'
import { type HashLine, hashOf, markBytes, readHashLine } from './hashes.ts'

/** The end game: as much is read at once, and looked through line by line. A page of most disks. */
const block = 4_096
/** 40 digits, a colon, a count, a line end: no line is longer. */
const longest = 64

/** Hashes between which the answer must lie, if the file is sorted. */
interface Span {
  readonly above: string
  readonly below: string
}

const broken = (at: number, what: string) => new Error(`the password file, at byte ${at}: ${what}`)

/** Some bytes of a file, as text; fewer at its end. */
const readAt = async (file: FileHandle, at: number, length: number): Promise<string> => {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at)
  return buffer.toString('latin1', 0, bytesRead)
}

/** A line of the file, which must be one, and in its place: else a hash could be missed, and no one told. */
const lineFrom = (text: string, at: number, { above, below }: Span): HashLine => {
  const read = readHashLine(text, 40)
  if (read === undefined) throw broken(at, 'no SHA-1 in hexadecimal')
  if (read.hash <= above || read.hash >= below) throw broken(at, 'not sorted by hash')
  return read
}

/** Looks through the lines that begin in a stretch of the file, the first of them at `from`. */
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

/** Halves the file until a block is left: some 25 small reads for 40 GB. */
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
    if (begin === 0 || end < 0) throw broken(middle, 'no SHA-1 in hexadecimal')
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
 * A file of hashes as Have I Been Pwned publishes it, `SHA1:count` a line, sorted by hash: of any size, it
 * is searched on the disk and never loaded. Opened again for each question, so that a new file may take the
 * old one's place (put it there by renaming).
 *
 * What the search meets must be hashes in ascending order; a file that is not (the one sorted by count, say),
 * or that is not there, makes it reject. {@link brokenHashLines} looks at the whole of it.
 *
 * @param path - e.g. `pwnedpasswords.txt`, made by the PwnedPasswordsDownloader.
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
