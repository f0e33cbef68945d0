/**
 * A user who has OTPs by email is locked. Two Delegated Administrators help, as maker and checker in DMS.
 *
 *     npm run example:locked-user
 *
 * Begin reading at `locked-user/unlock.ts` (what two Delegated Administrators call); `locked-user/tell.ts`
 * has the order of the rest.
 */
import { tell } from './locked-user/tell.ts'

process.exitCode = await tell()
