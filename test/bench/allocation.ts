/** The next free User ID, with all but the last one taken. */
import { nextUserId, suffixesOf } from '../../dist/rules.js'
import { type BenchLine, compare, flat, keep } from './harness.ts'

/** Lines of the table. */
export const allocationLines = async (): Promise<readonly BenchLine[]> => {
  const suffixes = suffixesOf('User')
  const taken = new Set(suffixes.slice(0, -1).map((suffix) => flat(`B01234${suffix}`)))
  const took = await compare({
    ours: () => keep(nextUserId({ type: 'HKSCC', role: 'User', participantId: 'B01234' }, taken)),
    loop: () => {
      for (const suffix of suffixes) if (!taken.has(`B01234${suffix}`)) keep(suffix)
    },
  })
  return [
    {
      what: `nextUserId, ${taken.size} of ${suffixes.length} taken`,
      ours: took.ours,
      peer: { name: 'bare loop over a Set', time: took.loop },
    },
  ]
}
