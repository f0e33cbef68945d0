/** The numbers of a form: the last ones, because all of them are a hundred million. */
import {
  type ReferenceCounterTypes,
  referenceCounterDecider,
} from '../../../src/eservices/model/reference-counter.ts'
import type { WatchedMachine } from '../watched.ts'

const left = 20
const highest = 99_999_999

/** A counter that has twenty numbers left. */
export const referenceCounterMachine: WatchedMachine<ReferenceCounterTypes, readonly number[]> = {
  name: 'the last twenty numbers of a form',
  decider: { ...referenceCounterDecider, initial: { stage: 'Counting', last: highest - left } },
  rules: undefined,
  commandsOf: () => [{ type: 'IssueReferenceNumber', at: 0 }],
  normalised: (state) => state,
  nothing: [],
  remember: (issued, { events }) => [...issued, ...events.map(({ number }) => number)],
  invariants: [
    {
      rule: 'ESV-03',
      name: 'no number is issued twice, and none is left out',
      holds: ({ events, remembered }) =>
        events.length === 1 && events[0]?.number === (remembered.at(-1) ?? highest - left) + 1,
    },
    {
      rule: 'ESV-03',
      name: 'a number has at most eight digits',
      holds: ({ after }) => after.last <= highest,
    },
  ],
  nameOf: ({ type }) => type,
}
