import type { StoragePort } from '../../src/index.ts'

/** Where a story is told: what a storage stands on, and how one with nothing in it is opened. */
export interface Resource {
  readonly ground: string
  readonly open: () => StoragePort
}

const servers =
  process.env['POSTGRES_URL'] === undefined
    ? undefined
    : (await import('../peers/support/grounds.ts')).postgresPlaces

/** The places given; where a real PostgreSQL was started for the run (`test/peers`), that instead. */
export const onServer = (...usual: readonly [Resource, ...Resource[]]): readonly [Resource, ...Resource[]] =>
  servers ?? usual
