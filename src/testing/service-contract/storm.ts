/**
 * The core of every storm in one process: the service contract and the tests of the project use it. Storms of several
 * processes exchange messages instead (`test/peers`), and the load of the example sends HTTP requests.
 */

/** How often each answer was given. */
export const tally = (answers: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1
  return counts
}

/** Starts all operations before any can finish, and counts their answers. */
export const allAtOnce = async (
  times: number,
  operation: (i: number) => PromiseLike<string>,
): Promise<Readonly<Record<string, number>>> =>
  tally(await Promise.all(Array.from({ length: times }, (_, i) => operation(i))))

/** Gives the items in turn, so that operations at once go to all of them. */
export const inTurn =
  <T>(items: readonly [T, ...T[]]) =>
  (i: number): T =>
    items[i % items.length] ?? items[0]

/** Another code with as many digits. */
export const wrongCodeFor = (code: string): string =>
  String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0')
