/** A place in the inbox of HKEX: one form, which waits, was reclaimed, or is done. */
import { type InboxCommand, type InboxTypes, inboxDecider } from '../../../src/eservices/model/inbox.ts'
import type { WatchedMachine } from '../watched.ts'

const at = 0
const addresses = [
  { participant: 'B01234', form: 'one' },
  { participant: 'B01234', form: 'two' },
  { participant: 'B09999', form: 'one' },
] as const

/** Three forms that are sent to one place. */
export const inboxMachine: WatchedMachine<InboxTypes, undefined> = {
  name: 'a place in the inbox of HKEX',
  decider: inboxDecider,
  rules: undefined,
  commandsOf: (): readonly InboxCommand[] => [
    ...addresses.map((address) => ({ type: 'Receive', at, ...address }) as const),
    { type: 'Archive', at },
    { type: 'Withdraw', at },
  ],
  normalised: (state) => state,
  nothing: undefined,
  remember: () => undefined,
  invariants: [
    {
      rule: 'ESV-03',
      name: 'a place that holds a form, waiting or done, is given to no other',
      holds: ({ before, command }) =>
        command.type !== 'Receive' || before.stage === 'Empty' || before.stage === 'Withdrawn',
    },
    {
      rule: 'ESV-13',
      name: 'a form leaves the inbox when it is completed or reclaimed, and not otherwise',
      holds: ({ before, command, after }) =>
        before.stage !== 'Waiting' || after.stage === (command.type === 'Archive' ? 'Done' : 'Withdrawn'),
    },
    {
      rule: 'ESV-16',
      name: 'only a form that waits is reclaimed',
      holds: ({ before, command }) => command.type !== 'Withdraw' || before.stage === 'Waiting',
    },
    {
      rule: 'ESV-13',
      name: 'a place that is done stays done',
      holds: ({ before, after }) => before.stage !== 'Done' || after.stage === 'Done',
    },
  ],
  nameOf: ({ type, at: _at, ...facts }) => `${type} ${JSON.stringify(facts)}`,
}
