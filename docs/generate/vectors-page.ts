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

/** The values of a field, across the vectors of a group: its types, and the texts where they are few words. */
const valuesOf = (values: readonly unknown[]): string => {
  const types = new Set(
    values.map((each) => (Array.isArray(each) ? 'list' : each === null ? 'null' : typeof each)),
  )
  const texts = new Set(values.flat().filter((each) => typeof each === 'string'))
  const words = [...texts].sort()
  const areWords = words.every((each) => /^[A-Za-z][A-Za-z0-9/ -]{1,39}$/.test(each) && !/\d{3}/.test(each))
  const named = words.length > 0 && words.length <= 16 && areWords && values.length > words.length
  const names = named ? words.map((each) => `\`${each}\``).join(', ') : ''
  const others = [...types].filter(
    (type) => !(named && (type === 'string' || (type === 'list' && texts.size > 0))),
  )
  const list = named && types.has('list') ? `list of ${names}` : names
  return [list, ...others.map((type) => (type === 'string' ? 'text' : type))]
    .filter((each) => each !== '')
    .join(' or ')
}

/** The fields of objects, with the values that they take; steps and outcomes are shown as their own. */
const fieldsOf = (objects: readonly unknown[], path = ''): readonly string[] => {
  const fields = new Map<string, unknown[]>()
  const records = objects.filter((each) => typeof each === 'object' && each !== null && !Array.isArray(each))
  for (const record of records)
    for (const [name, value] of Object.entries(record ?? {}))
      fields.set(name, [...(fields.get(name) ?? []), value])
  return [...fields].flatMap(([name, values]) => {
    const always = values.length === records.length ? '' : ' (optional)'
    const parts = values.flat().filter((each) => typeof each === 'object' && each !== null)
    const isNested = parts.length > 0 && path.split('.').length < 3
    const own = isNested ? (values.some(Array.isArray) ? 'list of objects' : 'object') : valuesOf(values)
    return [
      `| \`${path}${name}\`${always} | ${own} |`,
      ...(isNested ? fieldsOf(parts, `${path}${name}.`) : []),
    ]
  })
}

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
    '| field | values |',
    '|---|---|',
    ...fieldsOf(vectors.map(({ input, expected }) => ({ input, expected }))).filter(
      (row) => !/^\| `(input|expected)` /.test(row),
    ),
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
    'An input without `policy` is about the default policy. With one, `policy` has fields of the part of `defaultPolicy` (`ccass-2fa`) that the',
    'group is about; the others are the defaults.',
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
    'from its input, says for each file how many vectors pass, and fails on a group that it does not know. CI runs it. Its code in',
    '`test/peers/python/answers/` uses nothing of the description, for the access table and the authority table either: it has the',
    'sentences of the rulebook in their order. `verify_trail.py` beside it [verifies a trail and a checkpoint](trail.md#verify-without-this-library).',
    '',
    'What they do not cover: behaviour over time and of several callers at once. The [conformance kit](conformance.md) covers that.',
    '',
    '## Files',
    '',
    ...files.flatMap(section),
  ].join('\n')
}
