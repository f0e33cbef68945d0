import { readListingRow } from '../../src/migration/model/listing.ts'
import { readListingHeader } from '../../src/migration/model/listing-header.ts'
import { runVectors } from './vector-files.ts'

runVectors('listing-row', ({ row }) =>
  readListingRow(row).match(
    (account) => account,
    ({ problems }) => ({ problems }),
  ),
)

runVectors('listing-header', ({ names }) =>
  readListingHeader(names).match(
    () => ({ missing: [], repeated: [] }),
    ({ missing, repeated }) => ({ missing, repeated }),
  ),
)
