/** The structural laws, checked against the sources. Each law is also shown to find a violation. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { inPackage, readTree } from '../docs/generate/tree.ts'
import tsupConfig from '../tsup.config.ts'
import { unexplainedCasts } from './house/casts.ts'
import { type EntryPoints, entryProblems, foreign, type Manifest, untoldPeers } from './house/package.ts'
import { impurities } from './house/purity.ts'
import { importsOf, roomOf, type SourceText } from './house/sources.ts'
import { barrels, circles, misplaced, oversized, type Plan } from './house/standing.ts'
import { unicodeCase } from './house/unicode-case.ts'

/** From the top floor down. Imports only point down; rooms on one floor do not import each other. */
const floors = [
  ['index', 'entries'],
  ['authentication'],
  ['aggregates', 'refusals'],
  ['sign-in', 'dms', 'eservices', 'registry', 'migration', 'audit', 'personal-data'],
  ['session'],
  ['records'],
  ['engine'],
  ['integrity'],
  ['ports'],
  ['account'],
  ['access-control', 'participant', 'lockout', 'otp', 'password'],
  ['policy', 'identity'],
  ['fields'],
  ['kernel'],
]

/** Rooms that may import less than their floor would allow, and the two for use from outside. */
const standsOn = {
  ports: ['account', 'type otp', 'identity', 'type fields', 'kernel'],
  // The listing's reader adapts a file to the pure reading of rows; reports show the plan.
  adapters: [
    'ports',
    'type otp',
    'type password',
    'type refusals',
    // The events of every kind of record, which the mapping to OCSF names.
    'type aggregates',
    'migration',
    'type eservices',
    'access-control',
    'policy',
    'type identity',
    'fields',
    'kernel',
  ],
  // Storage adapters; they share the check of option names with the other adapters.
  stores: ['adapters', 'ports', 'type identity', 'kernel'],
  // The conformance kit compares systems with the pure state machines and never imports the service.
  conformance: [
    'account',
    'dms',
    'participant',
    'access-control',
    'otp',
    'policy',
    'identity',
    'fields',
    'kernel',
  ],
  testing: ['adapters', 'stores', ...floors.flat().filter((room) => room !== 'index' && room !== 'entries')],
}

const plan: Plan = { floors, standsOn }
const annexes = ['adapters', 'stores', 'testing', 'conformance']
/** The maximum share of the lines of src in one room. */
const maxRoomShare = 0.17
/** Pure files: all files of these rooms and, in every other room, the files in `model/`. */
const pureRooms = [
  'integrity',
  'account',
  'access-control',
  'participant',
  'lockout',
  'otp',
  'password',
  'policy',
  'identity',
  'fields',
  'kernel',
]
const isPure = (path: string) => pureRooms.includes(roomOf(path)) || /^src\/[^/]+\/model\//.test(path)
const packages = ['zod', 'date-fns', '@date-fns/tz', 'neverthrow', 'otpauth', '@noble/hashes']
const published = [
  'src/index.ts',
  'src/adapters/messages.ts',
  ...['rules', 'account', 'dms', 'eservices', 'migration', 'audit'].map((name) => `src/entries/${name}.ts`),
  'src/adapters/migration-report.ts',
  'src/testing/index.ts',
  'src/conformance/index.ts',
]

const house = readTree('src', '.ts')
const within = (rooms: readonly string[]) => house.filter(({ path }) => rooms.includes(roomOf(path)))

/** A settings file; tsconfig.json and similar files can contain comments. */
const settings = <T>(path: string) =>
  ts.parseConfigFileTextToJson(path, readFileSync(inPackage(path), 'utf8')).config as T

const manifest = settings<Manifest>('package.json')
const entryPoints: EntryPoints = {
  tsup: (tsupConfig as { entry: EntryPoints['tsup'] }).entry,
  paths: settings<{ compilerOptions: Pick<EntryPoints, 'paths'> }>('tsconfig.json').compilerOptions.paths,
  typedoc: settings<{ entryPoints: EntryPoints['typedoc'] }>('typedoc.json').entryPoints,
}

/** A small package with consistent settings. */
const smallManifest: Manifest = {
  name: 'x',
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './memory': { types: './dist/memory.d.ts', default: './dist/memory.js' },
    './package.json': './package.json',
  },
  dependencies: {},
}
const goodEntries = { index: 'src/index.ts', memory: 'src/stores/memory.ts' }
const goodPaths = { x: ['./src/index.ts'], 'x/memory': ['./src/stores/memory.ts'] }
const goodPages = ['src/index.ts', 'src/stores/memory.ts']

/** A synthetic source tree: paths under src, and their contents. */
const built = (files: Readonly<Record<string, string>>): readonly SourceText[] =>
  Object.entries(files).map(([path, text]) => ({ path: `src/${path}`, text }))

test('the laws are checked on real files: sources are found with their imports', () => {
  expect(house.length).toBeGreaterThan(15)
  expect(house.flatMap(importsOf).length).toBeGreaterThan(15)
})

describe('imports point down only', () => {
  test('the sources comply', () => {
    expect(misplaced(house, plan)).toEqual([])
  })

  test.each([
    ['up', 'kernel/a.ts', "import { b } from '../policy/b.ts'", 'policy'],
    ['up, a type', 'otp/a.ts', "import type { B } from '../account/b.ts'", 'types of account'],
    ['up, an inline type', 'otp/a.ts', "type A = import('../account/b.ts').B", 'types of account'],
    ['up, a re-export', 'otp/a.ts', "export * from '../account/b.ts'", 'account'],
    ['up, dynamic', 'otp/a.ts', "export const a = () => import('../account/b.ts')", 'account'],
    ['to a room on the same floor', 'otp/a.ts', "import { b } from '../lockout/b.ts'", 'lockout'],
    ['ports to more than the types of otp', 'ports/a.ts', "import { b } from '../otp/b.ts'", 'otp'],
    ['adapters to what is above ports', 'adapters/a.ts', "import { b } from '../engine/b.ts'", 'engine'],
    ['testing to the entry point', 'testing/a.ts', "import { b } from '../index.ts'", 'index'],
    ['a store to the engine', 'stores/a.ts', "import { b } from '../engine/b.ts'", 'engine'],
    ['an adapter to a store', 'adapters/a.ts', "import { b } from '../stores/b.ts'", 'stores'],
    ['the house to an annex', 'engine/a.ts', "import { b } from '../adapters/b.ts'", 'adapters'],
  ])('the check finds %s', (_, path, text, on) => {
    expect(misplaced(built({ [path]: text }), plan)).toEqual([
      expect.stringMatching(new RegExp(`^src/${path} → src/.*: ${roomOf(path)} does not stand on ${on}$`)),
    ])
  })

  test('the check finds a room that is not in the plan and an import that leaves src', () => {
    const files = built({ 'util/a.ts': '', 'kernel/b.ts': "import '../../test/setup.ts'" })
    expect(misplaced(files, plan)).toEqual([
      'src/util/a.ts: no room of the plan',
      'src/kernel/b.ts → test/setup.ts: out of src',
    ])
  })

  test('the check accepts imports downwards, within one room, and of types where only types are allowed', () => {
    const files = built({
      'account/a.ts': "import { b } from '../otp/b.ts'; import { c } from './c.ts'",
      'ports/a.ts': "import { type B } from '../otp/b.ts'; import type { C } from '../account/c.ts'",
      'testing/a.ts': "import { b } from '../adapters/b.ts'",
    })
    expect(misplaced(files, plan)).toEqual([])
  })
})

describe('no room has more than 17 % of the lines', () => {
  test('the sources comply', () => {
    expect(oversized(house, maxRoomShare)).toEqual([])
  })

  test('the check finds a room of 18 lines in 100 and accepts one of 17', () => {
    const rooms = (big: number) =>
      built({
        'otp/a.ts': 'x\n'.repeat(10),
        'otp/b.ts': 'x\n'.repeat(big - 10),
        ...Object.fromEntries(
          ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((name, i) => [
            `${name}/x.ts`,
            'x\n'.repeat(i === 0 ? 100 - big - 9 * 8 : 8),
          ]),
        ),
      })
    expect(oversized(rooms(18), maxRoomShare)).toEqual(['src/otp: 18 of 100 lines, at most 17 allowed'])
    expect(oversized(rooms(17), maxRoomShare)).toEqual([])
  })
})

describe('there are no import cycles', () => {
  test('the sources comply', () => {
    expect(circles(house)).toEqual([])
  })

  test('the check finds a cycle of three through a type import, and reports it as a path', () => {
    const files = built({
      'otp/a.ts': "import { b } from './b.ts'",
      'otp/b.ts': "import type { C } from './c.ts'",
      'otp/c.ts': "export { a } from './a.ts'; import { d } from './d.ts'",
      'otp/d.ts': '',
    })
    expect(circles(files)).toEqual(['src/otp/a.ts → src/otp/b.ts → src/otp/c.ts → src/otp/a.ts'])
  })

  test('the check finds a file that imports itself and accepts two paths to one file', () => {
    const files = built({
      'otp/a.ts': "import './b.ts'; import './c.ts'",
      'otp/b.ts': "import './c.ts'",
      'otp/c.ts': "import './c.ts'",
    })
    expect(circles(files)).toEqual(['src/otp/c.ts → src/otp/c.ts'])
  })
})

describe('no file only re-exports, except the published entry points', () => {
  test('the sources comply', () => {
    expect(barrels(house, published)).toEqual([])
  })

  test('the check finds a file that only re-exports, and accepts entry points and files with their own declarations', () => {
    const files = built({
      'index.ts': "export { a } from './otp/a.ts'",
      'otp/index.ts': "export * from './a.ts'",
      'otp/all.ts': "import { a } from './a.ts'; export { a }",
      'otp/a.ts': "export { b } from './b.ts'; export const a = 1",
    })
    expect(barrels(files, published)).toEqual(['src/otp/index.ts: a barrel', 'src/otp/all.ts: a barrel'])
  })
})

describe('packages', () => {
  test('the core depends on its six packages, and only adapters import drivers and node: modules', () => {
    const rooms = floors.flat()
    expect(foreign(within(rooms), packages)).toEqual([])
  })

  test('the check finds node:, a driver, its type, and the package itself by name', () => {
    const files = built({
      'otp/a.ts': "import { createHmac } from 'node:crypto'; import { sha1 } from '@noble/hashes/legacy.js'",
      'engine/b.ts': "import type Database from 'libsql'; import { c } from 'ccass-2fa/memory'",
    })
    expect(foreign(files, packages)).toEqual([
      'src/otp/a.ts → node:crypto',
      'src/engine/b.ts → libsql',
      'src/engine/b.ts → ccass-2fa/memory',
    ])
  })

  test('every package that an adapter imports is a dependency or an optional peer', () => {
    expect(untoldPeers(within(annexes), manifest)).toEqual([])
  })

  test('the check finds a driver that is not a peer and a peer that is not optional', () => {
    const files = built({
      'adapters/a.ts': "import Database from 'libsql'; import { readFileSync } from 'node:fs'",
      'adapters/b.ts': "import type { Options } from '@node-rs/argon2'; import { ok } from 'neverthrow'",
      'testing/c.ts': "import fc from 'fast-check'",
    })
    const peers = { 'fast-check': '^4', '@node-rs/argon2': '^2' }
    const told = {
      ...manifest,
      peerDependencies: peers,
      peerDependenciesMeta: { 'fast-check': { optional: true } },
    }
    expect(untoldPeers(files, told)).toEqual([
      'src/adapters/a.ts → libsql: no peer dependency',
      'src/adapters/b.ts → @node-rs/argon2: not optional',
    ])
  })
})

describe('the core is pure', () => {
  test('the sources comply', () => {
    expect(impurities(house.filter(({ path }) => isPure(path)))).toEqual([])
  })

  test.each([
    ['Date.now()', 'Date.now'],
    ['Date()', 'Date'],
    ['const { now } = Date', 'Date'],
    ["Date['now']()", 'Date'],
    ['const clock = undefined ?? Date', 'Date'],
    ['new Date()', 'new Date of too few arguments'],
    ["import { TZDate } from '@date-fns/tz'; new TZDate(0)", 'new TZDate of too few arguments'],
    ["import { TZDate } from '@date-fns/tz'; TZDate.tz('Asia/Hong_Kong')", 'TZDate.tz'],
    ["import { isPast } from 'date-fns'", 'isPast'],
    ['performance.now()', 'performance'],
    ['setTimeout(() => {}, 1)', 'setTimeout'],
    ['Math.random()', 'Math.random'],
    ['const { random } = Math', 'Math.random'],
    ['crypto.getRandomValues(new Uint8Array(8))', 'crypto'],
    ['const random = { crypto }', 'crypto'],
    ["import { randomBytes } from '@noble/hashes/utils.js'", 'randomBytes'],
    ["import { Secret } from 'otpauth'; new Secret()", 'new Secret of too few arguments'],
    ["import { TOTP } from 'otpauth'; new TOTP({}).generate()", 'TOTP without a timestamp'],
    ["process.env['TZ']", 'process'],
    ['globalThis.crypto', 'globalThis'],
    ["const f = () => { throw new Error('no') }", 'throw'],
    ['ok(1)._unsafeUnwrap()', '_unsafeUnwrap'],
    ['const f = async () => 1', 'async'],
  ])('the check finds %s', (text, problem) => {
    expect(impurities(built({ 'otp/a.ts': text }))).toEqual([`src/otp/a.ts: ${problem}`])
  })

  test.each([
    'new Date(0); Date.UTC(2023, 3, 28); const f = (d: unknown): d is Date => d instanceof Date',
    'Math.floor(1.5)',
    'const f = (state: { crypto: number }) => state.crypto; type T = { process: Date }',
    'const f = (process: number) => process + 1',
    'const f = ({ crypto: used }: { crypto: number }) => used',
    "import { TOTP } from 'otpauth'; new TOTP({}).generate({ timestamp: 0 })",
    "// throw Date.now()\nconst text = 'Math.random()'",
  ])('the check accepts %s', (text) => {
    expect(impurities(built({ 'otp/a.ts': text }))).toEqual([])
  })
})

describe('MIG-24 ID-08 · letter case is ignored for ASCII letters only', () => {
  test('the sources comply, except where a resemblance is enough to search, to refuse or to deny', () => {
    const sources = house.filter(({ path }) => !/^src\/(?:testing|conformance)\//.test(path))
    expect(unicodeCase(sources)).toEqual([
      // A password that resembles a listed one is refused.
      'src/adapters/password-list.ts: composed.toLowerCase',
      // Hexadecimal digits: of a computed hash, and of one that was matched as such.
      "src/adapters/password-list/hashes.ts: bytesToHex(sha1(utf8ToBytes(password.normalize('NFC')))).toUpperCase",
      'src/adapters/password-list/hashes.ts: hash.toUpperCase',
      // Names are searched in any script.
      "src/dms/queries.ts: name.normalize('NFC').toLowerCase",
      // Two mailboxes that resemble each other count as one person's.
      'src/fields/email-address.ts: (parsed?.wire ?? text).toLowerCase',
      // The helpers themselves.
      'src/kernel/ascii-case.ts: letters.toLowerCase',
      'src/kernel/ascii-case.ts: letters.toUpperCase',
    ])
  })

  test('the check finds a conversion, and a pattern that ignores the case of all scripts', () => {
    const files = built({
      'otp/a.ts': 'const a = text.toLocaleUpperCase()\nconst b = text.toFixed()',
      'otp/b.ts': "const a = /k/iu\nconst b = /k/i\nconst c = /k/u\nconst d = new RegExp('k', 'vi')",
    })
    expect(unicodeCase(files)).toEqual([
      'src/otp/a.ts: text.toLocaleUpperCase',
      'src/otp/b.ts: /k/iu',
      "src/otp/b.ts: new RegExp('k', 'vi')",
    ])
  })
})

describe('a cast says why the compiler cannot know the type', () => {
  test('the sources comply', () => {
    expect(unexplainedCasts(house)).toEqual([])
  })

  test('the check finds a cast without a comment in its declaration, and accepts one with a comment and `as const`', () => {
    const files = built({
      'otp/a.ts': '// Of another declaration.\nconst a = 1\nconst b = a as unknown as string',
      'otp/b.ts': '// A User ID, as tested above.\nconst a = text as UserId\nconst b = [1] as const',
      'otp/c.ts': "const a = 'it is // no comment'\n\n/** Nor is this a reason. */\nconst b = a as UserId",
    })
    expect(unexplainedCasts(files)).toEqual(['src/otp/a.ts:3', 'src/otp/c.ts:4'])
  })
})

describe('the published entry points', () => {
  test('package.json, tsup, tsconfig and typedoc have the same entries', () => {
    expect(entryProblems(manifest, entryPoints)).toEqual([])
  })

  test.each([
    ['no tsup entry', { tsup: { index: 'src/index.ts' } }, './memory: no tsup entry'],
    ['no path', { paths: { x: ['./src/index.ts'] } }, './memory: no tsconfig path to src/stores/memory.ts'],
    ['one path more', { paths: { ...goodPaths, z: [] } }, 'tsconfig: paths that are not exported'],
    ['no page', { typedoc: ['src/index.ts'] }, './memory: src/stores/memory.ts is no typedoc entry point'],
    ['a page too many', { typedoc: [...goodPages, 'src/z.ts'] }, 'src/z.ts: documented, not built'],
    ['built for no one', { tsup: { ...goodEntries, z: 'src/z.ts' } }, 'z: built, not exported'],
  ])('the check finds %s', (_, wrong, problem) => {
    const good = { tsup: goodEntries, paths: goodPaths, typedoc: goodPages }
    expect(entryProblems(smallManifest, good)).toEqual([])
    expect(entryProblems(smallManifest, { ...good, ...wrong })).toContain(problem)
  })

  test('the check finds an export that names another file', () => {
    const exports = { './memory': { types: './dist/memory.d.ts', default: './dist/other.js' } }
    const good = { tsup: { memory: 'src/stores/memory.ts' }, paths: goodPaths, typedoc: goodPages }
    expect(entryProblems({ ...smallManifest, exports }, good)).toContain(
      './memory: default is ./dist/other.js',
    )
  })
})
