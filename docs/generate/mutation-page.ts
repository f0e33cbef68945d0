/** docs/mutation.md: for each room, how many mutants the tests detect, and which ones survive. */
import { goals, leftOut, type Room } from '../../test/mutation/rooms.ts'
import { boundsOf } from '../../test/mutation/sample.ts'
import {
  type Counts,
  type Equivalent,
  type RoomScore,
  type Survivor,
  scoreOf,
} from '../../test/mutation/scores.ts'
import { head, row } from './rulebook-page.ts'

/** The data of the page. */
export interface Mutation {
  readonly rooms: readonly Pick<Room, 'name' | 'tier' | 'sources'>[]
  readonly scores: readonly RoomScore[]
  readonly survivors: readonly Survivor[]
  readonly equivalents: readonly Equivalent[]
}

/** The mutants of one source file, at the commit at which its room was measured. */
export interface FileMutants extends Counts {
  readonly room: RoomScore
  readonly survivors: readonly Survivor[]
}

/**
 * The mutants of a source file, for pages that link a rule to its code. `undefined` if it was not measured.
 */
export const mutantsOfFile = (
  { scores, survivors }: Pick<Mutation, 'scores' | 'survivors'>,
  path: string,
): FileMutants | undefined => {
  const score = scores.find(({ files }) => files[path] !== undefined)
  const counts = score?.files[path]
  if (score === undefined || counts === undefined) return undefined
  return { ...counts, room: score, survivors: survivors.filter(({ file }) => file === path) }
}

/**
 * The reasons why survivors count as equivalent. An entry holds for as many places as it says, so that a later survivor
 * with the same text is not excused by it.
 */
export const reasonsOf = (
  equivalents: readonly Equivalent[],
  survivors: readonly Survivor[],
): ReadonlyMap<Survivor, string> => {
  const reasons = new Map<Survivor, string>()
  for (const { file, original, replacement, places = 1, why } of equivalents) {
    const same = survivors.filter(
      (survivor) =>
        file === survivor.file && original === survivor.original && replacement === survivor.replacement,
    )
    for (const survivor of same.filter((each) => !reasons.has(each)).slice(0, places))
      reasons.set(survivor, why)
  }
  return reasons
}

const code = (text: string) => `\`${text.replaceAll('`', 'ˋ')}\``

/** Rounded outwards. */
const boundsText = (noticed: number, sampled: number) => {
  const [low, high] = boundsOf(noticed, sampled)
  return `${Math.floor(low)}–${Math.ceil(high)} %`
}

const scoreRow = (
  { room, tier, commit, date, mutants, killed, timeout, survived, uncovered, score, oneIn }: RoomScore,
  equivalent: number,
) =>
  row(
    room,
    oneIn === 1 ? `${score} %` : `${score} % (${boundsText(killed + timeout, mutants)})`,
    score < goals[tier] ? `**below ${goals[tier]} %**` : `${goals[tier]} %`,
    oneIn === 1 ? `all ${mutants}` : `${mutants}, one in ${oneIn}`,
    `${survived} + ${uncovered}`,
    String(equivalent),
    `${scoreOf({ mutants: mutants - equivalent, killed, timeout })} %`,
    `${date} ${commit.slice(0, 10)}`,
  )

const survivorRow = (reasons: ReadonlyMap<Survivor, string>) => (survivor: Survivor) =>
  row(
    `${survivor.file.replace('src/', '')}:${survivor.line}`,
    code(survivor.original),
    code(survivor.replacement),
    reasons.get(survivor) ?? (survivor.covered ? 'not noticed' : 'not reached by the tests of the room'),
  )

/** The page. */
export const mutationPage = ({ rooms, scores, survivors, equivalents }: Mutation): string => {
  const measured = rooms.flatMap(({ name }) => scores.filter(({ room }) => room === name))
  const reasons = reasonsOf(equivalents, survivors)
  const equivalentIn = (name: string) =>
    [...reasons.keys()].filter(({ room: place }) => place === name).length
  const open = rooms.filter(({ name }) => !measured.some(({ room }) => room === name))
  return `${[
    '# Mutants',
    'A mutant is the library with one small fault: a condition turned round, a number changed, a call left out. Stryker makes every such fault, one at a time, and the tests run: a mutant is noticed if a test fails or the code no longer ends. This page is generated from what `npm run mutation` recorded. Each row names the commit that was measured; code that changed since is measured again by CI, a share each day. Of some rooms a sample was measured, one mutant in so many, chosen by a digest of the mutant and not by its outcome; the score of all mutants lies within the bounds with 95 % confidence. A mutant whose change cannot be observed is equivalent; each has a reason below, counts against the score, and is left out of the column before the last. The lines of survivors are those of the commit that was measured.',
    `A room is a folder of \`src\`, measured as one. The tests of a room are those that [Tests](tests.md) maps to its files from its own folder; where there are none, the first four. What only other tests notice counts as not noticed. Not mutated: ${Object.entries(
      leftOut,
    )
      .map(([path, why]) => `\`${path}\` (${why})`)
      .join(', ')}; adapters, the testing kit and the conformance kit.`,
    '## By room',
    measured.length === 0
      ? 'No room was measured yet.'
      : [
          head(
            'Room',
            'Noticed',
            'Goal',
            'Mutants',
            'Not noticed + not reached',
            'Equivalent',
            'Noticed of the others',
            'Measured',
          ),
          ...measured.map((score) => scoreRow(score, equivalentIn(score.room))),
        ].join('\n'),
    open.length === 0
      ? 'Every room was measured.'
      : `Not measured yet: ${open.map(({ name }) => name).join(', ')}.`,
    ...measured.flatMap(({ room }) => {
      const own = survivors.filter((survivor) => survivor.room === room)
      return own.length === 0
        ? []
        : [
            `## Survivors: ${room}`,
            [head('Place', 'Original', 'Mutant', 'Why'), ...own.map(survivorRow(reasons))].join('\n'),
          ]
    }),
  ].join('\n\n')}\n`
}
