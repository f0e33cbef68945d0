import type { TimelineInput } from '../../src/index.ts'
import type { ListingLine } from '../../src/migration/listing-stream.ts'
import { readListingRow } from '../../src/migration/model/listing.ts'
import { decommissioning, hk, launch, lineOf, suppliedLines } from '../migration/model/lines.ts'
import { type TestService, type TestServiceOptions, testService } from './test-service.ts'

export { decommissioning, hk, launch, lineOf }

/** The dates of the transition: launched on 5 June 2023 at nine, decommissioned on 4 December. */
export const dates: TimelineInput = { launch, decommissioning }
/** An instant well before launch, while emails are registered. */
export const spring = hk('2023-04-01T12:00:00')

/** A test service with a timeline; its clock is in the spring before launch. */
export const migratingService = (options: TestServiceOptions = {}): TestService => {
  const service = testService({ timeline: dates, ...options })
  service.clock.set(spring)
  return service
}

/** The lines of the supplied listing, numbered as in the file. */
export const supplied = (): readonly ListingLine[] =>
  suppliedLines().map((read, i) => ({ line: i + 2, read }))

/** A listing of a number of users and participants, with two Delegated Administrators each. */
export const generated = (participants: number, users: number): readonly ListingLine[] =>
  Array.from({ length: participants }, (_, p) => {
    const key = `B${String(10_000 + p)}`
    const ids = Array.from(
      { length: users },
      (_, n) => `${key}${n.toString(36).toUpperCase().padStart(2, '0')}`,
    )
    return [`${key}X1`, `${key}X2`, ...ids]
  })
    .flat()
    .map((userId, i) => ({ line: i + 2, read: readListingRow(lineOf(userId)) }))

/** Lines as an asynchronous, single-use stream. */
export async function* arriving(lines: Iterable<ListingLine>): AsyncGenerator<ListingLine, void> {
  for (const line of lines) {
    await undefined
    yield line
  }
}
