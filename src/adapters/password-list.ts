/**
 * Blocklists of known passwords from files: small lists in memory, and those that Have I Been Pwned
 * publishes, searched on disk. None of them needs a network. For Node and runtimes with its `fs`.
 *
 * @module ccass-2fa/password-list
 */
import type { PasswordBlocklist } from '../ports/password-blocklist.ts'
import { hashOf, readHashLine } from './password-list/hashes.ts'
import { type BrokenLine, type LineSource, linesOf } from './password-list/lines.ts'
import { checkOptionNames } from './support/known-options.ts'

export { brokenHashLines } from './password-list/broken-hash-lines.ts'
export { hashRangeFolder } from './password-list/range-folder.ts'
export { sortedHashFile } from './password-list/sorted-file.ts'
export type { BrokenLine, LineSource }

/**
 * Options of {@link passwordList}.
 *
 * @category Adapters
 */
export interface PasswordListOptions {
  /**
   * What each line contains. `passwords`: a password. `hashes`: `SHA1` or `SHA1:count`. Default: `passwords`.
   */
  readonly of?: 'passwords' | 'hashes'
  /**
   * Ignores the difference between capital and small letters, so that a list in small letters also matches
   * variants with capitals. Only for `passwords`: hashes cannot be compared in this way. Default: `false`.
   */
  readonly ignoreCase?: boolean
  /**
   * Receives each malformed line, which the list then skips. Without this function, a single malformed line
   * makes every look-up reject.
   */
  readonly onBrokenLine?: (broken: BrokenLine) => void
}

type Entry = (text: string) => string | undefined

/** The stored form of a line: `''` for padding, `undefined` for a malformed line. */
const entryOf = ({ of, ignoreCase }: Required<Pick<PasswordListOptions, 'of' | 'ignoreCase'>>): Entry => {
  if (of === 'hashes')
    return (text) => {
      const read = readHashLine(text, 40)
      return read?.count === 0 ? '' : read?.hash
    }
  return (text) => folded(text, ignoreCase)
}

const folded = (password: string, ignoreCase: boolean) => {
  const composed = password.normalize('NFC')
  return ignoreCase ? composed.toLowerCase().normalize('NFC') : composed
}

const read = async (
  source: LineSource,
  entry: Entry,
  onBrokenLine: (broken: BrokenLine) => void,
): Promise<ReadonlySet<string>> => {
  const known = new Set<string>()
  for await (const { text, line, problem } of linesOf(source)) {
    const kept = problem === undefined ? entry(text) : undefined
    if (kept === undefined) onBrokenLine({ line, problem: problem ?? 'not-a-hash' })
    else if (kept !== '') known.add(kept)
  }
  return known
}

const refuseList = ({ line, problem }: BrokenLine) => {
  throw new Error(`line ${line} of the password list: ${problem}`)
}

/**
 * Creates a blocklist that is held in memory, for up to some hundred thousand lines. It is read once, at the
 * first look-up. If it cannot be read, each look-up rejects. A file is read again at the next look-up.
 *
 * Passwords are compared in Unicode NFC, as they are hashed (PW-05), and case-sensitively unless `ignoreCase`
 * is set. Empty lines are skipped. Spaces are part of the password. A byte order mark at the start of a line
 * is not.
 *
 * @param source - the path of a UTF-8 file, or its lines.
 * @throws TypeError at construction, for an unknown option or value.
 * @rule PW-08
 * @category Adapters
 */
export const passwordList = (source: LineSource, options: PasswordListOptions = {}): PasswordBlocklist => {
  checkOptionNames('passwordList', options, ['of', 'ignoreCase', 'onBrokenLine'])
  const { of = 'passwords', ignoreCase = false, onBrokenLine = refuseList } = options
  if (of !== 'passwords' && of !== 'hashes')
    throw new TypeError("passwordList: of must be 'passwords' or 'hashes'")
  if (of === 'hashes' && ignoreCase)
    throw new TypeError('passwordList: ignoreCase cannot be used with hashes')
  const entry = entryOf({ of, ignoreCase })
  let known: Promise<ReadonlySet<string>> | undefined
  return {
    includes: async (password) => {
      known ??= read(source, entry, onBrokenLine)
      const reading = known
      try {
        return (await reading).has(of === 'hashes' ? hashOf(password) : folded(password, ignoreCase))
      } catch (error) {
        // Lines that can be iterated only once would seem empty at the next attempt, and the list would match
        // nothing.
        if (typeof source === 'string' && known === reading) known = undefined
        throw error
      }
    },
  }
}
