import type { Phase } from '../../access-control/timeline.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { EserviceLine, EserviceLineType, ProfileFields } from './lines.ts'

/**
 * The eServices: DA application and maintenance, more user accounts, smartcard maintenance.
 *
 * @rule ESV-04
 * @rule ESV-14
 * @rule MNT-06
 * @category eServices
 */
export type FormName = 'DA 3' | 'DA 4' | 'SCard 1'

/**
 * Every form.
 *
 * @category eServices
 */
export const formNames = ['DA 3', 'DA 4', 'SCard 1'] as const satisfies readonly FormName[]

/**
 * A type of line that a form offers, when, and by which rule.
 *
 * @category eServices
 */
export interface OfferedLine {
  readonly form: FormName
  readonly line: EserviceLineType
  readonly phases: readonly Phase[]
  readonly rule: RuleId
}

const always = ['before-registration', 'registration', 'parallel-run', 'decommissioned'] as const
const beforeLaunch = ['before-registration', 'registration'] as const
const fromRegistration = ['registration', 'parallel-run', 'decommissioned'] as const
const fromLaunch = ['parallel-run', 'decommissioned'] as const
const fromDecommissioning = ['decommissioned'] as const

/**
 * Which form offers which lines in which phase. Before launch, Delegated Administrators and users are made
 * on SCard 1, and DA 3 registers emails; from launch, SCard 1 resets smartcard passwords and nothing else.
 *
 * @rule ESV-04
 * @rule MNT-05
 * @rule MNT-06
 * @rule MNT-07
 * @category eServices
 */
export const offeredLines: readonly OfferedLine[] = [
  { form: 'DA 3', line: 'change', phases: fromRegistration, rule: 'ESV-04' },
  { form: 'DA 3', line: 'add', phases: fromLaunch, rule: 'ESV-04' },
  { form: 'DA 3', line: 'status', phases: fromLaunch, rule: 'ESV-04' },
  { form: 'DA 3', line: 'delete', phases: fromLaunch, rule: 'ESV-04' },
  { form: 'DA 4', line: 'buy-accounts', phases: fromLaunch, rule: 'ESV-14' },
  { form: 'SCard 1', line: 'reset-smartcard-password', phases: always, rule: 'MNT-05' },
  { form: 'SCard 1', line: 'add', phases: beforeLaunch, rule: 'MNT-06' },
  { form: 'SCard 1', line: 'change', phases: beforeLaunch, rule: 'MNT-06' },
  { form: 'SCard 1', line: 'delete', phases: beforeLaunch, rule: 'MNT-06' },
  { form: 'SCard 1', line: 'add-user', phases: beforeLaunch, rule: 'MNT-07' },
]

/**
 * A field that a `change` line may change, on which form, when, and by which rule.
 *
 * @category eServices
 */
export interface ChangeableField {
  readonly form: FormName
  readonly field: keyof ProfileFields
  readonly phases: readonly Phase[]
  readonly rule: RuleId
}

const maintained = ['surname', 'otherNames', 'enableFrom', 'disableAfter'] as const

/**
 * Which form changes which fields in which phase: on DA 3 the email alone before launch, business user groups
 * from decommissioning on. The status is changed on DA 3 by a `status` line.
 *
 * @rule ESV-04
 * @rule MNT-06
 * @rule MNT-10
 * @category eServices
 */
export const changeableFields: readonly ChangeableField[] = [
  { form: 'DA 3', field: 'email', phases: fromRegistration, rule: 'ESV-04' },
  ...maintained.map((field) => ({ form: 'DA 3', field, phases: fromLaunch, rule: 'ESV-04' }) as const),
  { form: 'DA 3', field: 'userGroups', phases: fromDecommissioning, rule: 'MNT-10' },
  ...maintained.map((field) => ({ form: 'SCard 1', field, phases: beforeLaunch, rule: 'MNT-06' }) as const),
  { form: 'SCard 1', field: 'status', phases: beforeLaunch, rule: 'MNT-06' },
]

/**
 * What is paid once for each unit that a line asks for.
 *
 * @category eServices
 */
export interface Fee {
  readonly item: 'user account' | 'smartcard' | 'smartcard reader'
  /** Whole Hong Kong dollars a unit. */
  readonly hkd: number
  /** The lines that cost it; empty: ordered elsewhere. */
  readonly lines: readonly EserviceLineType[]
  readonly phases: readonly Phase[]
  readonly rule: RuleId
}

/**
 * The one-off fees. A smartcard came with each account made on SCard 1; readers were ordered on another form.
 *
 * @rule ESV-14
 * @category eServices
 */
export const feeSchedule: readonly Fee[] = [
  { item: 'user account', hkd: 250, lines: ['buy-accounts'], phases: fromLaunch, rule: 'ESV-14' },
  { item: 'smartcard', hkd: 250, lines: ['add', 'add-user'], phases: beforeLaunch, rule: 'ESV-14' },
  { item: 'smartcard reader', hkd: 300, lines: [], phases: beforeLaunch, rule: 'ESV-14' },
]

/**
 * What a line costs, once, when it is submitted in a phase.
 *
 * @returns whole Hong Kong dollars; 0 for what is free.
 * @rule ESV-14
 * @category eServices
 */
export const feeForLine = (line: EserviceLine, phase: Phase): number => {
  const units = line.type === 'buy-accounts' ? line.count : 1
  return feeSchedule
    .filter(({ lines, phases }) => lines.includes(line.type) && phases.includes(phase))
    .reduce((sum, { hkd }) => sum + hkd * units, 0)
}
