import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * The password's SHA-1 in the format of Have I Been Pwned: 40 capital hexadecimal digits, over UTF-8 in NFC.
 */
export const hashOf = (password: string): string =>
  bytesToHex(sha1(utf8ToBytes(password.normalize('NFC')))).toUpperCase()

/** The UTF-8 byte order mark, as it appears in files of hashes, which are read byte by byte. */
export const markBytes = '\xEF\xBB\xBF'

/** A line of a list of hashes. `count` is how often the password was seen, or 1 if the list does not say. */
export interface HashLine {
  /** Capital hexadecimal digits. */
  readonly hash: string
  readonly count: number
}

const line = /^([0-9A-Fa-f]+)(?::(\d{1,15}))?\r?$/

/**
 * Parses `HASH` or `HASH:count` with a hash of this many digits. Returns `undefined` for a malformed line. A
 * count of 0 is padding, which Have I Been Pwned adds to ranges on request, and not a password.
 */
export const readHashLine = (text: string, digits: number): HashLine | undefined => {
  const [, hash = '', count = '1'] = line.exec(text) ?? []
  return hash.length === digits ? { hash: hash.toUpperCase(), count: Number(count) } : undefined
}
