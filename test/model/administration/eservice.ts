/** The workflow of an eService between its maker, its checkers and HKEX. */
import type { ClientConnectUser } from '../../../src/eservices/model/client-connect.ts'
import type { EserviceCommand } from '../../../src/eservices/model/commands.ts'
import type { EserviceContents } from '../../../src/eservices/model/contents.ts'
import { eserviceDecider } from '../../../src/eservices/model/decide.ts'
import type { Eservice } from '../../../src/eservices/model/state.ts'
import type { EserviceTypes } from '../../../src/eservices/model/table.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'
import type { WatchedMachine } from '../watched.ts'

const at = 1_000_000
const user = (id: string, roles: ClientConnectUser['roles'], participant = 'B01234'): ClientConnectUser => ({
  ...{ id, name: id.toUpperCase(), email: `${id}@bank.example`, participant, roles },
  rights: ['EU_UserMaintenance'],
})
const maker = user('maker', ['Maker'])
const both = user('both', ['Maker', 'Checker'])
const checker = user('checker', ['Checker'])
const second = user('second', ['Checker'])
/** The maker under another user name, with the same mailbox. */
const disguised: ClientConnectUser = { ...user('disguised', ['Checker']), email: 'MAKER@bank.example' }
const stranger = user('stranger', ['Maker', 'Checker'], 'B09999')
const rightless: ClientConnectUser = { ...user('rightless', ['Maker', 'Checker']), rights: [] }
const everyone = [maker, both, checker, second, disguised, stranger, rightless]

const contentsOf = (email: string): EserviceContents => ({
  clearingHouse: 'HKSCC',
  lines: [
    { type: 'change', userId: 'B01234X1', changes: { email } },
    { type: 'change', userId: 'B01234X2', changes: { email } },
  ],
  contact: { name: 'AAA', email: 'aaa@bank.example', telephone: '29797111' },
  declared: true,
})
const original = contentsOf('abc@bank.example')
const edited = contentsOf('def@bank.example')
const undeclared: EserviceContents = { ...original, declared: false }

interface Memory {
  readonly maker?: string
  readonly reference?: string
  /** Who confirmed, and the last submitted contents. */
  readonly submitted?: EserviceContents
  readonly processed: readonly number[]
}

const commandsOf = (): readonly EserviceCommand[] => [
  ...everyone.flatMap((actor): readonly EserviceCommand[] => [
    { type: 'Draft', at, actor, form: 'DA 3', contents: original },
    ...[original, edited, undeclared].map((contents) => ({ type: 'Edit', at, actor, contents }) as const),
    ...(['registration', 'before-registration'] as const).map(
      (phase) => ({ type: 'Submit', at, actor, phase, reference: 'DA3_00000001' }) as EserviceCommand,
    ),
    { type: 'Submit', at, actor, phase: 'registration', reference: 'DA3_00000002' },
    ...(['Reclaim', 'Claim', 'TakeOver', 'Release', 'Discard', 'View'] as const).map(
      (type) => ({ type, at, actor }) as const,
    ),
    { type: 'Confirm', at, actor, phase: 'registration' },
    { type: 'Revert', at, actor, remark: 'Wrong email' },
    { type: 'Revert', at, actor, remark: ' ' },
    ...everyone.map((to) => ({ type: 'Refer', at, actor, to }) as const),
  ]),
  ...[0, 1, 2].flatMap((line) => [
    { type: 'ProcessLine', at, line, outcome: { kind: 'accepted' } } as const,
    {
      ...({ type: 'ProcessLine', at, line } as const),
      outcome: { kind: 'refused', reason: 'unknown-account', rule: 'ESV-10' } as const,
    },
  ]),
  { type: 'Complete', at },
]

const referenceOf = (state: Eservice) => ('reference' in state ? state.reference : undefined)
const actorOf = (command: EserviceCommand) => ('actor' in command ? command.actor : undefined)
const checking = ['Claim', 'TakeOver', 'Release', 'Refer', 'Revert', 'Confirm']
const making = ['Edit', 'Submit', 'Discard']

/** One form of two lines, with seven people who try to act on it. */
export const eserviceMachine: WatchedMachine<EserviceTypes, Memory> = {
  name: 'an eService form',
  decider: eserviceDecider,
  rules: defaultPolicy,
  commandsOf,
  normalised: (state) => state,
  nothing: { processed: [] },
  remember: (memory, { command, after }) => {
    if (command.type === 'Draft') return { ...memory, maker: command.actor.id }
    if (command.type === 'Submit' && after.stage === 'ReadyToSend')
      return { ...memory, reference: after.reference, submitted: after.contents }
    return command.type === 'ProcessLine'
      ? { ...memory, processed: [...memory.processed, command.line].sort() }
      : memory
  },
  invariants: [
    {
      rule: 'ESV-12',
      name: 'no checker of a form is its maker, under any name',
      holds: ({ command, remembered }) => {
        if (!checking.includes(command.type)) return true
        const actor = actorOf(command)
        const isMaker = actor?.id === remembered.maker
        const sharesMailbox =
          remembered.maker === 'maker' && actor?.email.toLowerCase() === 'maker@bank.example'
        return !isMaker && !sharesMailbox
      },
    },
    {
      rule: 'ESV-12',
      name: 'only its maker edits, submits and discards a form',
      holds: ({ command, remembered }) =>
        !making.includes(command.type) || actorOf(command)?.id === remembered.maker,
    },
    {
      rule: 'ESV-06',
      name: 'only persons of the participant with the right act on a form',
      holds: ({ command, before }) => {
        const actor = actorOf(command)
        if (actor === undefined) return true
        const isOther = before.stage !== 'Unknown' && actor.participant !== before.participant
        return !isOther && actor.rights.length > 0
      },
    },
    {
      rule: 'ESV-01',
      name: 'only makers take the maker’s steps, and only checkers the checker’s',
      holds: ({ command }) => {
        const roles = actorOf(command)?.roles ?? []
        if (checking.includes(command.type)) return roles.includes('Checker')
        return command.type === 'Draft' || making.includes(command.type) ? roles.includes('Maker') : true
      },
    },
    {
      rule: 'ESV-02',
      name: 'a form is sent to HKEX by its claimant, with the contents that were submitted',
      holds: ({ before, command, after, remembered }) =>
        command.type !== 'Confirm' ||
        (before.stage === 'Claimed' &&
          before.claimant.id === command.actor.id &&
          after.stage === 'SentToHkex' &&
          JSON.stringify(after.contents) === JSON.stringify(remembered.submitted)),
    },
    {
      rule: 'ESV-07',
      name: 'a form that is submitted was declared',
      holds: ({ command, after }) =>
        command.type !== 'Submit' || (after.stage === 'ReadyToSend' && after.contents.declared === true),
    },
    {
      rule: 'ESV-03',
      name: 'a form keeps its reference permanently',
      holds: ({ after, remembered }) =>
        remembered.reference === undefined || referenceOf(after) === remembered.reference,
    },
    {
      rule: 'ESV-11',
      name: 'only the maker changes the contents',
      holds: ({ before, after, command }) =>
        before.stage === 'Unknown' ||
        command.type === 'Edit' ||
        (after.stage !== 'Unknown' && JSON.stringify(after.contents) === JSON.stringify(before.contents)),
    },
    {
      rule: 'ESV-13',
      name: 'each line has one outcome',
      holds: ({ command, events, remembered }) =>
        command.type !== 'ProcessLine' ||
        events.length === 0 ||
        (!remembered.processed.includes(command.line) && command.line < 2),
    },
    {
      rule: 'ESV-13',
      name: 'a form is completed when every line has its outcome',
      holds: ({ after, remembered }) => after.stage !== 'Completed' || remembered.processed.length === 2,
    },
    {
      rule: 'ESV-16',
      name: 'a form of which HKEX has processed a line is not reclaimed',
      holds: ({ before, command }) =>
        command.type !== 'Reclaim' || before.stage !== 'SentToHkex' || before.processed.length === 0,
    },
    {
      rule: 'ESV-16',
      name: 'a sent form is reclaimed only by the checker who sent it',
      holds: ({ before, command }) =>
        command.type !== 'Reclaim' || before.stage !== 'SentToHkex' || command.actor.id === before.checker.id,
    },
    {
      rule: 'ESV-18',
      name: 'a view changes nothing',
      holds: ({ command, events }) => command.type !== 'View' || events.length === 0,
    },
    {
      rule: 'ESV-02',
      name: 'a completed or discarded form does not change',
      holds: ({ before, events }) =>
        (before.stage !== 'Completed' && before.stage !== 'Discarded') || events.length === 0,
    },
  ],
  nameOf: (command) => {
    const { type } = command
    const to = command.type === 'Refer' ? ` to ${command.to.id}` : ''
    const line = command.type === 'ProcessLine' ? ` ${command.line} ${command.outcome.kind}` : ''
    const actor = actorOf(command)
    return `${type}${to}${line}${actor === undefined ? '' : ` by ${actor.id}`}`
  },
  liveness: {
    isLive: ({ stage }) => stage !== 'Unknown' && stage !== 'Completed' && stage !== 'Discarded',
    isGoal: ({ stage }) => stage === 'Completed' || stage === 'Discarded',
  },
}
