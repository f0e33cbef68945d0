import type { ClientConnectUser } from '../../../src/eservices/model/client-connect.ts'
import type {
  EserviceCommand,
  EserviceCommandOf,
  EserviceCommandType,
} from '../../../src/eservices/model/commands.ts'
import type { EserviceContents } from '../../../src/eservices/model/contents.ts'
import { eserviceDecider } from '../../../src/eservices/model/decide.ts'
import type { EserviceEvent } from '../../../src/eservices/model/events.ts'
import type { FormName } from '../../../src/eservices/model/forms.ts'
import type { EserviceLine } from '../../../src/eservices/model/lines.ts'
import type { EserviceRules } from '../../../src/eservices/model/rules.ts'
import type { Eservice, EserviceStage } from '../../../src/eservices/model/state.ts'
import { foldEvents } from '../../../src/kernel/decider.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'

export const rules: EserviceRules = defaultPolicy

/** 7 February 2023, 10:43 in Hong Kong. */
export const morning = Date.UTC(2023, 1, 7, 2, 43)

const user = (id: string, name: string, roles: ClientConnectUser['roles']): ClientConnectUser => ({
  id,
  name,
  email: `${id}@abc.example`,
  participant: 'B01234',
  rights: ['EU_UserMaintenance'],
  roles,
})

export const cheung = user('c.cheung', 'C Cheung', ['Maker'])
export const wong = user('d.wong', 'D Wong', ['Checker'])
export const lee = user('e.lee', 'E Lee', ['Checker'])
/** A user with both roles, for the checks that one person must not take both parts. */
export const both = user('f.ho', 'F Ho', ['Maker', 'Checker'])

/** A form that registers a DA's email, as in the briefing. */
export const change = (userId = 'B01234X1', email = 'abc@bank.example'): EserviceLine => ({
  type: 'change',
  userId,
  changes: { email },
})

export const unlock = (userId: string, email: string): EserviceLine => ({
  type: 'status',
  userId,
  email,
  action: 'unlock',
})

export const add = (surname = 'Chan'): EserviceLine => ({
  type: 'add',
  profile: { surname, otherNames: 'Tai Man', email: 'tm.chan@bank.example' },
})

export const contents = (...lines: readonly EserviceLine[]): EserviceContents => ({
  clearingHouse: 'HKSCC',
  lines,
  contact: { name: 'AAA', email: 'aaa@bank.example', telephone: '29797111' },
  declared: true,
})

type Given<T extends EserviceCommandType> = Partial<Omit<EserviceCommandOf<T>, 'type'>>

const fitting: { readonly [T in EserviceCommandType]: () => Omit<EserviceCommandOf<T>, 'type' | 'at'> } = {
  Draft: () => ({ actor: cheung, form: 'DA 3', contents: contents(change()) }),
  Edit: () => ({ actor: cheung, contents: contents(change('B01234X2')) }),
  Discard: () => ({ actor: cheung }),
  Submit: () => ({ actor: cheung, phase: 'registration', reference: 'DA3_00013361' }),
  Reclaim: () => ({ actor: cheung }),
  Claim: () => ({ actor: wong }),
  TakeOver: () => ({ actor: lee }),
  Release: () => ({ actor: wong }),
  Refer: () => ({ actor: wong, to: lee }),
  Revert: () => ({ actor: wong, remark: 'Wrong email' }),
  Confirm: () => ({ actor: wong, phase: 'registration' }),
  View: () => ({ actor: cheung }),
  ProcessLine: () => ({ line: 0, outcome: { kind: 'accepted' } }),
  Complete: () => ({}),
}

/** A command of a typical history; given fields replace the typical ones. */
export const command = <T extends EserviceCommandType>(type: T, given: Given<T> = {}): EserviceCommand =>
  ({ type, at: morning, ...fitting[type](), ...given }) as EserviceCommand

/** The form after commands; a refused one changes nothing. */
export const stateAfter = (...commands: readonly EserviceCommand[]): Eservice =>
  commands.reduce<Eservice>(
    (state, each) =>
      eserviceDecider.decide(state, each, rules).match(
        (events) => foldEvents(eserviceDecider.evolve, state, events),
        () => state,
      ),
    eserviceDecider.initial,
  )

/** A form at a stage, by the typical path. */
export const at = <S extends EserviceStage>(
  stage: S,
  given: { readonly draft?: Given<'Draft'>; readonly submit?: Given<'Submit'> } = {},
): Extract<Eservice, { stage: S }> => {
  const { draft = {}, submit = {} } = given
  const begun = [command('Draft', draft)]
  const submitted = [...begun, command('Submit', submit)]
  const claimed = [...submitted, command('Claim')]
  const phase = submit.phase ?? 'registration'
  const sent = [...claimed, command('Confirm', { phase })]
  const lines = (draft.contents ?? contents(change())).lines.map((_, line) =>
    command('ProcessLine', { line }),
  )
  const ways: Record<EserviceStage, readonly EserviceCommand[]> = {
    Unknown: [],
    Draft: begun,
    ReadyToSend: submitted,
    Claimed: claimed,
    SentToHkex: sent,
    Completed: [...sent, ...lines, command('Complete')],
    Discarded: [...begun, command('Discard')],
  }
  const state = stateAfter(...ways[stage])
  if (state.stage !== stage) throw new Error(`${state.stage} is not ${stage}`)
  return state as Extract<Eservice, { stage: S }>
}

/** A submission of a form with these contents; default phase: from launch. */
export const submission = (
  filled: EserviceContents,
  given: Given<'Submit'> & { readonly form?: FormName; readonly actor?: ClientConnectUser } = {},
) => {
  const { form = 'DA 3', actor = cheung, ...rest } = given
  const references: Record<FormName, string> = {
    'DA 3': 'DA3_00013361',
    'DA 4': 'DA4_00000007',
    'SCard 1': 'SCard1_00000001',
  }
  return decided(
    stateAfter(command('Draft', { form, actor, contents: filled })),
    command('Submit', { phase: 'parallel-run', reference: references[form], actor, ...rest }),
  )
}

/** The events of a command, or its refusal, in one line: `maker-as-checker ESV-12`. */
export const decided = (
  state: Eservice,
  given: EserviceCommand,
  under: EserviceRules = rules,
): readonly EserviceEvent[] | string =>
  eserviceDecider.decide(state, given, under).match<readonly EserviceEvent[] | string>(
    (events) => events,
    ({ reason, rule }) => `${reason} ${rule}`,
  )

/** The types of the events of a command, or its refusal. */
export const outcome = (state: Eservice, given: EserviceCommand, under: EserviceRules = rules) => {
  const events = decided(state, given, under)
  return typeof events === 'string' ? events : events.map(({ type }) => type).join(' ')
}

/** The types of the events of a submission, or its refusal. */
export const submitted = (...given: Parameters<typeof submission>) => {
  const events = submission(...given)
  return typeof events === 'string' ? events : events.map(({ type }) => type).join(' ')
}
