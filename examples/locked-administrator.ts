/**
 * A Delegated Administrator is locked. No other DA can help; HKEX can, on eService DA 3.
 *
 *     npm run example:locked-administrator
 *
 * Begin reading at `locked-administrator/form.ts` (what a participant's Client Connect users call) and
 * `locked-administrator/hkex.ts` (what HKEX's side calls); `locked-administrator/tell.ts` has the order.
 */
import { tell } from './locked-administrator/tell.ts'

process.exitCode = await tell()
