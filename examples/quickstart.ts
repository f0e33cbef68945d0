/**
 * The quickstart: accounts are imported, set up, signed in to, locked, unlocked and outlived by time.
 *
 *     npm run quickstart
 *
 * Begin reading at `quickstart/host.ts` (what a host brings), then `quickstart/set-up.ts` and
 * `quickstart/app-user.ts` (what a host calls); `quickstart/tell.ts` has the order of the rest.
 */
import { tell } from './quickstart/tell.ts'

process.exitCode = await tell()
