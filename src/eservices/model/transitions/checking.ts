import { canAct, couldBeSamePerson, isSamePerson, personOf } from '../client-connect.ts'
import type { ActorCommand, EserviceCommandOf } from '../commands.ts'
import { formChecks } from '../form-checks.ts'
import type { ClaimedForm, CompletedForm, EserviceForm, SentForm } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { breaks, deniedRows, existingStages, type UserCommandType, wrongStatus } from './common.ts'

const isMaker = guard('the actor may be its maker', ({ maker }: EserviceForm, { actor }: ActorCommand) =>
  couldBeSamePerson(maker, actor),
)

/** Refuses a user who is not a checker, or who is the maker of this form. */
const onlyACheckerOfIt = (type: UserCommandType): readonly Row[] => [
  on(type).from('Unknown').refuse('no-such-form', 'ESV-02'),
  ...deniedRows(type, 'Checker', existingStages),
  on(type)
    .from(...existingStages)
    .when(isMaker)
    .refuse('maker-as-checker', 'ESV-12'),
]

const claimRows: readonly Row[] = [
  ...onlyACheckerOfIt('Claim'),
  on('Claim')
    .from('ReadyToSend')
    .emit(['FormClaimed'], 'Claimed', 'ESV-02', (_, { at, actor }) => [
      { type: 'FormClaimed', at, rule: 'ESV-02', by: personOf(actor) },
    ]),
  on('Claim').from('Claimed').refuse('already-claimed', 'ESV-11'),
  wrongStatus('Claim', 'ReadyToSend', 'Claimed'),
]

const anotherClaimant = guard(
  'another checker has claimed it',
  ({ claimant }: ClaimedForm, { actor }: ActorCommand) => !isSamePerson(claimant, actor),
)

const ownClaim = guard('the actor has claimed it', ({ claimant }: ClaimedForm, { actor }: ActorCommand) =>
  isSamePerson(claimant, actor),
)

/** Other checkers can take over a form whose checker has left or lost the right. */
const takeOverRows: readonly Row[] = [
  ...onlyACheckerOfIt('TakeOver'),
  on('TakeOver').from('Claimed').when(ownClaim).refuse('already-claimed', 'ESV-17'),
  on('TakeOver')
    .from('Claimed')
    .emit(['FormTakenOver'], 'same', 'ESV-17', ({ claimant }, { at, actor }) => [
      { type: 'FormTakenOver', at, rule: 'ESV-17', by: personOf(actor), from: claimant },
    ]),
  wrongStatus('TakeOver', 'Claimed'),
]

/** Refuses a user who has not claimed this form. */
const onlyItsClaimant = (type: UserCommandType): readonly Row[] => [
  ...onlyACheckerOfIt(type),
  on(type).from('Claimed').when(anotherClaimant).refuse('not-the-claimant', 'ESV-11'),
]

const releaseRows: readonly Row[] = [
  ...onlyItsClaimant('Release'),
  on('Release')
    .from('Claimed')
    .emit(['FormReleased'], 'ReadyToSend', 'ESV-11', (_, { at, actor }) => [
      { type: 'FormReleased', at, rule: 'ESV-11', by: personOf(actor) },
    ]),
  wrongStatus('Release', 'Claimed'),
]

const refer = on('Refer').from('Claimed')

const unfit = guard(
  'the user to whom it is referred is not a checker of the participant with the right',
  ({ participant }: EserviceForm, { to }: EserviceCommandOf<'Refer'>) => !canAct('Checker', to, participant),
)
const toItsMaker = guard(
  'the user to whom it is referred could be its maker',
  ({ maker }: EserviceForm, { to }: EserviceCommandOf<'Refer'>) => couldBeSamePerson(maker, to),
)
const toOneself = guard(
  'the user to whom it is referred has claimed it',
  ({ claimant }: ClaimedForm, { to }: EserviceCommandOf<'Refer'>) => isSamePerson(claimant, to),
)

const referRows: readonly Row[] = [
  ...onlyItsClaimant('Refer'),
  refer.when(unfit).refuse('unfit-checker', 'ESV-01'),
  refer.when(toItsMaker).refuse('maker-as-checker', 'ESV-12'),
  refer.when(toOneself).refuse('referred-to-oneself', 'ESV-11'),
  refer.emit(['FormReferred'], 'same', 'ESV-11', (_, { at, actor, to }) => [
    { type: 'FormReferred', at, rule: 'ESV-11', by: personOf(actor), to: personOf(to) },
  ]),
  wrongStatus('Refer', 'Claimed'),
]

const blank = guard(
  'the remark is blank',
  (_: ClaimedForm, { remark }: EserviceCommandOf<'Revert'>) => remark.trim() === '',
)

const revertRows: readonly Row[] = [
  ...onlyItsClaimant('Revert'),
  on('Revert').from('Claimed').when(blank).refuse('no-remark', 'ESV-11'),
  on('Revert')
    .from('Claimed')
    .emit(['FormReverted'], 'Draft', 'ESV-11', (_, { at, actor, remark }) => [
      { type: 'FormReverted', at, rule: 'ESV-11', by: personOf(actor), remark },
    ]),
  wrongStatus('Revert', 'Claimed'),
]

const confirm = on('Confirm').from('Claimed')

const confirmRows: readonly Row[] = [
  ...onlyItsClaimant('Confirm'),
  // A form that was submitted before launch can be confirmed after it, so what the phase forbids is checked
  // again.
  ...formChecks
    .filter(({ ofPhase }) => ofPhase)
    .map((check) => confirm.when(breaks(check)).refuse(check.reason, check.rule)),
  confirm.emit(['FormConfirmed'], 'SentToHkex', 'ESV-02', (_, { at, actor }) => [
    { type: 'FormConfirmed', at, rule: 'ESV-02', by: personOf(actor) },
  ]),
  wrongStatus('Confirm', 'Claimed'),
]

const anotherChecker = guard(
  'another checker sent it to HKEX',
  ({ checker }: SentForm, { actor }: ActorCommand) => !isSamePerson(checker, actor),
)
const isProcessingStarted = guard(
  'HKEX has processed a line',
  ({ processed }: SentForm) => processed.length > 0,
)

const reclaimSent = on('Reclaim').from('SentToHkex')

const itsChecker = guard(
  'its checker, who can still check, sent it to HKEX',
  ({ checker, participant }: CompletedForm, { actor }: ActorCommand) =>
    canAct('Checker', actor, participant) && isSamePerson(checker, actor),
)

/** The checker who sent a form can take it back until HKEX begins. The maker's rows come after these. */
export const reclaimSentRows: readonly Row[] = [
  ...deniedRows('Reclaim', 'Checker', ['SentToHkex']),
  reclaimSent.when(anotherChecker).refuse('not-its-checker', 'ESV-16'),
  reclaimSent.when(isProcessingStarted).refuse('already-processed', 'ESV-16'),
  reclaimSent.emit(['FormReclaimed'], 'Claimed', 'ESV-16', (_, { at, actor }) => [
    { type: 'FormReclaimed', at, rule: 'ESV-16', by: personOf(actor) },
  ]),
  on('Reclaim').from('Completed').when(itsChecker).refuse('already-processed', 'ESV-16'),
]

/** The checker's transitions: from a submitted form to HKEX, or back. */
export const checkingRows: readonly Row[] = [
  ...claimRows,
  ...takeOverRows,
  ...releaseRows,
  ...referRows,
  ...revertRows,
  ...confirmRows,
]
