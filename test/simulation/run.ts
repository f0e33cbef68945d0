/** `npm run simulate -- --seeds 1000 [--from 1]`: figures; for a seed that fails its trace and how to repeat it. */
import { simulate } from './simulate.ts'

const option = (name: string, otherwise: number) => {
  const place = process.argv.indexOf(`--${name}`)
  return place < 0 ? otherwise : Number(process.argv[place + 1])
}

const seeds = option('seeds', 100)
const from = option('from', 1)
const total = { operations: 0, steps: 0 }
const faults = new Map<string, number>()
const begun = Date.now()
for (let seed = from; seed < from + seeds; seed++) {
  const outcome = await simulate(seed)
  total.operations += outcome.operations
  total.steps += outcome.steps
  for (const [kind, count] of outcome.faults) faults.set(kind, (faults.get(kind) ?? 0) + count)
  if (outcome.broken.length > 0) {
    console.error(outcome.trace.slice(-60).join('\n'))
    console.error(`seed ${seed}: ${outcome.broken.join('; ')}`)
    console.error(`to repeat: npm run simulate -- --seeds 1 --from ${seed}`)
    process.exitCode = 1
    break
  }
  if ((seed - from + 1) % 100 === 0)
    console.log(`${seed - from + 1} seeds, ${Math.round((Date.now() - begun) / 1_000)} s`)
}
console.log(
  `${total.operations} operations, ${total.steps} steps; ${[...faults].map(([kind, count]) => `${kind} ${count}`).join(', ')}; ${Math.round((Date.now() - begun) / 1_000)} s`,
)
