import type { AccountCommand } from '../../account/commands.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { type ParticipantCommand, participantDecider } from '../../participant/decide.ts'
import { accountTotals } from '../../participant/state.ts'
import { type Decision, decideIn } from './account-operations.ts'
import { asUserId, type Expected, type ModelState, type OperationOf } from './model-state.ts'

const done = (decision: Decision, rule: RuleId, bearing: readonly RuleId[] = []): Expected => {
  const { refused, events, after, command } = decision
  const decisive = refused?.rule ?? events.at(-1)?.rule ?? rule
  return {
    ...{ after, accepted: refused === undefined, rule: decisive, events, command },
    exercised: [...events.map((event) => event.rule), decisive, ...bearing],
    bearing: refused === undefined ? bearing : [],
    ...(refused === undefined ? {} : { reason: refused.reason }),
  }
}

/** Creates or deletes an account. Its participant's record changes with it, or neither changes. */
export const provisionIn = (
  model: ModelState,
  userId: string,
  toParticipant: ParticipantCommand,
  toAccount: AccountCommand,
): Decision => {
  const before = model.accounts[userId] ?? { stage: 'Unknown' }
  return participantDecider.decide(model.participant, toParticipant, model.policy).match<Decision>(
    (events) => {
      const participant = events.reduce(participantDecider.evolve, model.participant)
      const decision = decideIn({ ...model, participant }, userId, toAccount)
      return decision.refused === undefined ? decision : { ...decision, after: model }
    },
    // Reasons of participants and of accounts are different types with the same shape.
    (refused) => ({
      command: toAccount,
      before,
      after: model,
      events: [],
      refused: refused as Decision['refused'] & object,
    }),
  )
}

/** Creates an account, as an administrator. */
export const createAccount = (model: ModelState, input: OperationOf<'createAccount'>): Expected => {
  const at = model.now
  const userId = asUserId(input.userId)
  const limited = accountTotals(model.participant).maximum !== undefined
  const decision = provisionIn(
    model,
    userId,
    { type: 'AllocateUserIds', at, ids: [{ userId, role: input.role }], enforceMaximum: limited },
    { type: 'Register', at, userId, role: input.role, origin: 'created', email: input.email },
  )
  return done(decision, 'ACC-01', ['ID-12', ...(limited ? (['QTA-03'] as const) : [])])
}

/** Deletes, disables, enables or unlocks an account, as an administrator. */
export const administer = (
  model: ModelState,
  input: OperationOf<'deleteAccount' | 'setStatus' | 'unlock'>,
): Expected => {
  const at = model.now
  const { userId } = input
  switch (input.op) {
    case 'deleteAccount': {
      const release = { type: 'ReleaseQuota', at, userId: asUserId(userId) } as const
      return done(provisionIn(model, userId, release, { type: 'Delete', at }), 'ID-12', ['QTA-02'])
    }
    case 'unlock':
      return done(decideIn(model, userId, { type: 'Unlock', at }), 'ACC-07', ['ACC-08'])
    case 'setStatus': {
      const changes = { status: input.status }
      const decision = decideIn(model, userId, { type: 'ChangeProfile', at, changes })
      return done(decision, 'ACC-05', input.status === 'DISABLED' ? ['ACC-15'] : [])
    }
  }
}

/** Sets how many accounts the participant may have. */
export const setMaximum = (model: ModelState, { maximum }: OperationOf<'setMaximum'>): Expected => {
  const events = participantDecider
    .decide(model.participant, { type: 'SetMaximum', at: model.now, maximum }, model.policy)
    .unwrapOr([])
  const participant = events.reduce(participantDecider.evolve, model.participant)
  const after = { ...model, participant }
  return { after, accepted: true, rule: 'QTA-01', exercised: ['QTA-01'], bearing: [], events: [] }
}
