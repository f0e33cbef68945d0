/**
 * Verifies a store and keeps a checkpoint. Then tampers with the store in SQL, in several ways.
 *
 *     npm run example:verify-trail
 *
 * Start reading at `verify-trail/check.ts` (the calls of a host). `verify-trail/tamper.ts` has the changes to
 * the store, and `verify-trail/tell.ts` the order of the steps.
 */
import { tell } from './verify-trail/tell.ts'

process.exitCode = await tell()
