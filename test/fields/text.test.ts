/** The schemas of text fields, each with its limits. */
import { describe, expect, test } from 'vitest'
import type { ZodType } from 'zod'
import { day, isDayRange } from '../../src/fields/day-range.ts'
import { emailAddress } from '../../src/fields/email-address.ts'
import {
  actorName,
  cursor,
  participantKey,
  recordId,
  userGroup,
  userIdText,
} from '../../src/fields/identifiers.ts'
import { personName } from '../../src/fields/person-name.ts'
import { requestContextSchema } from '../../src/fields/request-context.ts'
import { smartcardSerial } from '../../src/fields/smartcard-serial.ts'
import {
  isPrintable,
  lineOfText,
  linesOfText,
  looksLikeFormula,
  opaqueText,
  replaceUnprintable,
  showUnprintable,
} from '../../src/fields/text.ts'

const characters = (count: number) => 'a'.repeat(count)
const hexadecimal = (count: number) => '0123456789abcdef'.repeat(2).slice(0, count)

interface Field {
  readonly schema: ZodType
  readonly accepted: readonly unknown[]
  readonly refused: readonly unknown[]
}

const fields: Readonly<Record<string, Field>> = {
  'API-01 · opaque text: up to 4,096 characters of any kind': {
    schema: opaqueText,
    accepted: ['', '\0\u202e', characters(4_096)],
    refused: [characters(4_097), 1, null],
  },
  'API-01 · a line of text: printable characters on one line': {
    schema: lineOfText(10),
    accepted: ['', 'Chan 陳', '葛\u{e0100}', characters(10)],
    refused: [
      'a\u3164',
      'a\u{e0041}',
      '\ufe00',
      'a\ufe00',
      characters(11),
      'a\nb',
      'a\tb',
      'a\0b',
      'a\u202eb',
      'a\u2028b',
      'a\u2029b',
      '\ud800',
    ],
  },
  'API-01 · lines of text: printable characters, line feeds and tabs': {
    schema: linesOfText(10),
    accepted: ['', 'a\n\tb', '葛\u{e0100}', characters(10)],
    refused: [
      'a\u3164',
      'a\u{e0041}',
      '\ufe00',
      'a\ufe00',
      characters(11),
      'a\rb',
      'a\0b',
      'a\u202eb',
      'a\u2028b',
      'a\u2029b',
      '\ud800',
    ],
  },
  'ID-01 · a User ID as typed: up to 4,096 printable characters': {
    schema: userIdText,
    accepted: ['b01234 01', characters(4_096)],
    refused: [characters(4_097), 'B01234\n01'],
  },
  'ID-07 · the key of a participant': {
    schema: participantKey,
    accepted: ['B01234', 'BNK999', 'HKABC', 'HK0A9'],
    refused: ['', 'b01234', 'B0123', 'B012345', 'BNK99', 'BNK9999', 'HKAB', 'HKABCD', ' B01234', 'B01234\n'],
  },
  'MNT-10 · a user group: 1 or 2 capitals or digits': {
    schema: userGroup,
    accepted: ['A', '1', 'AA', '11', 'W2'],
    refused: ['', 'a', 'AAA', 'A ', ' A', 'A\n', 'Ä'],
  },
  'FLD-05 · the identifier of a record: 24 hexadecimal digits': {
    schema: recordId,
    accepted: [hexadecimal(24)],
    refused: ['', hexadecimal(23), hexadecimal(25), hexadecimal(24).toUpperCase(), `${hexadecimal(23)}g`],
  },
  'FLD-05 · a cursor: up to 256 printable ASCII characters': {
    schema: cursor,
    accepted: ['', ' ', '~', characters(256)],
    refused: [characters(257), 'a\n', 'a\x7f', 'é'],
  },
  'AUD-01 · the name of an actor: 1 to 128 characters, first a letter or digit': {
    schema: actorName,
    accepted: ['HKEX', '7', '陳大文', 'ops@hkex.example', 'job/night_run-2: a.b', `a${characters(127)}`],
    refused: ['', ' HKEX', '@hkex', '-x', '☃', 'a☃', 'a\n', 'a,b', 'a\u202eb', characters(129)],
  },
  'FLD-02 · a name: 1 to 128 printable characters, not blank': {
    schema: personName,
    accepted: ['陳', characters(128)],
    refused: ['', '  ', characters(129), 'CHAN\n', 'CH\u200bAN'],
  },
  'FLD-03 · a serial number: 1 to 32 letters and digits': {
    schema: smartcardSerial,
    accepted: ['0', '0101101200012AB2', characters(32)],
    refused: ['', characters(33), '1.01101E+23', 'A B', 'A\n'],
  },
  'ACC-06 · a day of the calendar': {
    schema: day,
    accepted: ['2023-05-02', '2024-02-29'],
    refused: ['', '2023-02-29', '2023-5-2', '02/05/2023', '2023-05-02T00:00:00Z'],
  },
  'FLD-01 · an email address': {
    schema: emailAddress,
    accepted: ['chan@bank.example'],
    refused: ['', 'chan', 'a@b.example,c@d.example'],
  },
  'PRI-01 · the context of a request: source, user agent and request id, each optional': {
    schema: requestContextSchema,
    accepted: [
      {},
      { source: '1', userAgent: '2', requestId: '3' },
      { source: characters(256), userAgent: characters(1_024), requestId: characters(128) },
    ],
    refused: [
      ...[{ source: '' }, { requestId: '' }, { userAgent: 1 }],
      ...[{ source: characters(257) }, { requestId: characters(129) }],
      ...[{ source: 'a\n' }, { requestId: '\u202e' }, { sources: '1' }, null, 'source'],
    ],
  },
}

describe.each(Object.entries(fields))('%s', (_, { schema, accepted, refused }) => {
  test('is accepted as it is', () => {
    expect(accepted.map((value) => schema.parse(value))).toEqual(accepted)
  })

  test('is otherwise refused', () => {
    expect(refused.filter((value) => schema.safeParse(value).success)).toEqual([])
  })
})

test.each<[rule: string, problem: string, schema: ZodType, value: string]>([
  ['API-01', 'must be one line without control or invisible characters', lineOfText(10), 'a\n'],
  [
    'API-01',
    'must not contain control or invisible characters other than line feeds and tabs',
    linesOfText(10),
    'a\0',
  ],
  ['ID-07', 'must be the key of a participant, e.g. B01234', participantKey, 'B0123'],
  ['MNT-10', 'must be a user group of 1 or 2 capitals or digits, e.g. AA', userGroup, 'AAA'],
  ['FLD-05', 'must be an identifier of 24 hexadecimal digits', recordId, 'x'],
  ['FLD-05', 'must be the cursor of an earlier page: at most 256 ASCII characters', cursor, 'é'],
  ['AUD-01', 'must be a name of 1 to 128 characters', actorName, ''],
  ['FLD-01', 'must be one email address', emailAddress, 'chan'],
  ['FLD-02', 'must be a name of 1 to 128 printable characters, not blank', personName, ' '],
  ['FLD-03', 'must be a serial number of 1 to 32 letters and digits', smartcardSerial, 'A B'],
])('%s · the problem “%s”', (_, problem, schema, value) => {
  expect(schema.safeParse(value).error?.issues.map(({ message }) => message)).toEqual([problem])
})

test.each([
  ['neither day', {}, true],
  ['only Enable From', { enableFrom: '2023-05-02' }, true],
  ['only Disable After', { disableAfter: '2023-05-02' }, true],
  ['one day', { enableFrom: '2023-05-02', disableAfter: '2023-05-02' }, true],
  ['two days', { enableFrom: '2023-05-02', disableAfter: '2023-05-03' }, true],
  ['Disable After before Enable From', { enableFrom: '2023-05-02', disableAfter: '2023-05-01' }, false],
  ['Enable From removed', { enableFrom: null, disableAfter: '2023-05-01' }, true],
  ['Disable After removed', { enableFrom: '2023-05-02', disableAfter: null }, true],
])('FLD-04 · the use of an account: %s', (_, range, expected) => expect(isDayRange(range)).toBe(expected))

test('API-01 · an unprintable character can be replaced, or shown by its number', () => {
  const text = 'a\n\u202e\u{e0041}陳'
  expect(replaceUnprintable(text, () => ' ')).toBe('a   陳')
  expect(replaceUnprintable('Chan', () => ' ')).toBe('Chan')
  expect(showUnprintable(text)).toBe('a[U+000A][U+202E][U+E0041]陳')
  expect(isPrintable(showUnprintable(text))).toBe(true)
})

test.each([
  ...['=1', '+1', '-1', '@a', '＝1', '＋1', '－1', '＠a', ' =1', '\t\n=1'].map(
    (text) => [text, true] as const,
  ),
  ...['', '1=1', 'a-b', "'=1", '(1)', '#1'].map((text) => [text, false] as const),
])('MIG-24 · whether a spreadsheet would run %j as a formula: %j', (text, expected) =>
  expect(looksLikeFormula(text)).toBe(expected),
)
