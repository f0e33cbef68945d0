import type { Phase } from '../../../access-control/timeline.ts'
import { asciiLowerCase } from '../../../kernel/ascii-case.ts'
import { isReadable, isSamePerson, userMaintenanceRight, type WorkflowRole } from '../client-connect.ts'
import type { ActorCommand, EserviceCommandType } from '../commands.ts'
import type { FilledForm, FormCheck } from '../form-checks.ts'
import type { EserviceForm, EserviceStage, ExistingEservice } from '../state.ts'
import { guard, on, type Row } from '../table.ts'

/** The stages of an existing form. */
export const existingStages = [
  'Draft',
  'ReadyToSend',
  'Claimed',
  'SentToHkex',
  'Completed',
  'Discarded',
] as const satisfies readonly EserviceStage[]

/** The commands of Client Connect users. */
export type UserCommandType = Exclude<EserviceCommandType, 'ProcessLine' | 'Complete'>

const unreadable = guard(
  "the actor's user name or email has characters other than visible ASCII",
  (_: unknown, { actor }: ActorCommand) => !isReadable(actor),
)
const elsewhere = guard(
  'the actor acts for another participant',
  ({ participant }: EserviceForm, { actor }: ActorCommand) => actor.participant !== participant,
)
const rightless = guard(
  `the actor has not the right ${userMaintenanceRight}`,
  (_: unknown, { actor }: ActorCommand) => !actor.rights.includes(userMaintenanceRight),
)
const not = (role: WorkflowRole) =>
  guard(
    `the actor is no ${asciiLowerCase(role)}`,
    (_: unknown, { actor }: ActorCommand) => !actor.roles.includes(role),
  )

/** Refuses a user without authority over new forms, or over this one. */
export const deniedRows = (
  type: UserCommandType,
  role: WorkflowRole,
  stages: readonly EserviceStage[],
): readonly Row[] => {
  const rows = on(type).from(...stages)
  const matching = existingStages.filter((stage) => stages.includes(stage))
  const atForm = on(type).from(...matching)
  return [
    rows.when(unreadable).refuse('unreadable-actor', 'ESV-12'),
    ...(matching.length === 0 ? [] : [atForm.when(elsewhere).refuse('other-participant', 'ESV-06')]),
    rows.when(rightless).refuse('no-right', 'ESV-01'),
    rows.when(not(role)).refuse(role === 'Maker' ? 'not-a-maker' : 'not-a-checker', 'ESV-01'),
  ]
}

const withoutRole = guard(
  'the actor is neither maker nor checker',
  (_: unknown, { actor }: ActorCommand) => actor.roles.length === 0,
)

/** Viewing a form requires its participant, the right and one of the roles. */
export const viewRows: readonly Row[] = [
  on('View').from('Unknown').refuse('no-such-form', 'ESV-02'),
  ...(() => {
    const view = on('View').from(...existingStages)
    return [
      view.when(unreadable).refuse('unreadable-actor', 'ESV-12'),
      view.when(elsewhere).refuse('other-participant', 'ESV-06'),
      view.when(rightless).refuse('no-right', 'ESV-18'),
      view.when(withoutRole).refuse('no-role', 'ESV-18'),
      view.emit([], 'same', 'ESV-18', () => []),
    ]
  })(),
]

/** Refuses a command at every stage for which it is not allowed. */
export const wrongStatus = (type: EserviceCommandType, ...right: readonly EserviceStage[]): Row =>
  on(type)
    .from(...existingStages.filter((stage) => !right.includes(stage)))
    .refuse('wrong-status', 'ESV-02')

/** A person other than the form's maker. */
export const anotherMaker = guard(
  'the form belongs to another maker',
  ({ maker }: EserviceForm, { actor }: ActorCommand) => !isSamePerson(maker, actor),
)

/** The form at the moment of a command. */
const filled = ({ form, participant, contents }: EserviceForm, phase: Phase): FilledForm => ({
  form,
  participant,
  contents,
  phase,
})

/** Turns a check of a form into a row's condition: the check fails. */
export const breaks = ({ says, broken }: FormCheck) =>
  guard(
    says,
    (
      form: Extract<ExistingEservice, { stage: 'Draft' | 'Claimed' }>,
      { phase }: { readonly phase: Phase },
      rules,
    ) => broken(filled(form, phase), rules).length > 0,
  )
