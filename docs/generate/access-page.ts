import {
  type AccessConditions,
  type AccessMethod,
  type AccessReason,
  type AccessRequest,
  type AccessRule,
  accessAttributes,
  evaluateAccess,
  type Resource,
} from '../../src/access-control/access-table.ts'
import { type Phase, phases } from '../../src/access-control/timeline.ts'
import type { Role } from '../../src/identity/role.ts'
import { head, row } from './rulebook-page.ts'
import { phaseTitles, ruleLink } from './words.ts'

const methodWords: Readonly<Record<AccessMethod, string>> = {
  smartcard: 'smartcard',
  '2fa': '2FA',
  '2fa-set-up': 'setting up 2FA',
}
const resourceWords: Readonly<Record<Resource, string>> = {
  terminal: 'the terminal',
  DMS: 'DMS',
  ONRD: 'ONRD',
  PG: 'the Participant Gateway',
}
const roleWords: Readonly<Record<Role, string>> = { User: 'User', DelegatedAdministrator: 'DA' }

const reasonWords: Readonly<Record<AccessReason, string>> = {
  'malformed-request': 'an attribute is missing or has an unknown value',
  'gateway-takes-smartcards-only': 'the Participant Gateway accepts smartcards only',
  'users-do-not-enter-dms': 'users cannot sign in to DMS',
  'administrators-enter-dms-only': 'until decommissioning a DA can sign in to DMS only',
  'administrator-without-business-group': 'a DA needs a business user group here',
  'before-launch': '2FA is available from launch',
  'created-from-launch': 'an account created from launch on can use 2FA only',
  decommissioned: 'smartcards are decommissioned: 2FA only',
  'backup-centre': 'from launch on, the Backup Centre accepts 2FA only',
  'no-smartcard': 'the profile has no smartcard',
  'certificate-expired': 'the smartcard’s certificate has expired',
  'not-enabled': 'the account is disabled, or today is outside its dates',
  locked: 'the account is locked',
  'already-initialised': '2FA is initialised already',
  'not-initialised': '2FA is not initialised yet',
  'no-registered-email': 'no email is registered',
  'gateway-untouched': 'the Participant Gateway does not change',
  'gateway-keeps-smartcards': 'the Participant Gateway keeps its smartcards',
  'smartcard-until-launch': 'until launch, accounts sign in by smartcard',
  'smartcard-until-decommissioning': 'initialising 2FA does not end the smartcard',
  'parallel-run': 'smartcard and 2FA are both allowed in the parallel run',
  'initialise-at-once': '2FA must be initialised immediately at launch',
  'first-sign-in': 'the first sign-in sets up 2FA',
}

/** The text of each fact that is either true or false. */
const yesOrNo: Partial<Readonly<Record<keyof AccessRequest, readonly [yes: string, no: string]>>> = {
  createdFromLaunch: ['created from launch on', 'created before launch'],
  initialised: ['2FA initialised', '2FA not initialised'],
  hasEmail: ['with email', 'without email'],
  hasSmartcard: ['with smartcard', 'without smartcard'],
  certificateExpired: ['certificate expired', 'certificate not expired'],
  hasBusinessGroup: ['with business user group', 'without business user group'],
  enabled: ['enabled', 'not enabled'],
  locked: ['locked', 'not locked'],
}

const valueWords = (fact: keyof AccessRequest, value: unknown): string => {
  const [yes, no] = yesOrNo[fact] ?? []
  if (yes !== undefined && no !== undefined) return value === true ? yes : no
  if (fact === 'phase') return phaseTitles[value as Phase].toLowerCase()
  if (fact === 'resource') return resourceWords[value as Resource]
  if (fact === 'role') return roleWords[value as Role]
  if (fact === 'site') return value === 'backup' ? 'at the Backup Centre' : 'at the primary site'
  return value === 'closed' ? 'a lockout also blocks the smartcard' : 'a lockout does not block the smartcard'
}

/** The conditions of a row, in the order of the table's facts. */
const conditionsCell = (when: AccessConditions): string => {
  const facts = (Object.keys(accessAttributes) as (keyof AccessRequest)[]).filter((fact) => fact in when)
  const words = facts.map((fact) => (when[fact] ?? []).map((value) => valueWords(fact, value)).join(' or '))
  return words.join('; ') || 'otherwise'
}

const ruleRow = ({ methods, when, decision, rule, reason }: AccessRule, index: number) =>
  row(
    `${index + 1}`,
    methods.length === Object.keys(methodWords).length
      ? 'any'
      : methods.map((method) => methodWords[method]).join(', '),
    conditionsCell(when),
    decision === 'allow' ? '**allow**' : 'deny',
    ruleLink(rule),
    reasonWords[reason],
  )

/** An account with nothing against it except its stage. */
const sound = {
  hasEmail: true,
  hasSmartcard: true,
  hasBusinessGroup: true,
  certificateExpired: false,
  enabled: true,
  locked: false,
  smartcardWhenLocked: 'closed',
} as const

type Standing = Pick<AccessRequest, 'resource' | 'role' | 'phase' | 'createdFromLaunch'>

const signInMethods = (standing: Standing, site: AccessRequest['site']): string => {
  const open = (method: AccessMethod, initialised: boolean) =>
    evaluateAccess({ ...sound, ...standing, site, initialised })[method].decision === 'allow'
  const smartcard = open('smartcard', true) && open('smartcard', false)
  const twoFactor = open('2fa', true) && open('2fa-set-up', false)
  return [...(smartcard ? ['smartcard'] : []), ...(twoFactor ? ['2FA'] : [])].join(', ') || '—'
}

const standingCell = (standing: Standing): string => {
  // Before launch, no account counts as created from launch on.
  if (standing.createdFromLaunch && !['parallel-run', 'decommissioned'].includes(standing.phase)) return ''
  const [primary, backup] = [signInMethods(standing, 'primary'), signInMethods(standing, 'backup')]
  return primary === backup ? primary : `${primary}; Backup Centre: ${backup}`
}

const matrixRows = (): readonly string[] =>
  accessAttributes.resource.flatMap((place) =>
    accessAttributes.role.flatMap((role) =>
      accessAttributes.createdFromLaunch.map((createdFromLaunch) =>
        row(
          resourceWords[place],
          roleWords[role],
          createdFromLaunch ? 'from launch' : 'before',
          ...phases.map((phase) => standingCell({ resource: place, role, phase, createdFromLaunch })),
        ),
      ),
    ),
  )

/** `docs/access.md`: which sign-in methods are open to whom, where and when, and why (MIG-15). */
export const accessPage = (rules: readonly AccessRule[]): string => {
  const combinations = Object.values(accessAttributes).reduce((product, { length }) => product * length, 1)
  return `${[
    '# Access decisions',
    `This page is generated from \`src/access-control/access-table.ts\` by \`npm run docs:generate\`; change the table there, not here. \`accessOf\` evaluates exactly these rows (${ruleLink('MIG-15')}), and every sign-in uses only its decision.`,
    '## At a glance',
    'For an account that is enabled and not locked, with an email, a smartcard with a valid certificate (unless the account was created from launch on) and, for a DA, a business user group. **2FA**: once initialised; until then, it can be set up there. **—**: no sign-in method is allowed.',
    [head('Resource', 'Role', 'Created', ...phases.map((phase) => phaseTitles[phase])), ...matrixRows()].join(
      '\n',
    ),
    '## The table',
    `For each sign-in method, the first row whose conditions all hold decides whether it is allowed, by which rule and for which reason. ${rules.length} rows cover all ${combinations.toLocaleString('en')} combinations of attributes; \`accessTable\` lists them one by one. Permanent reasons come before those that can change: a request that a resource never allows does not reveal that the account is disabled.`,
    [head('', 'Method', 'If', 'Decision', 'Rule', 'Reason'), ...rules.map(ruleRow)].join('\n'),
    'A request in which an attribute is missing or has an unknown value matches none of them: every sign-in method is denied.',
  ].join('\n\n')}\n`
}
