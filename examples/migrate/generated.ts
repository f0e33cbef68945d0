import type { Progress } from 'ccass-2fa/migration'
import type { Trace } from '../support/trace.ts'
import { applyAndKill } from './break-off.ts'
import { openHost } from './host.ts'
import { linesOf } from './listings.ts'

const by = 'HKEX transition'
const number = (value: number) => value.toLocaleString('en')

/** Plans, applies, kills, resumes and reconciles a generated listing, and shows the progress. */
export const moveGenerated = async (file: string, accounts: number, trace: Trace) => {
  trace.heading(
    `A generated listing of ${number(accounts)} accounts`,
    'It is read, planned and applied line by line and never held in memory.',
  )
  const host = openHost(file)
  const lines = () => linesOf({ accounts })
  const shown = (label: string) => (progress: Progress) =>
    trace.progress(
      `${label}: ${number(progress.lines)} of ${number(accounts)} lines (${Math.floor((100 * progress.lines) / accounts)}%)`,
    )
  const startedAt = Date.now()

  const { plan } = await trace.ok(
    'MIG-16',
    'planned',
    host.auth.migration.plan({ lines: await lines(), onProgress: shown('planning') }),
    ({ plan: { totals } }) => ({ is: `${number(totals.ready)} ready, ${number(totals.blocked)} blocked` }),
  )

  const killed = await applyAndKill(file, accounts, accounts * 0.4, shown('applying'))
  trace.fact(
    'MIG-16',
    'applied by a process that is killed',
    `${number(killed.imported)} imported`,
    `${number(killed.imported)} imported`,
  )

  const rest = await trace.ok(
    'MIG-16',
    'resumed after the last reported line',
    host.auth.migration.apply({
      lines: await lines(),
      by,
      afterLine: killed.upToLine,
      onProgress: shown('applying'),
    }),
    ({ imported, present }) => ({ is: `${number(imported)} imported, ${number(present)} present` }),
  )
  trace.fact(
    'MIG-21',
    'every account is imported once',
    number(killed.imported + rest.imported + rest.present),
    number(accounts),
  )

  await trace.ok(
    'MIG-16',
    'reconciled',
    host.auth.migration.reconcile({ lines: await lines(), onProgress: shown('reconciling') }),
    ({ reconciliation: { totals } }) => ({
      is: `${number(totals.arrived)} arrived, ${number(totals.missing)} missing, ${number(totals.different)} different`,
      mustBe: `${number(plan.totals.ready + plan.totals.blocked)} arrived, 0 missing, 0 different`,
    }),
  )
  trace.aside(
    `${((Date.now() - startedAt) / 1_000).toFixed(0)} s, ${Math.round(process.memoryUsage.rss() / 1_048_576)} MB resident`,
  )
  host.close()
}
