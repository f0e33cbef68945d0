/** The parts of a vector file that its page shows. */
export interface ShownVectors {
  readonly group: string
  readonly about: string
  readonly vectors: readonly {
    readonly rule: string
    readonly flags: readonly string[]
    readonly case: string
    readonly input: unknown
    readonly expected: unknown
  }[]
}

const counted = (vectors: ShownVectors['vectors'], flag: string) =>
  vectors.filter(({ flags }) => flags.includes(flag)).length

const section = ({ group, about, vectors }: ShownVectors): readonly string[] => {
  const rules = [...new Set(vectors.map(({ rule }) => rule))].sort()
  // The shortest vector is the best example.
  const [example] = [...vectors].sort((a, b) => JSON.stringify(a).length - JSON.stringify(b).length)
  return [
    `### ${group}`,
    '',
    about,
    '',
    `${vectors.length} vectors, ${counted(vectors, 'boundary')} at a boundary; rules ${rules.map((rule) => `[${rule}](rulebook.md#${rule.toLowerCase()})`).join(', ')}.`,
    '',
    '```json',
    JSON.stringify({ input: example?.input, expected: example?.expected }),
    '```',
    '',
  ]
}

/** docs/vectors.md: how to use the vectors, and what each file contains. */
export const vectorsPage = (files: readonly ShownVectors[]): string => {
  const countIn = (some: readonly ShownVectors[]) =>
    some.reduce((sum, { vectors }) => sum + vectors.length, 0)
  const total = countIn(files)
  const tabled = countIn(files.filter(({ group }) => group === 'access-table' || group === 'authority-table'))
  return [
    '# Vectors',
    '',
    'This page is generated from `vectors/*.json` by `npm run docs:generate`.',
    '',
    `The package has ${total} test vectors in ${files.length} files under \`vectors/\`, as JSON, for implementations in any language. They follow the`,
    'manner of Wycheproof: a vector has the rule that it is about, a case, an input, the expected answer, and flags.',
    '',
    '## How to use them',
    '1. Read a file. [`schema.json`](../vectors/schema.json) is its JSON Schema.',
    '2. Give each `input` to your implementation, and compare the answer with `expected`: all of it, exactly.',
    '3. Report `rule` and `case` of each that differs.',
    '',
    'Instants are epoch milliseconds; days are Hong Kong days; bytes are hex unless the file says otherwise. Text beyond ASCII is escaped.',
    '',
    '| flag | meaning | vectors |',
    '|---|---|---|',
    ...(
      [
        ['boundary', 'one side of a limit; the other side is a vector too'],
        ['edge', 'unusual input'],
        ['unicode', 'text beyond ASCII'],
        ['interpretation', 'the briefing is silent or inconsistent, and the rulebook states how it is read'],
      ] as const
    ).map(
      ([flag, means]) =>
        `| \`${flag}\` | ${means} | ${files.reduce((sum, { vectors }) => sum + counted(vectors, flag), 0)} |`,
    ),
    '',
    '## Where they come from',
    '`python3 test/peers/python/generate.py` writes them from tables and rules in `test/peers/python/description/`, which were written from',
    'the briefing and the rulebook. Nothing there calls the library. CI checks that the files are what the description gives, and that the',
    'library answers every vector as expected.',
    '',
    '`python3 test/peers/python/check.py` is a second implementation, in Python with its standard library alone. It computes each expected answer',
    'from its input, says for each file how many vectors pass, and fails on a group that it does not know. CI runs it. The access table and the',
    `authority table are rules in the description already, and are computed by these: for their ${tabled} vectors it is no second opinion, and the`,
    'library is the only other implementation. All other groups have code of their own in',
    '`test/peers/python/answers/`. `verify_trail.py` beside it [verifies a trail and a checkpoint](trail.md#verify-without-this-library).',
    '',
    'What they do not cover: behaviour over time and of several callers at once. The [conformance kit](conformance.md) covers that.',
    '',
    '## Files',
    '',
    ...files.flatMap(section),
  ].join('\n')
}
