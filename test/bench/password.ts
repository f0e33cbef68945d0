/** `checkPassword` against password-validator, and against a bare loop over the characters. */
import PasswordValidator from 'password-validator'
import { checkPassword } from '../../dist/rules.js'
import { type BenchLine, compare, flat, inTurn, keep } from './harness.ts'

/** The same rules, in as few steps as the peer can do them; its letters are Unicode's, ours are ASCII's. */
const peer = new PasswordValidator()
  .min(16)
  .max(128)
  .digits()
  .lowercase()
  .uppercase()
  .has(/[!@#%&*()]/)

const digit = 1
const lower = 2
const capital = 4
const special = 8

/** The minimum of any check: one look at every character. */
const scan = (password: string): number => {
  let flags = 0
  let count = 0
  for (let i = 0; i < password.length; i++) {
    const code = password.charCodeAt(i)
    if (code >= 0x61 && code <= 0x7a) flags |= lower
    else if (code >= 0x41 && code <= 0x5a) flags |= capital
    else if (code >= 0x30 && code <= 0x39) flags |= digit
    else if (
      code === 0x21 ||
      code === 0x23 ||
      (code >= 0x25 && code <= 0x2a && code !== 0x27) ||
      code === 0x40
    )
      flags |= special
    if ((code & 0xfc00) !== 0xdc00) count++
  }
  return flags | (count << 4)
}

const kinds: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'good, 20 characters': [
    'Correct-Horse#Staple',
    'lantern%Bridge7-Moss',
    'Quiet(River)0verflow',
    '9Kestrels&Umbrella-s',
  ],
  'short, 5 characters': ['short', 'sh0rt', 'Short', 'sho#t'],
  'long enough, classes missing': [
    'alllowercaseletters',
    'onlylettershere-now',
    'nocapitalsnodigitss',
    'abcdefghijklmnopqrs',
  ],
  'good, 128 characters': ['aB3#', 'x9(Q', '*k2Z', 'R%8v'].map((part) => part.repeat(32)) as [
    string,
    ...string[],
  ],
  'good, with Chinese characters and emoji': [
    '港股通Terminal#2023登入好',
    'Lantern燈籠&Bridge橋7苔蘚',
    'Quiet(靜河)0verflow🌊🌊',
    '9Kestrels&雨傘Umbrella🌂',
  ],
}

/** Two rows of the table for each kind of password. */
export const passwordLines = async (): Promise<readonly BenchLine[]> => {
  const lines: BenchLine[] = []
  for (const [kind, [first, ...others]] of Object.entries(kinds)) {
    const next = () => inTurn(flat(first), ...others.map(flat))
    const [a, b, c] = [next(), next(), next()]
    const took = await compare({
      ours: () => keep(checkPassword(a())),
      validator: () => keep(peer.validate(b(), { list: true })),
      scan: () => keep(scan(c())),
    })
    lines.push(
      {
        what: kind,
        ours: took.ours,
        peer: { name: 'password-validator', time: took.validator },
        aim: 'password-peer',
      },
      { what: kind, ours: took.ours, peer: { name: 'bare scan', time: took.scan }, aim: 'password-scan' },
    )
  }
  return lines
}
