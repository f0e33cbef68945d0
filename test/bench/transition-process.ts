/**
 * A separate process that plans a listing of as many accounts as its first argument says, and prints the
 * cost.
 */
import { listingOf } from './transition-listing.ts'
import { planned } from './transition-plan.ts'

/** The cost of planning a number of accounts. */
export interface Planned {
  readonly accounts: number
  readonly nsPerAccount: number
  /** The peak resident memory of the process. */
  readonly residentMB: number
  /** Its resident memory before it read the first byte. */
  readonly beforeMB: number
}

const megabytes = () => process.memoryUsage.rss() / 2 ** 20

const measured = async (accounts: number): Promise<Planned> => {
  await planned(listingOf(20_000)) // that the compiler is done before the clock starts
  const beforeMB = megabytes()
  let residentMB = beforeMB
  let rows = 0
  const begun = performance.now()
  const { totals } = await planned(listingOf(accounts), () => {
    if (++rows % 1_000 === 0) residentMB = Math.max(residentMB, megabytes())
  })
  const nsPerAccount = ((performance.now() - begun) * 1e6) / accounts
  if (totals.ready + totals.blocked !== accounts) throw new Error(`${totals.refused} were refused`)
  return { accounts, nsPerAccount, residentMB: Math.max(residentMB, megabytes()), beforeMB }
}

process.send?.(await measured(Number(process.argv[2])))
process.disconnect()
