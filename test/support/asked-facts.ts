/**
 * Decides as the service does: a fact is available only if the table requests it, and reading any other
 * fails.
 */
import type { DeciderTypes } from '../../src/kernel/decider.ts'
import type { decideBy } from '../../src/kernel/decision-table.ts'

type Table<M extends DeciderTypes> = Pick<ReturnType<typeof decideBy<M>>, 'decide' | 'nextFact'>

/** A command whose outside facts throw when they are read before they are known. */
const hiding = <C extends object>(command: C, facts: readonly string[], known: ReadonlySet<string>): C =>
  new Proxy(command, {
    get: (target, name, receiver) => {
      if (typeof name === 'string' && facts.includes(name) && !known.has(name))
        throw new Error(`the table reads ${name} without asking for it`)
      return Reflect.get(target, name, receiver)
    },
  })

/** The facts that a table requests, in order, and its decision with only these. */
export const decideByAsking = <M extends DeciderTypes>(
  { decide, nextFact }: Table<M>,
  state: M['state'],
  command: M['command'],
  rules: M['rules'],
  facts: readonly string[],
) => {
  const known = new Set<string>()
  const next = () => nextFact(state, hiding(command, facts, known), known, rules)
  for (let fact = next(); fact !== undefined; fact = next()) {
    if (!facts.includes(fact) || known.has(fact)) throw new Error(`the table asks for ${fact}`)
    known.add(fact)
  }
  return { asked: [...known], decided: decide(state, hiding(command, facts, known), rules) }
}
