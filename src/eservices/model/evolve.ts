import type { EserviceEvent, EserviceEventOf } from './events.ts'
import type { DraftForm, Eservice, NumberedForm } from './state.ts'

/** The fields that a numbered form keeps when its stage changes. */
const kept = ({ form, participant, maker, contents, since, reference }: NumberedForm): NumberedForm => ({
  form,
  participant,
  maker,
  contents,
  since,
  reference,
})

const drafted = ({
  at,
  by: maker,
  form,
  participant,
  contents,
}: EserviceEventOf<'FormDrafted'>): DraftForm => ({
  stage: 'Draft',
  form,
  participant,
  maker,
  contents,
  since: at,
})

const submitted = (draft: DraftForm, { at, reference }: EserviceEventOf<'FormSubmitted'>): Eservice => ({
  ...kept({ ...draft, reference }),
  since: at,
  stage: 'ReadyToSend',
})

const discarded = ({ remark: _, ...draft }: DraftForm, at: number): Eservice => ({
  ...draft,
  since: at,
  stage: 'Discarded',
})

/**
 * Applies one event to a form. An event that is impossible at its stage changes nothing.
 *
 * @rule AUD-01
 */
export const evolveEservice = (state: Eservice, event: EserviceEvent): Eservice => {
  switch (event.type) {
    case 'FormDrafted':
      return state.stage === 'Unknown' ? drafted(event) : state
    case 'FormEdited':
      return state.stage === 'Draft' ? { ...state, contents: event.contents } : state
    case 'FormSubmitted':
      return state.stage === 'Draft' ? submitted(state, event) : state
    case 'FormReclaimed':
      if (state.stage === 'SentToHkex')
        return {
          ...kept(state),
          since: event.at,
          stage: 'Claimed',
          claimant: state.checker,
          claimedAt: event.at,
        }
      return state.stage === 'ReadyToSend' ? { ...kept(state), since: event.at, stage: 'Draft' } : state
    case 'FormClaimed':
      return state.stage === 'ReadyToSend'
        ? { ...state, stage: 'Claimed', claimant: event.by, claimedAt: event.at }
        : state
    case 'FormTakenOver':
      return state.stage === 'Claimed' ? { ...state, claimant: event.by, claimedAt: event.at } : state
    case 'FormReleased':
      return state.stage === 'Claimed' ? { ...kept(state), stage: 'ReadyToSend' } : state
    case 'FormReferred':
      return state.stage === 'Claimed' ? { ...state, claimant: event.to, claimedAt: event.at } : state
    case 'FormReverted': {
      if (state.stage !== 'Claimed') return state
      const remark = { by: event.by, at: event.at, text: event.remark }
      return { ...kept(state), since: event.at, stage: 'Draft', remark }
    }
    case 'FormConfirmed':
      return state.stage === 'Claimed'
        ? { ...kept(state), since: event.at, stage: 'SentToHkex', checker: state.claimant, processed: [] }
        : state
    case 'FormDiscarded':
      return state.stage === 'Draft' ? discarded(state, event.at) : state
    case 'LineProcessed': {
      if (state.stage !== 'SentToHkex') return state
      const { line, outcome, at } = event
      return { ...state, processed: [...state.processed, { line, outcome, at }] }
    }
    case 'FormCompleted':
      return state.stage === 'SentToHkex' ? { ...state, since: event.at, stage: 'Completed' } : state
    case 'CommandRefused':
      return state
  }
}
