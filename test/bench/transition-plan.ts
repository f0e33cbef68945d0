/** Reads and plans a listing. */
import { defineTimeline } from '../../dist/index.js'
import { readListingCsv } from '../../dist/listing-csv.js'
import { type ListingPlan, listingPlanner } from '../../dist/migration.js'

const timeline = defineTimeline({ launch: Date.UTC(2023, 5, 5, 1) })._unsafeUnwrap()

/** The plan of a listing that is read as a stream. */
export const planned = async (
  source: Iterable<Uint8Array>,
  eachRow: () => void = () => {},
): Promise<ListingPlan> => {
  const { rows } = (await readListingCsv(source))._unsafeUnwrap()
  const plan = listingPlanner(timeline, { at: Date.UTC(2023, 3, 1) })
  for await (const { line, read } of rows) {
    plan.add(line, read)
    eachRow()
  }
  return plan.finish()
}
