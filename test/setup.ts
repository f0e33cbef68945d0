import fc from 'fast-check'

/**
 * One seed for a whole run: fixed in CI, random elsewhere, printed by fast-check with every failure.
 * `FC_SEED` repeats a run, `FC_RUNS` increases the number of cases.
 */
const seed = Number(process.env['FC_SEED'] ?? (process.env['CI'] ? 20230428 : Date.now() & 0x7fffffff))
const numRuns = Number(process.env['FC_RUNS'] ?? 100)

fc.configureGlobal({ seed, numRuns })
