/**
 * Blocklists of known passwords from files: small ones in memory, and those that Have I Been Pwned publishes,
 * searched where they lie. None of them needs a network. For Node, and what has its `fs`.
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
 * How a list that is kept in memory is read.
 *
 * @category Adapters
 */
export interface PasswordListOptions {
  /** `passwords`, one a line; or their `hashes`, `SHA1` or `SHA1:count`. Default: `passwords`. */
  readonly of?: 'passwords' | 'hashes'
  /**
   * Takes capital and small letters for the same, so that a list in small letters also knows what was
   * made of it to meet the rules. For `passwords` alone: a hash has no case to ignore. Default: `false`.
   */
  readonly ignoreCase?: boolean
  /**
   * Receives each malformed line, which the list then skips. Without this, one malformed line and the
   * list answers nothing: it rejects.
   */
  readonly onBrokenLine?: (broken: BrokenLine) => void
}

type Entry = (text: string) => string | undefined

/** What is kept of a line; `''` for padding, `undefined` for what is no line of such a list. */
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
 * A list of known passwords that is small enough for memory: some hundred thousand lines. It is read once,
 * when it is first asked. While it can't be read, every question rejects; a file is tried again each time.
 *
 * Passwords are compared in Unicode's NFC, as they are hashed (PW-05), and letter by letter unless
 * `ignoreCase` says otherwise. Empty lines are skipped; blanks belong to the password, a byte order mark before
 * a line does not.
 *
 * @param source - the path of a file in UTF-8, or its lines.
 * @throws TypeError for an unknown option or value; at construction.
 * @rule PW-08
 * @category Adapters
 */
export const passwordList = (source: LineSource, options: PasswordListOptions = {}): PasswordBlocklist => {
  checkOptionNames('passwordList', options, ['of', 'ignoreCase', 'onBrokenLine'])
  const { of = 'passwords', ignoreCase = false, onBrokenLine = refuseList } = options
  if (of !== 'passwords' && of !== 'hashes')
    throw new TypeError("passwordList: of must be 'passwords' or 'hashes'")
  if (of === 'hashes' && ignoreCase) throw new TypeError('a hash has no case to ignore')
  const entry = entryOf({ of, ignoreCase })
  let known: Promise<ReadonlySet<string>> | undefined
  return {
    includes: async (password) => {
      known ??= read(source, entry, onBrokenLine)
      const reading = known
      try {
        return (await reading).has(of === 'hashes' ? hashOf(password) : folded(password, ignoreCase))
      } catch (error) {
        // Lines that can be walked but once would be found empty the next time, and know nothing.
        if (typeof source === 'string' && known === reading) known = undefined
        throw error
      }
    },
  }
}
