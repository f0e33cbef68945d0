import type {
  AccountChannel,
  SupportDecision,
  SupportNeed,
  SupportRequest,
  SupportRoute,
} from '../../src/access-control/authority.ts'
import { type Phase, phases } from '../../src/access-control/timeline.ts'
import type { Role } from '../../src/identity/role.ts'
import { head, row } from './rulebook-page.ts'
import { inWords, phaseTitles, ruleLink } from './words.ts'

const roleWords: Readonly<Record<Role, string>> = { DelegatedAdministrator: 'DA', User: 'User' }
const channelWords: Readonly<Record<AccountChannel, string>> = {
  MobileApp: 'app',
  Email: 'email',
  none: 'none',
}
const routeWords: Readonly<Record<SupportRoute, string>> = {
  'self-service': 'the holder',
  'delegated-administrators': 'two DAs',
  'DA 3': 'HKEX, DA 3',
  'SCard 1': 'HKEX, SCard 1',
  'not-available': '—',
}

/** Rows of the page: requests that differ only in channels with the same answer. */
interface Group {
  readonly need: SupportNeed
  readonly role: Role
  readonly channels: readonly AccountChannel[]
  readonly answers: Readonly<Record<Phase, string>>
}

const cell = ({ route, rule }: SupportDecision) => `${routeWords[route]} · ${ruleLink(rule)}`

const groupsOf = (table: readonly (SupportRequest & SupportDecision)[]): readonly Group[] => {
  const groups = new Map<string, Group>()
  for (const { need, role, channel } of table) {
    const own = table.filter((each) => each.need === need && each.role === role && each.channel === channel)
    const answers = Object.fromEntries(own.map((each) => [each.phase, cell(each)])) as Group['answers']
    const key = JSON.stringify([need, role, answers])
    const channels = [...new Set([...(groups.get(key)?.channels ?? []), channel])]
    groups.set(key, { need, role, channels, answers })
  }
  return [...groups.values()]
}

const groupRow = ({ need, role, channels, answers }: Group, { need: former }: Partial<Group> = {}) =>
  row(
    need === former ? '' : inWords(need),
    roleWords[role],
    channels.length === Object.keys(channelWords).length
      ? 'any'
      : channels.map((channel) => channelWords[channel]).join(', '),
    ...phases.map((phase) => answers[phase]),
  )

/** `docs/authority.md`: who can help an account holder with what, and how (MNT-11). */
export const authorityPage = (table: readonly (SupportRequest & SupportDecision)[]): string => {
  const groups = groupsOf(table)
  return `${[
    '# Who can help',
    `This page is generated from \`src/access-control/authority.ts\` by \`npm run docs:generate\`; change the table there, not here. It is the whole of it (${ruleLink('MNT-11')}): each need × role × channel × phase has one answer, ${table.length} in all; rows that are answered alike for several channels stand together. \`supportRouteFor\` asks it in code, \`dms.supportRoute\` as a service, and the service itself consults nothing else.`,
    [
      '- **the holder**: self-service.',
      '- **two DAs**: two Delegated Administrators of the participant, as maker and checker in DMS.',
      '- **HKEX, DA 3** and **HKEX, SCard 1**: on that [eService](eservices.md), by Client Connect users of the participant.',
      '- **—**: no one can, or there is nothing to be done; the rule says why.',
      '- Channel: how the account gets its OTP; **none** until 2FA is initialised, and again after an unlock.',
    ].join('\n'),
    [
      head('Need', 'Role', 'Channel', ...phases.map((phase) => phaseTitles[phase])),
      ...groups.map((group, i) => groupRow(group, groups[i - 1])),
    ].join('\n'),
  ].join('\n\n')}\n`
}
