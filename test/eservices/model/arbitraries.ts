import fc from 'fast-check'
import { phases } from '../../../src/access-control/timeline.ts'
import type { ClientConnectUser, WorkflowRole } from '../../../src/eservices/model/client-connect.ts'
import {
  type EserviceCommand,
  type EserviceCommandOf,
  type EserviceCommandType,
  eserviceCommandTypes,
} from '../../../src/eservices/model/commands.ts'
import type { EserviceContents } from '../../../src/eservices/model/contents.ts'
import { formNames } from '../../../src/eservices/model/forms.ts'
import type { EserviceLine } from '../../../src/eservices/model/lines.ts'
import type { Eservice, LineOutcome } from '../../../src/eservices/model/state.ts'
import type { UserId } from '../../../src/identity/user-id.ts'
import { add, change, contents, morning } from './support.ts'

const often = <T>(usual: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>, weight = 9) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: seldom })

/** A few user names and mailboxes, so that they occur again in other spellings. */
const id = () =>
  often(fc.constantFrom('a', 'A', 'b', 'B', 'c', 'd'), fc.constantFrom('а', 'ａ', 'a ', ''), 30)
const email = () =>
  often(
    fc.constantFrom('a@x.example', 'A@X.example', 'b@x.example', 'c@x.example', 'd@x.example'),
    fc.string(),
    30,
  )

export const anyone = (): fc.Arbitrary<ClientConnectUser> =>
  fc.record({
    id: id(),
    name: fc.constantFrom('A', 'B'),
    email: email(),
    participant: often(fc.constant('B01234'), fc.constantFrom('BNK999', 'HKABC', ''), 15),
    rights: often(fc.constant<readonly string[]>(['EU_UserMaintenance']), fc.constant([]), 15),
    roles: often(
      fc.constant<readonly WorkflowRole[]>(['Maker', 'Checker']),
      fc.constantFrom<readonly WorkflowRole[]>(['Maker'], ['Checker'], []),
      6,
    ),
  })

const userId = () =>
  often(
    fc.constantFrom('B01234X1', 'b01234x1', 'B01234X2', 'B01234Y3', 'B01234Z9'),
    fc.constantFrom('B0123401', 'B09999X1', 'none', 'HKABC1X1'),
  )

const line = (): fc.Arbitrary<EserviceLine> =>
  fc.oneof(
    userId().map((each) => change(each)),
    userId().map((each) => change(each)),
    fc.constant(add()),
    fc.record({
      type: fc.constant('status' as const),
      userId: userId(),
      email: email(),
      action: fc.constantFrom('unlock' as const, 'enable' as const, 'disable' as const),
    }),
    fc.record({ type: fc.constant('delete' as const), userId: userId() }),
    fc.record({ type: fc.constant('reset-smartcard-password' as const), userId: userId() }),
    fc.constant({
      type: 'add-user',
      profile: { surname: 'A', otherNames: 'B', email: 'a@x.example' },
    } as const),
    fc.record({
      type: fc.constant('buy-accounts' as const),
      count: fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.double()),
    }),
    fc.record({
      type: fc.constant('change' as const),
      userId: userId(),
      changes: fc.constantFrom({}, { surname: 'A' }, { userGroups: ['AA'] }, { status: 'ENABLED' as const }),
    }),
  )

const filled = (): fc.Arbitrary<EserviceContents> =>
  fc
    .record({
      lines: often(fc.array(line(), { minLength: 1, maxLength: 3 }), fc.array(line(), { maxLength: 6 })),
      clearingHouse: often(fc.constant('HKSCC' as const), fc.constantFrom('HKCC' as const, 'SEOCH' as const)),
      declared: often(fc.constant(true), fc.constant(false)),
      named: often(fc.constant(true), fc.constant(false)),
    })
    .map(({ named, lines, ...rest }) => {
      const { contact, ...usual } = contents(...lines)
      return { ...usual, ...rest, contact: named ? contact : { ...contact, name: ' ' } }
    })

const outcome = (): fc.Arbitrary<LineOutcome> =>
  fc.constantFrom<LineOutcome>(
    { kind: 'accepted' },
    { kind: 'accepted', userId: 'B01234X9' as UserId },
    { kind: 'refused', reason: 'email-differs', rule: 'ESV-10' },
  )

const phase = () => fc.constantFrom(...phases)
const byUser = () => fc.record({ actor: anyone() })

const of: {
  readonly [T in EserviceCommandType]: () => fc.Arbitrary<Omit<EserviceCommandOf<T>, 'type' | 'at'>>
} = {
  Draft: () => fc.record({ actor: anyone(), form: fc.constantFrom(...formNames), contents: filled() }),
  Edit: () => fc.record({ actor: anyone(), contents: filled() }),
  Discard: byUser,
  Submit: () =>
    fc.record({
      actor: anyone(),
      phase: phase(),
      reference: fc.constantFrom('DA3_00000001', 'DA3_00000001', 'DA4_00000001', 'SCard1_00000001'),
    }),
  Reclaim: byUser,
  Claim: byUser,
  TakeOver: byUser,
  Release: byUser,
  Refer: () => fc.record({ actor: anyone(), to: anyone() }),
  Revert: () => fc.record({ actor: anyone(), remark: fc.constantFrom('again', ' ') }),
  Confirm: () => fc.record({ actor: anyone(), phase: phase() }),
  View: byUser,
  ProcessLine: () =>
    fc.record({ line: often(fc.nat({ max: 3 }), fc.oneof(fc.double(), fc.integer())), outcome: outcome() }),
  Complete: () => fc.constant({}),
}

/** Any command. */
export const anyCommand = (): fc.Arbitrary<EserviceCommand> =>
  fc
    .constantFrom(...eserviceCommandTypes)
    .chain((type) =>
      fc
        .tuple(of[type](), fc.integer({ min: -5, max: 5 }))
        .map(([rest, after]) => ({ type, at: morning + after, ...rest }) as EserviceCommand),
    )

/** The commands that lead forward or back from each stage. */
const onward: Readonly<Record<Eservice['stage'], readonly EserviceCommandType[]>> = {
  Unknown: ['Draft'],
  Draft: ['Submit', 'Submit', 'Submit', 'Submit', 'Edit', 'Discard'],
  ReadyToSend: ['Claim', 'Claim', 'Claim', 'Reclaim'],
  Claimed: ['Confirm', 'Confirm', 'Confirm', 'Release', 'Refer', 'Revert', 'TakeOver'],
  SentToHkex: ['ProcessLine', 'ProcessLine', 'Complete', 'Reclaim'],
  Completed: ['Complete', 'ProcessLine'],
  Discarded: ['Submit'],
}

/** All commands of one step; the step uses the one that is allowed, mostly by the right person. */
export const steps = (maxLength: number) =>
  fc.array(
    fc.record({
      all: fc.record({
        Draft: of.Draft(),
        Edit: of.Edit(),
        Discard: of.Discard(),
        Submit: of.Submit(),
        Reclaim: of.Reclaim(),
        Claim: of.Claim(),
        TakeOver: of.TakeOver(),
        View: of.View(),
        Release: of.Release(),
        Refer: of.Refer(),
        Revert: of.Revert(),
        Confirm: of.Confirm(),
        ProcessLine: of.ProcessLine(),
        Complete: of.Complete(),
      }),
      type: fc.constantFrom(...eserviceCommandTypes),
      leadsOn: often(fc.constant(true), fc.constant(false), 5),
      rightPerson: often(fc.constant(true), fc.constant(false), 3),
      pick: fc.nat({ max: 60 }),
    }),
    { maxLength, size: 'max' },
  )

type StepGiven = ReturnType<typeof steps> extends fc.Arbitrary<(infer S)[]> ? S : never

/** The person who can take the next step, if the form determines one. */
const partOf = (state: Eservice, type: EserviceCommandType) => {
  if (state.stage === 'Unknown') return undefined
  if (state.stage === 'SentToHkex' && type === 'Reclaim') return state.checker
  if (['Edit', 'Discard', 'Submit', 'Reclaim'].includes(type)) return state.maker
  return state.stage === 'Claimed' && type !== 'Claim' && type !== 'TakeOver' ? state.claimant : undefined
}

/** The command of a step for a form. */
export const commandAt = (state: Eservice, step: StepGiven, at: number): EserviceCommand => {
  const ways = onward[state.stage]
  const type = step.leadsOn ? (ways[step.pick % ways.length] ?? 'Complete') : step.type
  const given = step.all[type] as { readonly actor?: ClientConnectUser }
  const person = step.rightPerson ? partOf(state, type) : undefined
  const actor =
    given.actor === undefined || person === undefined ? {} : { actor: { ...given.actor, ...person } }
  return { type, at, ...given, ...actor } as EserviceCommand
}

/** A form with arbitrary contents that its maker submits at any time. */
export const anySubmission = (): fc.Arbitrary<
  Pick<EserviceCommandOf<'Draft'>, 'form' | 'contents'> & Pick<EserviceCommandOf<'Submit'>, 'phase'>
> => fc.record({ form: fc.constantFrom(...formNames), contents: filled(), phase: phase() })
