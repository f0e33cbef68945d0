/** The next free User ID, with all but the last one taken. */
import { endingsOf, nextUserId } from '../../dist/rules.js'
import { type BenchLine, compare, flat, keep } from './harness.ts'

/** Lines of the table. */
export const allocationLines = async (): Promise<readonly BenchLine[]> => {
  const endings = endingsOf('User')
  const taken = new Set(endings.slice(0, -1).map((ending) => flat(`B01234${ending}`)))
  const took = await compare({
    ours: () => keep(nextUserId({ type: 'HKSCC', role: 'User', participantId: 'B01234' }, taken)),
    loop: () => {
      for (const ending of endings) if (!taken.has(`B01234${ending}`)) keep(ending)
    },
  })
  return [
    {
      what: `nextUserId, ${taken.size} of ${endings.length} taken`,
      ours: took.ours,
      peer: { name: 'bare loop over a Set', time: took.loop },
    },
  ]
}
