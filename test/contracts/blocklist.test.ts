/** Every blocklist of the package passes the port's contract. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashRangeFolder, passwordList, sortedHashFile } from 'ccass-2fa/password-list'
import { type BlocklistUnderTest, blocklistContract } from 'ccass-2fa/testing'
import { afterAll, describe, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const known = ['password', 'Tr0ub4dor&3', '密碼密碼密碼', 'Crème-brûlée-No.1!'.normalize('NFC')] as const
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()
const hashes = [...known, ...Array.from({ length: 500 }, (_, i) => `other ${i}`)].map(sha1).sort()
const missing = join(folder, 'missing')

const file = (name: string, lines: readonly string[]) => {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

/** A folder of ranges, each generated on first use: a million files are too many for a test. */
const ranges = () => {
  const path = join(folder, 'ranges')
  mkdirSync(path)
  const inner = hashRangeFolder(path)
  return {
    includes: (password: string) => {
      const prefix = sha1(password).slice(0, 5)
      const suffixes = hashes.filter((hash) => hash.startsWith(prefix)).map((hash) => `${hash.slice(5)}:3`)
      writeFileSync(join(path, `${prefix}.txt`), [...suffixes, `${'F'.repeat(35)}:0`].join('\r\n'))
      return inner.includes(password)
    },
  }
}

const run = (make: () => Promise<BlocklistUnderTest>) => {
  for (const { name, run: check } of blocklistContract(make)) test(`PW-08 · ${name}`, check)
}

describe('password-list with passwords', () => {
  const path = file('passwords.txt', known)
  run(async () => ({ blocklist: passwordList(path), known, unreachable: passwordList(missing) }))
})
describe('password-list with passwords in any case', () => {
  run(async () => ({ blocklist: passwordList(known, { ignoreCase: true }), known }))
})
describe('password-list with hashes', () => {
  run(async () => ({ blocklist: passwordList(hashes, { of: 'hashes' }), known }))
})
describe('password-list with a sorted file of hashes', () => {
  const path = file(
    'sorted.txt',
    hashes.map((hash, i) => `${hash}:${i + 1}`),
  )
  run(async () => ({ blocklist: sortedHashFile(path), known, unreachable: sortedHashFile(missing) }))
})
describe('password-list with a folder of ranges', () => {
  const blocklist = ranges()
  run(async () => ({ blocklist, known, unreachable: hashRangeFolder(missing) }))
})
