import type { Phase } from '../../access-control/timeline.ts'
import { isOneOf } from '../../kernel/membership.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { EserviceLine, EserviceLineType, ProfileFields } from './lines.ts'

/**
 * The name of an eService: DA application and maintenance, more user accounts, smartcard maintenance.
 *
 * @rule ESV-04
 * @rule ESV-14
 * @rule MNT-06
 * @category eServices
 */
export type FormName = 'DA 3' | 'DA 4' | 'SCard 1'

/**
 * The names of all eServices.
 *
 * @category eServices
 */
export const formNames = ['DA 3', 'DA 4', 'SCard 1'] as const satisfies readonly FormName[]

/**
 * Whether a value, e.g. from a page, is the name of an eService.
 *
 * @rule ESV-04
 * @category eServices
 */
export const isFormName: (value: unknown) => value is FormName = /* @__PURE__ */ isOneOf(formNames)

/**
 * A type of line that a form offers, in which phase, and by which rule.
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
 * The lines that each form offers in each phase. Before launch, Delegated Administrators and users are
 * created on SCard 1, and DA 3 registers emails; from launch on, SCard 1 only resets smartcard passwords.
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
 * A field that a `change` line can change, on which form, in which phase, and by which rule.
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
 * The fields that each form can change in each phase: before launch, DA 3 changes only the email; from
 * decommissioning on, also business user groups. On DA 3, a `status` line changes the status.
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
 * A one-off fee for each unit that a line requests.
 *
 * @category eServices
 */
export interface Fee {
  readonly item: 'user account' | 'smartcard' | 'smartcard reader'
  /** The fee per unit in whole Hong Kong dollars. */
  readonly hkd: number
  /** The types of lines that incur it; empty if the unit is ordered elsewhere. */
  readonly lines: readonly EserviceLineType[]
  readonly phases: readonly Phase[]
  readonly rule: RuleId
}

/**
 * The one-off fees. Each account created on SCard 1 included a smartcard; readers were ordered on another
 * form.
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
 * Returns the one-off fee of a line that is submitted in a phase.
 *
 * @returns whole Hong Kong dollars; 0 if the line is free.
 * @rule ESV-14
 * @category eServices
 */
export const feeForLine = (line: EserviceLine, phase: Phase): number => {
  const units = line.type === 'buy-accounts' ? line.count : 1
  return feeSchedule
    .filter(({ lines, phases }) => lines.includes(line.type) && phases.includes(phase))
    .reduce((sum, { hkd }) => sum + hkd * units, 0)
}
