/**
 * The exports of the published entry points: few at the root, one meaning per name, each in a category of the
 * reference.
 */
import { describe, expect, test } from 'vitest'
import {
  type DeclaredOperation,
  type Entry,
  exportsOf,
  operationsOf,
  publishedEntries,
} from '../../docs/generate/api-report.ts'
import {
  type Declarations,
  type Declared,
  declarationsOf,
  readDeclarations,
} from '../../docs/generate/declarations.ts'
import { readTree } from '../../docs/generate/tree.ts'
import { operationNames } from '../../src/ports/operation.ts'

/** The categories of the reference. A new category is added here. */
const categories = [
  'Access',
  'Accounts',
  'Adapters',
  'Administration',
  'Audit trail',
  'Basics',
  'Conformance',
  'DMS',
  'Identifiers',
  'Lockout',
  'Messages',
  'Migration',
  'One-time codes',
  'Participants',
  'Passwords',
  'Personal data',
  'Policy',
  'Ports',
  'Refusals',
  'Service',
  'Sessions',
  'Sign-in',
  'Storage',
  'Testing kit',
  'eServices',
]

const mostAtRoot = 120

const linesOf = (comment: string) =>
  comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*/, '').trim())

/** The first paragraph of a comment, on one line. */
const summaryOf = (comment: string) => {
  const lines = linesOf(comment)
  const text = lines.slice(lines.findIndex((line) => line !== ''))
  const end = text.findIndex((line) => line === '' || line.startsWith('@'))
  return text.slice(0, end === -1 ? undefined : end).join(' ')
}

const categoriesOf = (comment: string) =>
  linesOf(comment).flatMap((line) => /^@category (.+)$/.exec(line)?.[1] ?? [])

const commentProblems = (declared: Declared): readonly string[] => {
  const { file, name, comment } = declared
  const at = `${file}#${name}`
  if (comment === '') return [`${at}: no comment`]
  const given = categoriesOf(comment)
  const [category = ''] = given
  return [
    ...(/^\S.*\.$/.test(summaryOf(comment)) ? [] : [`${at}: no summary that ends in a period`]),
    ...(given.length === 1 ? [] : [`${at}: ${given.length} categories`]),
    ...(given.length !== 1 || categories.includes(category) ? [] : [`${at}: unknown category ${category}`]),
    ...ruleProblems(declared),
  ]
}

/**
 * Published functions and constants without `@rule`, with the reason. Types and interfaces need none; every
 * other function or constant must name the rule that it decides, checks or implements.
 */
const withoutRule: Readonly<Record<string, readonly string[]>> = {
  'lists every value of a type; the functions that use it carry the rules': [
    'operationNames',
    'recordKinds',
    'accessMethods',
    'accountChannels',
    'phases',
    'supportNeeds',
    'accountCommandTypes',
    'accountStages',
    'profileFields',
    'eserviceCommandTypes',
    'eserviceStages',
    'formNames',
    'findingCodes',
    'reconciliationOutcomes',
    'personalDataKinds',
    'supportedLocales',
    'requestActors',
  ],
  'is a unit, a size or a fixed text that no rule of the rulebook sets': [
    'DAY',
    'HOUR',
    'SECOND',
    'totpSecretBytes',
    'maxAccountsPerForm',
    'erasedValue',
  ],
  'is the state before the first event': [
    'emptyRateWindow',
    'noFailedAttempts',
    'unknownAccount',
    'unknownParticipant',
    'noAuthorisationCode',
    'unknownRequest',
    'unknownEservice',
  ],
  'folds events or narrows a type, and decides nothing': ['foldEvents', 'isExistingAccount'],
  'makes an adapter or its tables; the port states what it must hold': [
    'memoryStorage',
    'migratePostgres',
    'postgresMigration',
    'preparedStatements',
    'nodeCryptoRandom',
    'webCryptoRandom',
    'captureMailer',
  ],
  'words, formats or translates an answer that was decided elsewhere': [
    'escapeHtml',
    'hongKongTime',
    'renderMail',
    'httpStatusOf',
    'httpStatuses',
    'messages',
    'preferredLocale',
    'problemHeaders',
    'retryAfterOf',
    'describeFinding',
    'describeStep',
  ],
  'says which rules others enforce': ['ruleOfField', 'conformanceRules'],
  'generates steps of histories for tests': ['historySteps', 'requestSteps'],
}

const needsNoRule = new Set(Object.values(withoutRule).flat())

const ruleProblems = ({ file, name, text, comment }: Declared): readonly string[] =>
  !/^(?:const|function) /.test(text) || needsNoRule.has(name) || /@rule [A-Z]+-\d+/.test(comment)
    ? []
    : [`${file}#${name}: no @rule`]

/** Operations that carry no `@rule`, by the reason why. Every other one names the rules that it decides or holds. */
const operationsWithoutRule: Readonly<Record<string, readonly string[]>> = {}

const needsNoRuleAsOperation = new Set(Object.values(operationsWithoutRule).flat())

const operationProblems = (operations: readonly DeclaredOperation[]): readonly string[] =>
  operations.flatMap(({ path, comment }) => [
    ...(/^\S.*\.$/.test(summaryOf(comment)) ? [] : [`${path}: no summary that ends in a period`]),
    ...(needsNoRuleAsOperation.has(path) || linesOf(comment).some((line) => /^@rule [A-Z]+-\d+$/.test(line))
      ? []
      : [`${path}: no @rule`]),
  ])

/** Names that different entry points export from different declarations. */
const nameProblems = (surfaces: readonly (readonly [Entry, ReturnType<typeof exportsOf>])[]) => {
  const meanings = new Map<string, Set<string>>()
  for (const [, names] of surfaces)
    for (const { name, declared } of names) {
      const from = typeof declared === 'string' ? declared : `${declared.file}#${declared.name}`
      meanings.set(name, (meanings.get(name) ?? new Set()).add(from))
    }
  return [...meanings].flatMap(([name, from]) =>
    from.size === 1 ? [] : [`${name}: ${[...from].sort().join(', ')}`],
  )
}

const surfaceProblems = (files: Declarations, entries: readonly Entry[]): readonly string[] => {
  const surfaces = entries.map((entry) => [entry, exportsOf(files, entry)] as const)
  const declared = new Set(
    surfaces.flatMap(([, names]) =>
      names.flatMap(({ declared }) => (typeof declared === 'string' ? [] : [declared])),
    ),
  )
  const crowded = surfaces.flatMap(([{ specifier }, { length }]) =>
    specifier.includes('/') || length <= mostAtRoot
      ? []
      : [`${specifier}: ${length} names, at most ${mostAtRoot}`],
  )
  return [...crowded, ...nameProblems(surfaces), ...[...declared].flatMap(commentProblems)]
}

describe('the published names', () => {
  const entries = publishedEntries()
  const files = declarationsOf(entries.map(({ source }) => source))

  test('the root exports few names, each with one meaning, a summary and a category', () => {
    expect(entries.map(({ specifier }) => specifier)).toContain('ccass-2fa')
    expect(surfaceProblems(files, entries)).toEqual([])
  })

  test('every category is used', () => {
    const used = entries
      .flatMap((entry) => exportsOf(files, entry))
      .flatMap(({ declared }) => (typeof declared === 'string' ? [] : categoriesOf(declared.comment)))
    expect([...new Set(used)].sort()).toEqual(categories)
  })

  test('every name on the list of those without a rule is published and names no rule', () => {
    const bare = entries
      .flatMap((entry) => exportsOf(files, entry))
      .flatMap(({ declared }) =>
        typeof declared === 'string' || declared.comment.includes('@rule ') ? [] : [declared.name],
      )
    expect([...needsNoRule].filter((name) => !bare.includes(name))).toEqual([])
  })

  const problemsOf = (sources: Readonly<Record<string, string>>) =>
    surfaceProblems(
      new Map(Object.entries(sources).map(([file, text]) => [file, readDeclarations(file, text)] as const)),
      Object.keys(sources)
        .filter((source) => !source.startsWith('inner'))
        .map((source) => ({ specifier: source === 'index.ts' ? 'p' : `p/${source}`, source })),
    )
  const good = '/**\n * A text.\n *\n * @rule ID-01\n * @category Basics\n */\nexport declare const a: string'
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => good.replace('const a', `const a${index}`)).join('\n')

  test.each<[string, Readonly<Record<string, string>>]>([
    ['a good one', { 'index.ts': good }],
    ['a name passed on twice', { 'index.ts': "export { a } from './b.ts'", 'b.ts': good }],
    ['what is not exported', { 'index.ts': good, 'inner.ts': 'export declare const b: string' }],
    [
      'a type without a rule',
      { 'index.ts': good.replace(' * @rule ID-01\n', '').replace('declare const a:', 'type a =') },
    ],
    ['a summary of two lines', { 'index.ts': good.replace('A text', 'A text\n * of two lines') }],
    ['120 names at the root', { 'index.ts': many(120) }],
    ['121 names elsewhere', { 'b.ts': many(121) }],
  ])('the check accepts %s', (_, sources) => {
    expect(problemsOf(sources)).toEqual([])
  })

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['no comment', { 'index.ts': 'export declare const a: string' }, 'index.ts#a: no comment'],
    [
      'no comment on what is passed on',
      { 'index.ts': "export { a } from './inner.ts'", 'inner.ts': 'export declare const a: string' },
      'inner.ts#a: no comment',
    ],
    [
      'no period',
      { 'index.ts': good.replace('A text.', 'A text') },
      'index.ts#a: no summary that ends in a period',
    ],
    [
      'tags alone',
      { 'index.ts': good.replace(' * A text.\n', '') },
      'index.ts#a: no summary that ends in a period',
    ],
    ['no rule', { 'index.ts': good.replace(' * @rule ID-01\n', '') }, 'index.ts#a: no @rule'],
    ['no category', { 'index.ts': good.replace(' * @category Basics\n', '') }, 'index.ts#a: 0 categories'],
    [
      'two categories',
      { 'index.ts': good.replace('@category Basics', '@category Basics\n * @category Access') },
      'index.ts#a: 2 categories',
    ],
    [
      'a category of its own',
      { 'index.ts': good.replace('Basics', 'Basic') },
      'index.ts#a: unknown category Basic',
    ],
    ['one name, two meanings', { 'index.ts': good, 'b.ts': good }, 'a: b.ts#a, index.ts#a'],
    ['121 names at the root', { 'index.ts': many(121) }, 'p: 121 names, at most 120'],
  ])('the check finds %s', (_, sources, problem) => {
    expect(problemsOf(sources)).toEqual([problem])
  })
})

describe('the operations of the service', () => {
  const operations = (files: Declarations, file: string) => operationsOf(files, file, 'Authentication')
  const ofService = operations(declarationsOf(['src/authentication.ts']), 'src/authentication.ts')

  test('the check reads the methods of all parts: exactly those that an observer is notified of', () => {
    // An overloaded operation has several declarations.
    const paths = new Set(ofService.map(({ path }) => path))
    expect([...paths].sort()).toEqual([...operationNames].sort())
  })

  test('AUD-05 · each has a summary and names its rules', () => {
    expect(operationProblems(ofService)).toEqual([])
  })

  test('every name on the list of those without a rule is an operation and names no rule', () => {
    const bare = ofService.filter(({ comment }) => !comment.includes('@rule ')).map(({ path }) => path)
    expect([...needsNoRuleAsOperation].filter((path) => !bare.includes(path))).toEqual([])
  })

  const problemsOf = (method: string) => {
    const part = `interface Base {\n${method} }\nexport interface Part extends Base {}\nexport type Alias = Part`
    const service =
      "import type { Alias } from './part.ts'\nexport interface Authentication { readonly part: Alias }"
    const files = new Map(
      Object.entries({ 'part.ts': part, 'service.ts': service }).map(
        ([file, text]) => [file, readDeclarations(file, text)] as const,
      ),
    )
    return operationProblems(operations(files, 'service.ts'))
  }

  test.each([
    ['one with both', '/** Ends it.\n * @rule ACC-15\n */\nend(): void', []],
    ['no comment', 'end(): void', ['part.end: no summary that ends in a period', 'part.end: no @rule']],
    [
      'a tag at the end of a line, which is none',
      '/** Ends it. @rule ACC-15 */\nend(): void',
      ['part.end: no summary that ends in a period', 'part.end: no @rule'],
    ],
    ['no rule, of a property too', '/** Ends it. */\nend: () => void', ['part.end: no @rule']],
    ['no summary', '/** @rule ACC-15 */\nend(): void', ['part.end: no summary that ends in a period']],
  ])('the check finds, through an alias and a base: %s', (_, method, problems) => {
    expect(problemsOf(method)).toEqual(problems)
  })
})

test('no published declaration needs a TypeScript later than 5.5: AsyncIterableIterator has one type parameter, Uint8Array none', () => {
  const later = /\b(?:Async)?IterableIterator<[^<>]+,|\bUint8Array<|\b(?:Async)?IteratorObject\b/
  const found = readTree('test/api', '.md').flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => later.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )
  expect(found).toEqual([])
  expect(later.test("rows: Pick<AsyncIterableIterator<Row, void, void>, 'next'>")).toBe(true)
  expect(later.test('rows: AsyncIterator<Row, void, void>')).toBe(false)
})
