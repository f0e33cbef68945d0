/**
 * A store is verified, a checkpoint is kept; then the store is tampered with, in SQL, in one way after the other.
 *
 *     npm run example:verify-trail
 *
 * Begin reading at `verify-trail/check.ts` (what a host calls); `verify-trail/tamper.ts` has what is done to the
 * store, `verify-trail/tell.ts` the order of it all.
 */
import { tell } from './verify-trail/tell.ts'

process.exitCode = await tell()
