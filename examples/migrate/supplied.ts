import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { htmlReport, textReport } from 'ccass-2fa/migration-report'
import type { Trace } from '../support/trace.ts'
import { dates, type Host } from './host.ts'
import { linesOf } from './listings.ts'

const by = 'HKEX transition'

/**
 * Plans a listing, applies half of it, resumes, and reconciles it. Then evaluates access for some of its
 * accounts.
 */
export const moveListing = async (
  { auth, clock }: Host,
  listing: URL | string,
  report: string,
  trace: Trace,
) => {
  trace.heading(
    'The plan',
    'A dry run: for every account, what will happen, what blocks it, and who can help.',
  )
  const planned = await trace.ok(
    'MIG-16',
    'the plan',
    auth.migration.plan({ lines: await linesOf(listing) }),
    ({ plan: { totals } }) => ({
      is: `${totals.ready} ready, ${totals.blocked} blocked, ${totals.refused} refused`,
    }),
  )
  trace.say([...textReport({ plan: planned.plan })].join(''))

  trace.heading('The listing is applied, stopped and resumed')
  const stop = new AbortController()
  let line = 0
  const firstLines = async function* () {
    for await (const each of await linesOf(listing)) {
      if (++line > 6) stop.abort()
      yield each
    }
  }
  await trace.ok(
    'MIG-16',
    'stopped at the seventh line',
    auth.migration.apply({ lines: firstLines(), by, signal: stop.signal }),
    ({ status: ended, imported }) => ({ is: `${ended}, ${imported} imported` }),
  )
  await trace.ok(
    'MIG-16',
    'applied again from the beginning',
    auth.migration.apply({ lines: await linesOf(listing), by }),
    ({ imported, present }) => ({ is: `${imported} imported, ${present} present` }),
  )
  await trace.ok(
    'MIG-21',
    'applied once more: no change',
    auth.migration.apply({ lines: await linesOf(listing), by }),
    ({ imported, present }) => ({
      is: `${imported} imported, ${present} present`,
      mustBe: `0 imported, ${present} present`,
    }),
  )

  trace.heading('The plan is reconciled with the store')
  clock.moveTo(dates.launch)
  const { plan, reconciliation } = await trace.ok(
    'MIG-16',
    'reconciled',
    auth.migration.reconcile({ lines: await linesOf(listing) }),
    ({ reconciliation: { totals } }) => ({
      is: `${totals.arrived} of ${totals.planned} arrived, ${totals.notInitialised} not initialised yet`,
    }),
  )
  await pipeline(Readable.from(htmlReport({ plan, reconciliation })), createWriteStream(report))
  trace.aside(`report to open or send: ${report}`)
}

/** The access decisions for an account, from before launch to after decommissioning. */
export const showAccess = async ({ auth }: Host, userId: string, trace: Trace) => {
  trace.heading(
    `Access of ${userId}`,
    'For any account, resource and instant, with the rule of each decision.',
  )
  const requests = [
    ['before launch', dates.launch - 1, 'terminal', 'primary'],
    ['at launch', dates.launch, 'terminal', 'primary'],
    ['at launch', dates.launch, 'terminal', 'backup'],
    ['decommissioned', dates.decommissioning, 'terminal', 'primary'],
    ['decommissioned', dates.decommissioning, 'PG', 'primary'],
  ] as const
  const rows: string[][] = []
  for (const [when, at, resource, site] of requests) {
    const evaluated = await auth.access.evaluate({ userId, resource, site, at })
    if (evaluated.isErr()) throw new Error(evaluated.error.code)
    const cells = Object.values(evaluated.value.decisions).map(({ decision, rule }) => `${decision}  ${rule}`)
    rows.push([when, `${resource}, ${site}`, ...cells])
  }
  trace.table(['', 'resource', 'smartcard', '2FA', '2FA set-up'], rows)
}
