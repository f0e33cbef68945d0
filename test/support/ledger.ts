import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { accountDecider } from '../../src/account/decide.ts'
import type { AccountEvent } from '../../src/account/events.ts'
import { type Account, credentialsOf } from '../../src/account/state.ts'
import type { RecordKey } from '../../src/index.ts'
import { foldEvents } from '../../src/kernel/decider.ts'
import { keyOf, recordOf, type TestService, trailOf } from './test-service.ts'

/** JSON with sorted keys, implemented independently of the library. */
const ordered = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(ordered)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, ordered((value as Record<string, unknown>)[key])]),
        )
      : value

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The hash to which the first entry of a record's trail is chained. */
export const originOf = ({ participant, kind, id }: RecordKey) =>
  sha256(`ccass-2fa/trail/1${JSON.stringify([participant, kind, id])}`)

/** The digests by which data refer to personal values. */
const referencesIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return []
  if ('personal' in value && 'digest' in value) return [String(value.digest)]
  return Object.values(value).flatMap(referencesIn).sort()
}

/**
 * Checks an account's record and trail: the state is the fold of the trail, the version is its length,
 * personal values match their digests, the chain is unbroken up to the head, and the vault holds exactly what
 * the state refers to.
 */
export const expectBooksInOrder = async (service: Pick<TestService, 'storage'>, userId: string) => {
  const [record, trail] = [await recordOf(service, userId), await trailOf(service, userId)]
  if (record === undefined) {
    expect(trail).toEqual([])
    return
  }
  expect(trail.map(({ seq }) => seq)).toEqual(trail.map((_, i) => i + 1))
  expect(record.version).toBe(trail.length)

  const events = trail.map(({ event }) => event as AccountEvent)
  const folded = foldEvents(accountDecider.evolve, accountDecider.initial, events)
  expect(record.state).toEqual(JSON.parse(JSON.stringify(folded)))

  let head = originOf(keyOf(userId))
  for (const { hash, personal = {}, ...entry } of trail) {
    const openings = Object.assign({}, ...Object.values(personal))
    expect(Object.keys(openings).sort()).toEqual(referencesIn(entry))
    for (const [name, opening] of Object.entries(openings)) expect(sha256(String(opening))).toBe(name)
    head = sha256(head + JSON.stringify(ordered(entry)))
    expect(hash).toBe(head)
  }
  expect(record.head).toBe(head)

  const credentials = credentialsOf(record.state as unknown as Account)
  const referredTo = [...new Set([...credentials, ...referencesIn(record.state)])].sort()
  expect(Object.keys(record.vault).sort()).toEqual(referredTo)
}
