/** A DMS request between maker and checker. */
import type { ProfileEntry } from '../../../src/dms/model/entry.ts'
import type { PendingRequest, RequestCommand } from '../../../src/dms/model/request.ts'
import { type RequestTypes, requestDecider } from '../../../src/dms/model/request-decider.ts'
import type { UserId } from '../../../src/identity/user-id.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'
import type { WatchedMachine } from '../watched.ts'

const at = 1_000_000
const validSeconds = 60
const wrongConfirmations = 3
const people = ['maker', 'checker', 'another'] as readonly string[] as readonly UserId[]
const digests = ['first entry', 'second entry']
const profiles = ['profile', 'changed profile']
const entry: ProfileEntry = { kind: 'enable', userId: 'B0123401' as UserId } as unknown as ProfileEntry

interface Memory {
  readonly maker?: UserId
  /** The entry and the profile as last entered and seen by the maker. */
  readonly entered?: string
  readonly seen?: string
  readonly wrong: number
}

const commandsOf = (): readonly RequestCommand[] => [
  ...people.flatMap((maker) =>
    digests.flatMap((entryDigest) =>
      profiles.flatMap((profileDigest) => [
        { type: 'Enter', at, maker, entry, entryDigest, profileDigest } as const,
        { type: 'Amend', at, maker, entry, entryDigest, profileDigest } as const,
      ]),
    ),
  ),
  ...people.flatMap((maker) =>
    people.flatMap((checker) =>
      digests.flatMap((approved) =>
        profiles.map(
          (profileDigest) => ({ type: 'Confirm', at, maker, checker, approved, profileDigest }) as const,
        ),
      ),
    ),
  ),
  ...people.flatMap((checker) =>
    digests.map((entryDigest) => ({ type: 'Reject', at, checker, entryDigest }) as const),
  ),
  ...people.flatMap((maker) => [
    { type: 'Withdraw', at, maker } as const,
    { type: 'RejectConfirmation', at, maker } as const,
  ]),
]

const has = (events: readonly { readonly type: string }[], type: string) =>
  events.some((event) => event.type === type)

const isExpired = ({ expiresAt }: PendingRequest) => at >= expiresAt

/** The request of one maker at a participant where one person can't have both parts. */
export const requestMachine: WatchedMachine<RequestTypes, Memory> = {
  name: 'a DMS request',
  decider: requestDecider,
  rules: {
    participant: 'B01234',
    dms: {
      ...defaultPolicy.dms,
      requestValidSeconds: validSeconds,
      authorisationCode: { ...defaultPolicy.dms.authorisationCode, failedAttempts: wrongConfirmations },
    },
  },
  commandsOf,
  passes: {
    'a minute passes': (state) =>
      state.stage === 'Pending' ? { ...state, expiresAt: state.expiresAt - 60_000 } : state,
  },
  normalised: (state) =>
    state.stage === 'Pending'
      ? { ...state, enteredAt: at, expiresAt: Math.max(at, state.expiresAt), revision: 1, codeRound: 0 }
      : state,
  nothing: { wrong: 0 },
  remember: (memory, { command, events }) => {
    if (command.type === 'Enter' || (command.type === 'Amend' && has(events, 'RequestAmended')))
      return {
        ...memory,
        maker: memory.maker ?? command.maker,
        entered: command.entryDigest,
        seen: command.profileDigest,
      }
    if (command.type === 'RejectConfirmation' && has(events, 'ConfirmationRejected'))
      return { ...memory, wrong: (memory.wrong + 1) % wrongConfirmations }
    return memory
  },
  invariants: [
    {
      rule: 'DMS-02',
      name: 'a request is confirmed or rejected by another person than its maker',
      holds: ({ command, events, remembered }) =>
        !(has(events, 'RequestConfirmed') || has(events, 'RequestRejected')) ||
        ('checker' in command && command.checker !== remembered.maker),
    },
    {
      rule: 'DMS-05',
      name: 'the confirmed entry is the one that the checker approved and the maker entered last',
      holds: ({ command, events, remembered }) =>
        !has(events, 'RequestConfirmed') ||
        (command.type === 'Confirm' && command.approved === remembered.entered),
    },
    {
      rule: 'DMS-05',
      name: 'a request is confirmed only while the profile is as its maker saw it',
      holds: ({ command, events, remembered }) =>
        !has(events, 'RequestConfirmed') ||
        (command.type === 'Confirm' && command.profileDigest === remembered.seen),
    },
    {
      rule: 'DMS-05',
      name: 'an expired request is only closed as expired',
      holds: ({ before, events }) =>
        before.stage !== 'Pending' || !isExpired(before) || has(events, 'RequestExpired'),
    },
    {
      rule: 'DMS-05',
      name: 'a closed request does not change',
      holds: ({ before, events }) =>
        before.stage === 'Unknown' || before.stage === 'Pending' || events.length === 0,
    },
    {
      rule: 'DMS-01',
      name: 'only its maker amends, withdraws or confirms on their page',
      holds: ({ before, command, events, remembered }) =>
        before.stage !== 'Pending' ||
        command.type === 'Reject' ||
        command.type === 'Enter' ||
        has(events, 'RequestExpired') ||
        command.maker === remembered.maker,
    },
    {
      rule: 'DMS-09',
      name: 'the codes issued for a request are revoked exactly at every third wrong confirmation',
      holds: ({ command, events, remembered }) =>
        command.type !== 'RejectConfirmation' ||
        has(events, 'RequestExpired') ||
        has(events, 'RequestCodesRevoked') === (remembered.wrong + 1 === wrongConfirmations),
    },
  ],
  nameOf: ({ type, at: _at, ...facts }) => {
    const said = Object.entries(facts).filter(([name]) => name !== 'entry')
    return `${type} (${said.map(([name, value]) => `${name} ${String(value)}`).join(', ')})`
  },
  liveness: {
    isLive: ({ stage }) => stage === 'Pending',
    isGoal: ({ stage }) => stage !== 'Pending' && stage !== 'Unknown',
  },
}
