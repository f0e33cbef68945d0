/** A sample of the mutants of a large room: the same mutants in every run, as long as their code is the same. */
import { createHash } from 'node:crypto'

/** What identifies a mutant wherever its file stands, and however many lines are above it. */
interface Placed {
  readonly mutatorName: string
  readonly replacement?: string | undefined
  readonly location: {
    readonly start: { readonly line: number; readonly column: number }
    readonly end: { readonly line: number; readonly column: number }
  }
}

/** Whether a mutant belongs to a sample of one in `oneIn`. */
export const isSampled = (
  { mutatorName, replacement = '', location: { start, end } }: Placed,
  oneIn: number,
): boolean => {
  if (oneIn === 1) return true
  // Differences, because the runner counts lines and columns from 0 and the results from 1.
  const identity = [mutatorName, replacement, end.column - start.column, end.line - start.line].join('\n')
  return createHash('sha256').update(identity).digest().readUInt32BE() % oneIn === 0
}

/** What is said of a mutant that is not measured. */
export const leftOutHere = 'not measured in this run'

/**
 * Identifies a mutant to the runner, together perhaps with others on its line.
 *
 * @param file - its path, absolute or in the package.
 */
export const coarseKey = ({
  file,
  line,
  mutator,
  replacement,
}: {
  readonly file: string
  readonly line: number
  readonly mutator: string
  readonly replacement: string
}): string => JSON.stringify([file.slice(file.lastIndexOf('src/')), line, mutator, oneLine(replacement)])

/** A text as it is recorded: on one line, and not too long. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200)

/**
 * The bounds between which the score of all mutants lies with 95 % confidence, from a sample's: Wilson's interval.
 *
 * @returns percentages
 */
export const boundsOf = (noticed: number, sampled: number): readonly [low: number, high: number] => {
  const z = 1.96
  const [share, weight] = [noticed / sampled, (z * z) / sampled]
  const middle = (share + weight / 2) / (1 + weight)
  const reach = (z / (1 + weight)) * Math.sqrt((share * (1 - share)) / sampled + weight / (4 * sampled))
  return [100 * Math.max(0, middle - reach), 100 * Math.min(1, middle + reach)]
}
