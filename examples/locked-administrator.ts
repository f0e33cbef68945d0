/**
 * A Delegated Administrator is locked. No other DA can help; HKEX can, on eService DA 3.
 *
 *     npm run example:locked-administrator
 *
 * Start reading at `locked-administrator/form.ts` (the calls for a participant's Client Connect users) and
 * `locked-administrator/hkex.ts` (the calls for HKEX's side). `locked-administrator/tell.ts` has the order of
 * the steps.
 */
import { tell } from './locked-administrator/tell.ts'

process.exitCode = await tell()
