import type { Phase } from '../../access-control/timeline.ts'
import { isDayRange } from '../../fields/day-range.ts'
import type { ParticipantKey, ParticipantType } from '../../identity/participant.ts'
import { parseUserId } from '../../identity/user-id.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { type ClearingHouse, type EserviceContents, isComplete } from './contents.ts'
import { changeableFields, type FormName, offeredLines } from './forms.ts'
import { type EserviceLine, maxAccountsPerForm, userIdOf } from './lines.ts'
import type { InvalidFormReason } from './refusal-reason.ts'
import type { EserviceRules } from './rules.ts'

/** A form at the moment of submitting or sending it. */
export interface FilledForm {
  readonly form: FormName
  readonly participant: ParticipantKey
  readonly contents: EserviceContents
  readonly phase: Phase
}

/** One problem of a form; with `line`, a problem of that line, counted from 0. */
export interface FormProblem {
  readonly reason: InvalidFormReason
  readonly rule: RuleId
  readonly line?: number
}

/** One requirement of a form, with the text by which the table names its violation. */
export interface FormCheck {
  readonly reason: InvalidFormReason
  readonly rule: RuleId
  readonly says: string
  /** Whether a change of phase can violate it. It is then checked again when the form is sent. */
  readonly ofPhase: boolean
  /** Returns the lines that violate it, or `form` if the whole form does. */
  readonly broken: (filled: FilledForm, rules: EserviceRules) => readonly (number | 'form')[]
}

const ofForm = (
  reason: InvalidFormReason,
  rule: RuleId,
  says: string,
  breaks: (filled: FilledForm, rules: EserviceRules) => boolean,
): FormCheck => ({
  reason,
  rule,
  says,
  ofPhase: false,
  broken: (filled, rules) => (breaks(filled, rules) ? ['form'] : []),
})

const ofLines = (
  reason: InvalidFormReason,
  rule: RuleId,
  says: string,
  breaks: (line: EserviceLine, filled: FilledForm, rules: EserviceRules, place: number) => boolean,
  ofPhase = false,
): FormCheck => ({
  reason,
  rule,
  says,
  ofPhase,
  broken: (filled, rules) =>
    filled.contents.lines.flatMap((line, place) => (breaks(line, filled, rules, place) ? [place] : [])),
})

/**
 * The participant types whose User IDs begin with a key: HKSCC or DB, both HKCC and SEOCH (ID-10), or none if
 * it is not a participant key.
 */
export const typesOfParticipant = (participant: ParticipantKey): readonly ParticipantType[] =>
  // Builds a User ID of that participant, if it is one. HKCC and SEOCH have a group digit before the suffix.
  parseUserId(`${participant.padEnd(6, '1')}01`).match(
    (id) => (id.participant === participant ? id.types : []),
    () => [],
  )

const housesOf = (participant: ParticipantKey): readonly ClearingHouse[] =>
  typesOfParticipant(participant).map((type) => (type === 'DB' ? 'HKSCC' : type))

const read = (line: EserviceLine, { userId }: EserviceRules) => {
  const typed = userIdOf(line)
  return typed === undefined ? undefined : parseUserId(typed, userId.seochAdministratorOrder)
}

/** Parses the User ID of a line; `undefined` if the line has none or it is invalid. */
const idOf = (line: EserviceLine, rules: EserviceRules) =>
  read(line, rules)?.match(
    (id) => id,
    () => undefined,
  )

const isOffered = (line: EserviceLine, { form, phase }: FilledForm) =>
  offeredLines.some((row) => row.form === form && row.line === line.type && row.phases.includes(phase))

const fieldsOf = (line: EserviceLine) =>
  line.type === 'change'
    ? Object.entries(line.changes).flatMap(([field, value]) => (value === undefined ? [] : [field]))
    : []

const isChangeable = (field: string, { form, phase }: FilledForm) =>
  changeableFields.some((row) => row.form === form && row.field === field && row.phases.includes(phase))

const offered = (form: FormName, rule: RuleId) =>
  ofLines(
    'line-not-on-form',
    rule,
    `it is ${form}, and a line is not offered on it in this phase`,
    (line, filled) => filled.form === form && !isOffered(line, filled),
    true,
  )

/**
 * The requirements for submitting a form, in the order in which they are checked.
 *
 * @rule ESV-04
 * @rule ESV-05
 * @rule ESV-06
 * @rule ESV-07
 * @rule MNT-06
 */
export const formChecks: readonly FormCheck[] = [
  ofForm(
    'declaration-not-ticked',
    'ESV-07',
    'the declaration is not ticked',
    ({ contents }) => !contents.declared,
  ),
  ofForm(
    'contact-incomplete',
    'ESV-07',
    'name, email or telephone of the contact person is missing',
    ({ contents }) => !isComplete(contents.contact),
  ),
  ofForm(
    'other-clearing-house',
    'ESV-06',
    'the participant is none of the house that the form names',
    ({ participant, contents }) => !housesOf(participant).includes(contents.clearingHouse),
  ),
  ofForm('no-lines', 'ESV-04', 'it has no line', ({ contents }) => contents.lines.length === 0),
  ofForm(
    'too-many-lines',
    'ESV-05',
    'it has more lines than DA profiles are allowed in one form',
    ({ contents }, { eservice }) => contents.lines.length > eservice.maxAdministratorProfiles,
  ),
  ofForm(
    'too-many-lines',
    'ESV-14',
    'it is DA 4, and has more than one line',
    ({ form, contents }) => form === 'DA 4' && contents.lines.length > 1,
  ),
  offered('DA 3', 'ESV-04'),
  offered('DA 4', 'ESV-14'),
  offered('SCard 1', 'MNT-06'),
  ofLines(
    'field-not-on-form',
    'MNT-10',
    'a line gives a Delegated Administrator user groups before decommissioning',
    (line, filled) => fieldsOf(line).includes('userGroups') && !isChangeable('userGroups', filled),
    true,
  ),
  ofLines(
    'field-not-on-form',
    'ESV-04',
    'a line changes what the form does not change in this phase',
    (line, filled) => fieldsOf(line).some((field) => field !== 'userGroups' && !isChangeable(field, filled)),
    true,
  ),
  ofLines(
    'unknown-user-group',
    'FLD-06',
    "a line gives a user group that is not on the host's list",
    (line, _, { profile }) =>
      line.type === 'change' &&
      profile.userGroups.length > 0 &&
      (line.changes.userGroups ?? []).some((group) => !profile.userGroups.includes(group)),
  ),
  ofLines(
    'nothing-to-change',
    'ESV-04',
    'a line changes nothing',
    (line) => line.type === 'change' && fieldsOf(line).length === 0,
  ),
  ofLines(
    'malformed-user-id',
    'ID-01',
    'a User ID is none',
    (line, _, rules) => read(line, rules)?.isErr() ?? false,
  ),
  ofLines(
    'line-of-other-participant',
    'ESV-06',
    "a User ID is another participant's",
    (line, { participant }, rules) => (idOf(line, rules)?.participant ?? participant) !== participant,
  ),
  ofLines(
    'not-an-administrator',
    'MNT-07',
    "a User ID is a user's, whom a Delegated Administrator looks after",
    (line, _, rules) => idOf(line, rules)?.role === 'User',
  ),
  ofLines('duplicate-user-id', 'ESV-05', 'a User ID is named twice', (line, { contents }, rules, place) => {
    const id = idOf(line, rules)?.userId
    return (
      id !== undefined &&
      contents.lines.slice(0, place).some((earlier) => idOf(earlier, rules)?.userId === id)
    )
  }),
  ofLines(
    'dates-reversed',
    'FLD-04',
    'Enable From of a line is after its Disable After',
    (line) =>
      (line.type === 'change' && !isDayRange(line.changes)) ||
      ((line.type === 'add' || line.type === 'add-user') && !isDayRange(line.profile)),
  ),
  ofLines(
    'count-out-of-bounds',
    'ESV-14',
    'the number of accounts is not whole, under 1, or more than one form may buy',
    (line) =>
      line.type === 'buy-accounts' &&
      !(Number.isInteger(line.count) && line.count >= 1 && line.count <= maxAccountsPerForm),
  ),
]

/**
 * Finds everything that is wrong with a form at once, for example to show it before the form is submitted.
 *
 * @returns the problems, those of the whole form without a `line`; empty if the form can be submitted.
 * @rule ESV-04
 * @rule ESV-05
 * @rule ESV-06
 * @rule ESV-07
 */
export const formProblems = (filled: FilledForm, rules: EserviceRules): readonly FormProblem[] =>
  formChecks.flatMap(({ reason, rule, broken }) =>
    broken(filled, rules).map((place) => ({ reason, rule, ...(place === 'form' ? {} : { line: place }) })),
  )
