/**
 * The quickstart: accounts are imported, set up, signed in to, locked and unlocked, until their password
 * expires.
 *
 *     npm run quickstart
 *
 * Start reading at `quickstart/host.ts` (the ports that a host provides), then `quickstart/set-up.ts` and
 * `quickstart/app-user.ts` (the calls of a host). `quickstart/tell.ts` has the order of the other steps.
 */
import { tell } from './quickstart/tell.ts'

process.exitCode = await tell()
