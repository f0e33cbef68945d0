/** docs/performance.md: the aims, the figures of the last run, and what they do not claim. */
import { type AimName, aims, figureText, isMet, limitText } from '../../test/bench/aims.ts'
import type { FigureTable, Measured, MeasuredPart } from '../../test/bench/measured.ts'

const rowOf = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

const tableOf = ({ head, rows }: Omit<FigureTable, 'heading'>): string =>
  [rowOf(head), rowOf(head.map(() => '---')), ...rows.map(rowOf)].join('\n')

const figureOf = (measured: Measured, name: AimName): number | undefined =>
  Object.values(measured).find((part) => Object.hasOwn(part.aims, name))?.aims[name]

/** Every aim with its result. Missed aims are marked. */
const aimTables = (measured: Measured): string => {
  const parts = [...new Set([...aims.values()].map(({ part }) => part))]
  return parts
    .map((part) => {
      const ofPart = [...aims].filter(([, aim]) => aim.part === part)
      const rows = ofPart.map(([name, aim]) => {
        const figure = figureOf(measured, name)
        return [
          aim.what,
          aim.against,
          limitText(aim),
          figure === undefined ? 'not measured' : figureText(aim, figure),
          figure === undefined ? 'open' : isMet(aim, figure) ? 'met' : '**MISSED**',
        ]
      })
      const missed = ofPart.filter(([name, aim]) => {
        const figure = figureOf(measured, name)
        return figure !== undefined && !isMet(aim, figure)
      })
      const tried = new Set(missed.map(([, aim]) => aim.tried))
      return [
        `### ${part}`,
        tableOf({ head: ['what', 'against', 'aim', 'measured', ''], rows }),
        ...[...tried].map((text) => `Missed; tried: ${text}`),
      ].join('\n\n')
    })
    .join('\n\n')
}

const partOf = ({ at, machine, versions, tables }: MeasuredPart): string =>
  [
    ...tables
      .filter(({ rows }) => rows.length > 0)
      .map((table) => `### ${table.heading}\n\n${tableOf(table)}`),
    `Measured ${at} on ${machine}; ${versions}.`,
  ].join('\n\n')

/** The page. */
export const performancePage = (measured: Measured): string => `# Performance

What the library costs, against comparable libraries and against bare limits: the least that any code would do for the
same result. Compare the ratios and not the times: the machine is named with each table.

What is compared was measured in the same run. \`npm run bench -- --write\` measures everything again and writes this page.
No test asserts a time.

## Aims
${aimTables(measured)}

## All figures
${Object.values(measured).map(partOf).join('\n\n')}

## The JavaScript of a sign-in
Before and after it was profiled and reworked (26 November 2026): \`npm run bench -- --only=profile\` shows where the time goes now.

| sign-in, nothing hashed | before | after |
| --- | --- | --- |
| processor time, store in memory (part of it the store's own) | 646 µs | 308 µs |
| cold on PostgreSQL, times four bare statements, at 1, 16, 64 at once | 1.79×, 2.40×, 2.64× | 1.81×, 1.94×, 2.37× |

What changed: the store in memory keeps texts and no longer copies a trail for each entry; a state is opened once an attempt and not three
times; the access table is indexed by method; references to personal data are collected in one pass; sealed texts are compared as base64;
random bytes come from a pool; commits on PostgreSQL are rows.

## What the figures mean
- *Four bare statements*: what a sign-in with compare-and-set needs at least: twice, a row is read and then written with its trail
  entry, over the same pool. They parse nothing, decide nothing and hash nothing.
- *Warm*: with \`recordCache\`, after a first sign-in through the same process. *Cold*: without it, which is the default.
- *Nothing hashed*: a password hasher that costs nothing, for all contestants. With a real one the hash is what a sign-in costs.
- *With an observer*: batches of five sign-ins in random order; the ratio is the median over the turns, with its 95 % interval. The
  first row compares two services without an observer: it shows how exact the measurement is.
- Times are medians; ratios are medians of pairs measured side by side, while contestants take turns.
- *Growth*: one number grows in stores that otherwise have 100 accounts, a trail of 100 entries, 100 pending requests of the participant and
  100 claimed notices. Stores of all sizes take turns. A time is processor time of client and server, without waiting for the
  disk, the lower quartile of the calls; a ratio compares it with that at 100.
- *Claimed notices*: notices that another process sends now, or that could not be sent and are retried later. *Free notices*: notices that
  wait to be sent; there, one call sends one.
- *Verification at size*: filled by one process and verified by another; its peak memory is the operating
  system's figure. The verifying process has a heap of at most 64 MB at every size, because V8 otherwise lets a heap grow before it collects.

## What is not claimed
- No sign-ins a second for your machine: client and server share its cores here, and a network adds its round trips.
- Nothing about better-auth beyond this one sign-in with its default plugins; it does other things, and keeps no audit trail.
- Nothing about latency under overload, or about the tail of the distribution.
- Nothing about other databases, drivers or versions than those named above.

## How to repeat
\`\`\`sh
npm ci
npm run bench              # prints all figures; needs PostgreSQL for some of them
npm run bench -- --only=postgres,import
npm run bench -- --only=verify --size=1000000 --file=big.sqlite   # goes on where it was stopped
npm run bench -- --write   # measures all and writes this page
\`\`\`
Use a machine on which nothing else runs. \`npm run bench -- --quick\` only shows that everything runs; CI uses it.
`
