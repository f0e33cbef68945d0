/**
 * Exhaustive exploration of a state machine: every state that a reduced policy can reach, and every command
 * with every combination of outside facts in each. It is breadth-first, so that the path to a violated
 * invariant is the shortest.
 */

/** One step of an explored machine. */
export interface Step<Node> {
  /** The next node; absent if the step was refused or changed nothing. */
  readonly next?: Node
  /** The numbers of the invariants that the step violates. */
  readonly violated: readonly number[]
}

/** A machine as the exploration uses it. */
export interface Explorable<Node, Move> {
  readonly initial: Node
  /** Every move of a node, always in the same order. */
  readonly movesOf: (node: Node) => readonly Move[]
  readonly step: (node: Node, move: Move) => Step<Node>
  /** Two nodes with the same key behave alike. */
  readonly keyOf: (node: Node) => string
  /** The text of a move in a path. */
  readonly nameOf: (move: Move) => string
  /**
   * Whether a node must have a path to a goal, and which steps reach one; absent: liveness is not checked.
   */
  readonly liveness?: {
    readonly isLive: (node: Node) => boolean
    readonly isGoal: (node: Node, move: Move, step: Step<Node>) => boolean
    /** Whether a move can be part of the path. */
    readonly mayUse: (move: Move) => boolean
  }
}

/** A violated invariant, with the shortest path to it. */
export interface Violation {
  /** The number of the invariant. */
  readonly invariant: number
  readonly path: readonly string[]
}

/** The result of an exploration. */
export interface Exploration {
  readonly states: number
  /** The number of moves tried. */
  readonly decisions: number
  /** The moves that led to another state, or back to the same one with events. */
  readonly transitions: number
  /** The first violation of each invariant. */
  readonly violations: readonly Violation[]
  /** The paths to live states that can't reach a goal; at most ten. */
  readonly stuck: readonly (readonly string[])[]
  /** Whether the bound on states ended the exploration. */
  readonly truncated: boolean
}

/** The bounds and reporting of an exploration. */
export interface ExplorationOptions {
  /** The maximum number of states to visit. Default: 2,000,000. */
  readonly maxStates?: number
  /** The maximum number of moves from the initial node. Default: unlimited. */
  readonly depth?: number
  /** Stops at the first violation. */
  readonly stopAtFirst?: boolean
  /** Called every 10,000 states. */
  readonly onProgress?: (states: number, waiting: number) => void
}

/** Explores a machine from its initial node until no new state is found. */
export const explore = <Node, Move>(
  machine: Explorable<Node, Move>,
  {
    maxStates = 2_000_000,
    depth = Number.POSITIVE_INFINITY,
    stopAtFirst = false,
    onProgress,
  }: ExplorationOptions = {},
): Exploration => {
  const { initial, movesOf, step, keyOf, nameOf, liveness } = machine
  const numbers = new Map<string, number>([[keyOf(initial), 0]])
  const parents: number[] = [-1]
  const moveNames: string[] = ['']
  let frontier: { readonly id: number; readonly node: Node }[] = [{ id: 0, node: initial }]
  const violations = new Map<number, Violation>()
  // For liveness: the reversed edges, and the nodes from which a goal is one step away.
  const from: number[] = []
  const to: number[] = []
  const good: number[] = []
  const live: number[] = []
  let decisions = 0
  let transitions = 0
  let truncated = false

  const pathTo = (id: number): readonly string[] => {
    const path: string[] = []
    for (let at = id; at > 0; at = parents[at] ?? 0) path.push(moveNames[at] ?? '')
    return path.reverse()
  }

  for (let moves = 0; frontier.length > 0 && moves < depth && !truncated; moves++) {
    const following: typeof frontier = []
    for (const { id, node } of frontier) {
      if (liveness?.isLive(node)) live.push(id)
      const seen = new Set<number>()
      let reachesGoal = false
      for (const move of movesOf(node)) {
        decisions++
        const result = step(node, move)
        for (const invariant of result.violated)
          if (!violations.has(invariant))
            violations.set(invariant, { invariant, path: [...pathTo(id), nameOf(move)] })
        if (liveness?.isGoal(node, move, result) && liveness.mayUse(move)) reachesGoal = true
        if (result.next === undefined) continue
        transitions++
        const key = keyOf(result.next)
        let number = numbers.get(key)
        if (number === undefined) {
          number = numbers.size
          numbers.set(key, number)
          parents.push(id)
          moveNames.push(nameOf(move))
          following.push({ id: number, node: result.next })
          if (onProgress !== undefined && number % 10_000 === 0) onProgress(number, following.length)
        }
        if (liveness !== undefined && number !== id && !seen.has(number) && liveness.mayUse(move)) {
          seen.add(number)
          from.push(id)
          to.push(number)
        }
      }
      if (reachesGoal) good.push(id)
      if ((stopAtFirst && violations.size > 0) || numbers.size > maxStates) {
        truncated = true
        break
      }
    }
    frontier = following
  }

  const stuck = truncated ? [] : withoutWay(numbers.size, from, to, good, live).slice(0, 10).map(pathTo)
  return {
    states: numbers.size,
    decisions,
    transitions,
    violations: [...violations.values()].sort((a, b) => a.invariant - b.invariant),
    stuck,
    truncated,
  }
}

/** The live nodes that can't reach a good one: follows the edges backwards from the good ones. */
const withoutWay = (
  count: number,
  from: readonly number[],
  to: readonly number[],
  good: readonly number[],
  live: readonly number[],
): readonly number[] => {
  // Compressed rows: the predecessors of node n are at predecessors[starts[n] .. starts[n + 1]).
  const starts = new Uint32Array(count + 2)
  for (const end of to) starts[end + 1] = (starts[end + 1] ?? 0) + 1
  for (let n = 0; n <= count; n++) starts[n + 1] = (starts[n + 1] ?? 0) + (starts[n] ?? 0)
  const predecessors = new Uint32Array(from.length)
  const filled = starts.slice()
  from.forEach((start, edge) => {
    const end = to[edge] ?? 0
    const place = filled[end] ?? 0
    predecessors[place] = start
    filled[end] = place + 1
  })
  const reached = new Uint8Array(count)
  const waiting = [...good]
  for (const node of good) reached[node] = 1
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
    for (let edge = starts[node] ?? 0; edge < (starts[node + 1] ?? 0); edge++) {
      const before = predecessors[edge] ?? 0
      if (reached[before] === 1) continue
      reached[before] = 1
      waiting.push(before)
    }
  return live.filter((node) => reached[node] !== 1)
}
