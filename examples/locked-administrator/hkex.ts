import type { LineReport } from 'ccass-2fa/eservices'
import type { Host } from '../quickstart/host.ts'
import { hongKongTime } from '../support/clock.ts'
import { mailsSince } from './form.ts'
import { cheung, locked, other, wong } from './people.ts'

const outcomeOf = ({ outcome }: Pick<LineReport, 'outcome'>) =>
  outcome.kind === 'accepted' ? 'accepted' : `${outcome.reason} (${outcome.rule})`

/** HKEX takes the waiting forms and processes them line by line. */
export const processForms = async (host: Host): Promise<void> => {
  const { auth, clock, mailer, trace } = host
  const { eservices } = auth
  trace.heading('HKEX processes the forms in its inbox')
  clock.pass(3_600_000)
  const { forms } = await trace.ok('ESV-13', 'lists its inbox', eservices.sent({}), (page) => ({
    is: page.forms.map(({ reference }) => reference).join(),
    mustBe: 'DA3_00000001',
  }))
  const before = mailer.mails.length
  for (const form of forms)
    await trace.ok(
      'ESV-10 ESV-13',
      `processes ${form.reference}`,
      eservices.process({ form, by: 'HKEX' }),
      (reports) => ({
        is: reports.map(outcomeOf).join(', '),
        mustBe: 'accepted, email-differs (ESV-10)',
      }),
    )
  const both = [cheung, wong].map(({ email }) => `for-reference → ${email}`).join(', ')
  trace.fact('ESV-08', 'mailed', await mailsSince(host, before), both)
  const [form] = forms
  if (form !== undefined)
    await trace.ok(
      'ESV-13',
      'processes the inbox again: it is empty',
      eservices.process({ form, by: 'HKEX' }),
      (reports) => ({ is: `${reports.length} lines`, mustBe: '0 lines' }),
    )
  for (const [{ userId }, times] of [
    [locked, '1'],
    [other, '0'],
  ] as const) {
    const trail = (await auth.audit.trail({ userId })).unwrapOr([])
    const unlocks = trail.filter(({ event }) => event.type === 'Unlocked').length
    trace.fact('ACC-07 ESV-10', `number of unlocks of ${userId}`, String(unlocks), times)
  }
}

/** Shows the completed form line by line, and the trail of the account that it unlocked. */
export const showResults = async ({ auth, trace }: Host, id: string): Promise<void> => {
  trace.heading('The form, line by line')
  const view = await auth.eservices.view({ actor: cheung, id })
  if (view.isErr()) throw new Error(view.error.code)
  const { form, status } = view.value
  const processed = 'processed' in form ? form.processed : []
  const rows = form.contents.lines.map((line, index) => {
    const outcome = processed.find((each) => each.line === index)
    return [
      String(index + 1).padStart(4),
      line.type === 'status' ? line.action : line.type,
      'userId' in line ? line.userId : '',
      'email' in line ? line.email : '',
      outcome === undefined ? '' : outcomeOf(outcome),
    ]
  })
  trace.table(['Line', 'What', 'User ID', 'Email as typed', 'Outcome'], rows)
  trace.fact('ESV-02', 'status of the form', status, 'Completed')

  trace.heading(
    `The audit trail of ${locked.userId}`,
    'Times are in Hong Kong time. A claimant is a caller who is not signed in yet.',
  )
  const read = await auth.audit.trail({ userId: locked.userId, limit: 1_000 })
  const entries = read.unwrapOr([])
  trace.table(
    [' No', 'When', 'Who', 'What', 'Why', 'Rule'],
    entries.map(({ seq, actor: by, event }) => [
      ...[String(seq).padStart(3), hongKongTime(event.at), by, event.type],
      ...['reason' in event ? String(event.reason) : '', event.rule],
    ]),
  )
  const unlocking = entries.find(({ event }) => event.type === 'Unlocked')
  trace.fact('AUD-01', 'unlocked by', `${unlocking?.actor}, ${unlocking?.event.rule}`, 'HKEX, ACC-07')
  const gapless = entries.every(({ seq }, i) => seq === i + 1)
  trace.fact('AUD-01', 'the entries are numbered without a gap', gapless ? 'yes' : 'no', 'yes')
}
