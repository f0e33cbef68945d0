import type { AccountCommand } from '../../account/commands.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { type ParticipantCommand, participantDecider } from '../../participant/decide.ts'
import { accountTotals } from '../../participant/state.ts'
import { type Decision, decideIn } from './account-operations.ts'
import { asUserId, type Expected, type OperationOf, type World } from './world.ts'

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
  world: World,
  userId: string,
  toParticipant: ParticipantCommand,
  toAccount: AccountCommand,
): Decision => {
  const before = world.accounts[userId] ?? { stage: 'Unknown' }
  return participantDecider.decide(world.participant, toParticipant, world.policy).match<Decision>(
    (events) => {
      const participant = events.reduce(participantDecider.evolve, world.participant)
      const decision = decideIn({ ...world, participant }, userId, toAccount)
      return decision.refused === undefined ? decision : { ...decision, after: world }
    },
    // Reasons of participants and of accounts are different types with the same shape.
    (refused) => ({
      command: toAccount,
      before,
      after: world,
      events: [],
      refused: refused as Decision['refused'] & object,
    }),
  )
}

/** Creates an account, as an administrator. */
export const createAccount = (world: World, input: OperationOf<'createAccount'>): Expected => {
  const at = world.now
  const userId = asUserId(input.userId)
  const limited = accountTotals(world.participant).maximum !== undefined
  const decision = provisionIn(
    world,
    userId,
    { type: 'AllocateUserIds', at, ids: [{ userId, role: input.role }], enforceMaximum: limited },
    { type: 'Register', at, userId, role: input.role, origin: 'created', email: input.email },
  )
  return done(decision, 'ACC-01', ['ID-12', ...(limited ? (['QTA-03'] as const) : [])])
}

/** Deletes, disables, enables or unlocks an account, as an administrator. */
export const administer = (
  world: World,
  input: OperationOf<'deleteAccount' | 'setStatus' | 'unlock'>,
): Expected => {
  const at = world.now
  const { userId } = input
  switch (input.op) {
    case 'deleteAccount': {
      const release = { type: 'ReleaseQuota', at, userId: asUserId(userId) } as const
      return done(provisionIn(world, userId, release, { type: 'Delete', at }), 'ID-12', ['QTA-02'])
    }
    case 'unlock':
      return done(decideIn(world, userId, { type: 'Unlock', at }), 'ACC-07', ['ACC-08'])
    case 'setStatus': {
      const changes = { status: input.status }
      const decision = decideIn(world, userId, { type: 'ChangeProfile', at, changes })
      return done(decision, 'ACC-05', input.status === 'DISABLED' ? ['ACC-15'] : [])
    }
  }
}

/** Sets how many accounts the participant may have. */
export const setMaximum = (world: World, { maximum }: OperationOf<'setMaximum'>): Expected => {
  const events = participantDecider
    .decide(world.participant, { type: 'SetMaximum', at: world.now, maximum }, world.policy)
    .unwrapOr([])
  const participant = events.reduce(participantDecider.evolve, world.participant)
  const after = { ...world, participant }
  return { after, accepted: true, rule: 'QTA-01', exercised: ['QTA-01'], bearing: [], events: [] }
}
