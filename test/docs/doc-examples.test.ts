/** The examples in doc comments compile unchanged against the published package. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { inPackage, readTree } from '../../docs/generate/tree.ts'

/** Names that an example can use in addition to the package's exports, with their types. */
const given: Readonly<Record<string, string>> = {
  auth: "import('ccass-2fa').Authentication",
  ports: "Omit<import('ccass-2fa').AuthenticationOptions, 'observer'>",
  storage: "import('ccass-2fa').StoragePort",
  clock: "import('ccass-2fa').Clock",
  mailer: "import('ccass-2fa').Mailer",
  passwordHasher: "import('ccass-2fa').PasswordHasher",
  random: "import('ccass-2fa').RandomSource",
  secretBox: "import('ccass-2fa').SecretBox",
  timeline: "import('ccass-2fa').Timeline",
  password: 'string',
  path: 'string',
  connectionString: 'string',
  at: 'number',
  changedAt: 'number',
  DAY: 'number',
  key: "import('ccass-2fa').RecordKey",
  record: 'unknown',
  trail: "readonly import('ccass-2fa').TrailEntry[]",
  registered: "import('ccass-2fa/account').AccountEvent",
  lines: 'Readonly<Record<string, string>>[]',
  plan: "import('ccass-2fa/migration').ListingPlanner",
  pool: "import('pg').Pool",
  Pool: "typeof import('pg').Pool",
  createClient: "typeof import('@libsql/client').createClient",
  env: "{ readonly DB: import('ccass-2fa/sqlite-async').D1Client }",
  createReadStream: "typeof import('node:fs').createReadStream",
  log: '{ warn(what: unknown): void }',
  test: '(name: string, run: () => Promise<void>) => void',
  deliver: '(entries: readonly unknown[]) => Promise<void>',
  readCursor: '() => Promise<string | undefined>',
  storeCursor: '(cursor: string | undefined) => Promise<void>',
  RateLimiterRedis: "typeof import('rate-limiter-flexible').RateLimiterRedis",
  storeClient: 'unknown',
  insuranceLimiter: "import('rate-limiter-flexible').RateLimiterMemory",
  newSystem: '(settings: { readonly clockAt: number }) => unknown',
  driverOf: "(system: unknown) => import('ccass-2fa/conformance').ConformanceDriver",
}

interface Example {
  readonly path: string
  readonly text: string
}

const examplesOf = ({ path, text }: Example): readonly Example[] =>
  [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block = '']) => ({
    path,
    text: block.replace(/^ *\* ?/gm, '').trim(),
  }))

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(inPackage('tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  inPackage('.'),
)

/** The exports of each published subpath. */
const published = (): ReadonlyMap<string, string> => {
  const entries = Object.entries(options.paths ?? {}) as [string, string[]][]
  const program = ts.createProgram(
    entries.map(([, [path = '']]) => inPackage(path.replace('./', ''))),
    { ...options, noEmit: true },
  )
  const checker = program.getTypeChecker()
  return new Map(
    entries.flatMap(([name, [path = '']]) => {
      const source = program.getSourceFile(inPackage(path.replace('./', '')))
      const symbol = source && checker.getSymbolAtLocation(source)
      return (symbol ? checker.getExportsOfModule(symbol) : []).map((each) => [each.name, name] as const)
    }),
  )
}

const names = (text: string) => new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? [])

/** Turns an example into a module: imports the package's names and declares the given ones. */
const moduleOf = (exported: ReadonlyMap<string, string>, { text }: Example): string => {
  const used = names(text)
  const own = new Set([...text.matchAll(/\b(?:const|let) +(\w+)/g)].map(([, name]) => name))
  const lines = [...used].flatMap((name) => {
    if (own.has(name)) return []
    const from = exported.get(name)
    if (given[name] !== undefined) return [`declare const ${name}: ${given[name]}`]
    return from === undefined ? [] : [`import { ${name} } from '${from}'`]
  })
  return `${lines.join('\n')}\nasync function example() {\n${text}\n}\nvoid example\n`
}

/** The compiler's errors for modules beside this test. */
const problemsOf = (modules: ReadonlyMap<string, string>): readonly string[] => {
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  host.fileExists = (path) => modules.has(path) || fileExists(path)
  host.readFile = (path) => modules.get(path) ?? readFile(path)
  const getSourceFile = host.getSourceFile.bind(host)
  host.getSourceFile = (path, language, ...rest) => {
    const text = modules.get(path)
    return text === undefined
      ? getSourceFile(path, language, ...rest)
      : ts.createSourceFile(path, text, language)
  }
  const program = ts.createProgram(
    [...modules.keys()],
    {
      ...options,
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      verbatimModuleSyntax: false,
    },
    host,
  )
  return [...modules.keys()].flatMap((path) => {
    const source = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${path.split('/').at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
  })
}

const check = (examples: readonly Example[], exported: ReadonlyMap<string, string>): readonly string[] =>
  problemsOf(
    new Map(
      examples.map((example, i) => [
        inPackage(`test/docs/${example.path.replaceAll('/', '·')}.${i}.ts`),
        moduleOf(exported, example),
      ]),
    ),
  )

const examples = readTree('src', '.ts').flatMap(examplesOf)

test('AUD-05 · every example in a doc comment compiles against the published package', () => {
  const comments = readTree('src', '.ts').map(({ path }) => readFileSync(inPackage(path), 'utf8'))
  expect(examples.length).toBe(comments.join('').split('```ts').length - 1)
  expect(examples.length).toBeGreaterThan(25)
  expect(check(examples, published())).toEqual([])
}, 120_000)

test('the check finds an example with an old name or an old field of a result', () => {
  const planted = ['trailVerifier(key, record).take(trail[0]!)', "accessOf({ phase: 'parallel-run' })"]
  const problems = check(
    planted.map((text) => ({ path: 'planted', text })),
    published(),
  )
  expect(problems).toEqual([
    expect.stringContaining("'take' does not exist"),
    expect.stringContaining("Cannot find name 'accessOf'"),
  ])
}, 120_000)
