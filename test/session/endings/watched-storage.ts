/** A storage that compares what each commit does to open sessions with what its events and its operation may do. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { expect } from 'vitest'
import type { AccountEvent, AccountEventOf } from '../../../src/account/events.ts'
import { isEnabledOn, type Profile } from '../../../src/account/profile.ts'
import type { OpenSession } from '../../../src/account/state.ts'
import type { Authentication, OperationName, RecordWrite, StoragePort } from '../../../src/index.ts'
import { hongKongDay } from '../../../src/kernel/instant.ts'
import type { Branches } from '../../support/branches.ts'
import { canEnd, effects, type endingEvents, type endingOperations } from './declared.ts'

/** The branches that a watched storage counts: each event and each operation that ended an open session. */
export type Ended = (typeof endingEvents)[number] | (typeof endingOperations)[number]

const running = new AsyncLocalStorage<OperationName>()

type Method = (...args: unknown[]) => unknown

/** A service whose commits are attributed to the operation that makes them. */
export const attributed = (auth: Authentication): Authentication =>
  Object.fromEntries(
    Object.entries(auth).map(([part, operations]) => [
      part,
      part === 'policy'
        ? operations
        : Object.fromEntries(
            Object.entries(operations as Readonly<Record<string, Method>>).map(([name, method]) => [
              name,
              (...args: unknown[]) => running.run(`${part}.${name}` as OperationName, () => method(...args)),
            ]),
          ),
    ]),
  ) as unknown as Authentication

type State = Partial<Profile> & { readonly sessions?: readonly OpenSession[] }

const idsOf = (sessions: readonly OpenSession[] = []) => sessions.map(({ id }) => id)

const endsByProfile = (before: State, after: State, event: AccountEventOf<'ProfileChanged'>) => {
  const day = hongKongDay(event.at)
  const enabled = (state: State) => isEnabledOn(state as Profile, day)
  return 'email' in event.changes || !enabled(before) || !enabled(after)
}

/** Which of the sessions open before an event are open after it. */
const remaining = (
  open: readonly OpenSession[],
  event: AccountEvent,
  { before, after }: { readonly before: State; readonly after: State },
): readonly OpenSession[] => {
  switch (event.type) {
    case 'SessionsEnded':
      return open.filter(({ id }) => !event.sessions.includes(id))
    case 'PasswordSet':
      return event.ends === 'none'
        ? open
        : open.filter(({ id }) => event.ends === 'others' && id === event.session)
    case 'ChannelEnrolled':
      return event.endsSessions ? [] : open
    case 'ProfileChanged':
      return endsByProfile(before, after, event) ? [] : open
    default:
      return effects[event.type] === 'all' ? [] : open
  }
}

/** A storage that fails the test when a commit ends, keeps or opens other sessions than its events say. */
export const watchedStorage = (inner: StoragePort, seen: Branches<Ended>): StoragePort => {
  const states = new Map<string, State>()
  const check = ({ key, record, entries }: RecordWrite) => {
    const name = `${key.participant}/${key.id}`
    const before = states.get(name) ?? {}
    const after = record.state as State
    states.set(name, after)
    const operation = running.getStore()
    let expected = before.sessions ?? []
    const events = entries.map(({ event }) => event as unknown as AccountEvent)
    for (const event of events.filter(({ type }) => type in effects)) {
      const kept = remaining(expected, event, { before, after })
      if (kept.length < expected.length) seen.hit(event.type as Ended)
      expected = effects[event.type] === 'opens' ? kept.filter(({ expiresAt }) => expiresAt > event.at) : kept
    }
    const opened = events.flatMap((event) =>
      event.type === 'SignInCompleted'
        ? [event.challenge]
        : event.type === 'SmartcardSignInCompleted'
          ? [event.session]
          : [],
    )
    const what = `${operation}: ${events.map(({ type }) => type).join(', ')}`
    expect(idsOf(after.sessions), what).toEqual([...idsOf(expected), ...opened])
    const at = events.at(-1)?.at ?? 0
    const kept = idsOf(after.sessions)
    const ended = (before.sessions ?? []).filter(({ id, expiresAt }) => expiresAt > at && !kept.includes(id))
    if (ended.length === 0) return
    expect(operation, 'a session ended outside every operation').toBeDefined()
    expect(canEnd[operation as OperationName], `${what} ended a session`).toBe(true)
    seen.hit(operation as Ended)
  }
  return {
    ...inner,
    commit: async (commit) => {
      const outcome = await inner.commit(commit)
      if (outcome === 'committed')
        for (const write of commit.writes) if (write.key.kind === 'account') check(write)
      return outcome
    },
  }
}
