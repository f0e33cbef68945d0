import type { AccountTrailEntry } from 'ccass-2fa/audit'
import colours from 'picocolors'
import { hongKongTime } from '../support/clock.ts'
import { secretIn } from '../support/phone.ts'
import type { RowColour } from '../support/trace.ts'
import { passwords, user } from './app-user.ts'
import type { Host } from './host.ts'
import type { AppSetUp } from './set-up.ts'

/** The fields of an event that are printed. Each event has some of them. */
const shownFields = ['role', 'operation', 'subject', 'reason', 'through', 'system', 'purpose']

const rowOf = ({ seq, actor: by, event }: AccountTrailEntry): readonly string[] => {
  const fields = new Map<string, unknown>(Object.entries(event))
  const details = shownFields.flatMap((name) => (fields.has(name) ? [String(fields.get(name))] : []))
  // Request ids are random and not informative here.
  const shown = details.map((detail) => (/^[0-9a-f]{24}$/.test(detail) ? 'a request' : detail)).join(', ')
  return [String(seq).padStart(3), hongKongTime(event.at), by, event.type, shown, event.rule]
}

const colour: RowColour = ([, , , type = '']) => {
  if (type.endsWith('Refused') || type.endsWith('Rejected')) return colours.yellow
  if (type === 'Locked') return colours.red
  return type === 'SignInCompleted' || type === 'Unlocked' ? colours.green : undefined
}

/** Prints the whole trail of a User ID, line by line. */
export const printTrail = async (
  { auth, trace }: Host,
  userId: string,
): Promise<readonly AccountTrailEntry[]> => {
  const read = await auth.audit.trail({ userId, limit: 1_000 })
  const entries = read.unwrapOr([])
  trace.table([' No', 'When', 'Who', 'What', 'Details', 'Rule'], entries.map(rowOf), colour)
  const gapless = entries.every(({ seq }, i) => seq === i + 1)
  trace.fact('AUD-01', 'the entries are numbered without a gap', gapless ? 'yes' : 'no', 'yes')
  return entries
}

/** Prints the whole trail of the user, as an auditor sees it. */
export const showTrail = async (host: Host, setUps: readonly AppSetUp[]): Promise<void> => {
  const { trace } = host
  trace.heading(
    `The audit trail of ${user}`,
    'It has every change, and every refusal with the reason that the caller did not get, in Hong Kong time.',
    'A claimant is a caller at the sign-in page who is not signed in yet.',
  )
  const entries = await printTrail(host, user)
  const refusals = (await host.auth.audit.refusals({ userId: user, limit: 1_000 })).unwrapOr([])
  const locked = refusals.some(({ event }) => 'reason' in event && event.reason === 'locked')
  trace.fact('AUD-03', 'refusals while locked are recorded too', locked ? 'yes' : 'no', 'yes')
  const text = JSON.stringify([entries, refusals])
  const secrets = [...Object.values(passwords), ...setUps.map(({ uri }) => secretIn(uri))]
  const found = secrets.filter((secret) => text.includes(secret)).length
  trace.fact('PW-15', 'passwords and secrets found in it', String(found), '0')
}
