/**
 * A user who receives codes by email is locked. Two Delegated Administrators help, as maker and checker in
 * DMS.
 *
 *     npm run example:locked-user
 *
 * Start reading at `locked-user/unlock.ts` (the calls for two Delegated Administrators).
 * `locked-user/tell.ts` has the order of the other steps.
 */
import { tell } from './locked-user/tell.ts'

process.exitCode = await tell()
