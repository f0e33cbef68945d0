import type { StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { sqlite } from './storages.ts'

/** A test bed: a kind of storage, and how to open an empty one. */
export interface TestBed {
  readonly name: string
  readonly open: () => StoragePort
}

const servers =
  process.env['POSTGRES_URL'] === undefined
    ? undefined
    : (await import('../peers/support/postgres-test-beds.ts')).postgresTestBeds

/** The given test beds; if a real PostgreSQL was started for the run (`test/peers`), that one instead. */
export const onServer = (...usual: readonly [TestBed, ...TestBed[]]): readonly [TestBed, ...TestBed[]] =>
  servers ?? usual

/** The storages that need no server. */
export const localTestBeds = [
  { name: 'memory', open: memoryStorage },
  { name: 'SQLite', open: sqlite },
] as const satisfies readonly TestBed[]

/** The storages on which most tests of several storages run. */
export const testBeds = onServer(...localTestBeds)
