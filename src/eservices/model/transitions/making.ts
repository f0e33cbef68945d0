import { personOf } from '../client-connect.ts'
import type { EserviceCommandOf } from '../commands.ts'
import type { EserviceEventOf } from '../events.ts'
import { formChecks } from '../form-checks.ts'
import { isReferenceOf } from '../reference.ts'
import type { DraftForm } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { reclaimSentRows } from './checking.ts'
import {
  anotherMaker,
  breaks,
  deniedRows,
  existingStages,
  type UserCommandType,
  wrongStatus,
} from './common.ts'

const draftRows: readonly Row[] = [
  ...deniedRows('Draft', 'Maker', ['Unknown']),
  on('Draft')
    .from('Unknown')
    .emit(['FormDrafted'], 'Draft', 'ESV-01', (_, { at, actor, form, contents, clonedFrom }) => [
      {
        type: 'FormDrafted',
        at,
        rule: 'ESV-01',
        by: personOf(actor),
        form,
        participant: actor.participant,
        contents,
        ...(clonedFrom === undefined ? {} : { clonedFrom }),
      },
    ]),
  on('Draft')
    .from(...existingStages)
    .refuse('form-exists', 'ESV-02'),
]

/** Refuses a user who is not the maker of this form. */
const onlyItsMaker = (
  type: UserCommandType,
  stages: readonly (typeof existingStages)[number][] = existingStages,
): readonly Row[] => [
  on(type).from('Unknown').refuse('no-such-form', 'ESV-02'),
  ...deniedRows(type, 'Maker', stages),
  on(type)
    .from(...stages)
    .when(anotherMaker)
    .refuse('not-its-maker', 'ESV-12'),
]

const editRows: readonly Row[] = [
  ...onlyItsMaker('Edit'),
  on('Edit')
    .from('Draft')
    .emit(['FormEdited'], 'same', 'ESV-01', (_, { at, actor, contents }) => [
      { type: 'FormEdited', at, rule: 'ESV-01', by: personOf(actor), contents },
    ]),
  wrongStatus('Edit', 'Draft'),
]

const discardRows: readonly Row[] = [
  ...onlyItsMaker('Discard'),
  on('Discard')
    .from('Draft')
    .emit(['FormDiscarded'], 'Discarded', 'ESV-11', (_, { at, actor }) => [
      { type: 'FormDiscarded', at, rule: 'ESV-11', by: personOf(actor) },
    ]),
  wrongStatus('Discard', 'Draft'),
]

const submit = on('Submit').from('Draft')

const hasReference = guard('it has a number already', ({ reference }: DraftForm) => reference !== undefined)
const badReference = guard(
  'the reserved number is not one of this form',
  ({ form }: DraftForm, { reference }: EserviceCommandOf<'Submit'>) => !isReferenceOf(form, reference),
  ['reference'],
)

const submitted = (
  { at, actor }: EserviceCommandOf<'Submit'>,
  reference: string,
): EserviceEventOf<'FormSubmitted'> => ({
  type: 'FormSubmitted',
  at,
  rule: 'ESV-02',
  by: personOf(actor),
  reference,
})

const submitRows: readonly Row[] = [
  ...onlyItsMaker('Submit'),
  ...formChecks.map((check) => submit.when(breaks(check)).refuse(check.reason, check.rule)),
  submit
    .when(hasReference)
    .emit(['FormSubmitted'], 'ReadyToSend', 'ESV-02', ({ reference = '' }, command) => [
      submitted(command, reference),
    ]),
  submit.when(badReference).refuse('malformed-reference', 'ESV-03'),
  submit.emit(
    ['FormSubmitted'],
    'ReadyToSend',
    'ESV-02',
    (_, command) => [submitted(command, command.reference)],
    ['reference'],
  ),
  wrongStatus('Submit', 'Draft'),
]

const reclaimRows: readonly Row[] = [
  ...reclaimSentRows,
  ...onlyItsMaker(
    'Reclaim',
    existingStages.filter((stage) => stage !== 'SentToHkex'),
  ),
  on('Reclaim')
    .from('ReadyToSend')
    .emit(['FormReclaimed'], 'Draft', 'ESV-11', (_, { at, actor }) => [
      { type: 'FormReclaimed', at, rule: 'ESV-11', by: personOf(actor) },
    ]),
  on('Reclaim').from('Claimed').refuse('already-claimed', 'ESV-11'),
  wrongStatus('Reclaim', 'ReadyToSend', 'Claimed', 'SentToHkex'),
]

/** The maker's transitions: from nothing to a submitted form. */
export const makingRows: readonly Row[] = [
  ...draftRows,
  ...editRows,
  ...discardRows,
  ...submitRows,
  ...reclaimRows,
]
