/** Compares docs/formats.md with what is really stored and returned. */
import { readFileSync } from 'node:fs'
import { accountHistory, profileRequestHistory } from 'ccass-2fa/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eserviceDecider } from '../../src/eservices/model/decide.ts'
import { type Eservice, unknownEservice } from '../../src/eservices/model/state.ts'
import { formatCheckpoint } from '../../src/integrity/checkpoint.ts'
import { foldEvents } from '../../src/kernel/decider.ts'
import type { RecordKind } from '../../src/ports/storage.ts'
import { commandAt, steps } from '../eservices/model/arbitraries.ts'
import { morning, rules } from '../eservices/model/support.ts'
import { carriedThrough, creating, dmsTestService, entered, reviewed } from '../support/dms.ts'
import { good } from '../support/test-service.ts'

const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')

interface Fields {
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

/** The part of the page under a heading, up to the next one of its level or above. */
const under = (heading: string): string => {
  const level = heading.indexOf(' ')
  const rest = page.slice(page.indexOf(`\n${heading}\n`) + heading.length + 2)
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'))
  return end < 0 ? rest : rest.slice(0, end)
}

const fieldsOf = (names: readonly string[]): Fields => ({
  required: names.filter((name) => !name.endsWith('?')),
  optional: names.filter((name) => name.endsWith('?')).map((name) => name.slice(0, -1)),
})

/** The rows of a table of objects: each name with its fields. */
const objectsOf = (section: string, head: string): ReadonlyMap<string, Fields> => {
  const start = section.indexOf(`| ${head} | fields |`)
  const rows = section.slice(start).split('\n\n')[0]?.split('\n').slice(2) ?? []
  return new Map(
    rows
      .filter((row) => row.startsWith('| `'))
      .map((row) => {
        const [, name = '', cell = ''] = /^\| `([^`]+)` \| (.*) \|$/.exec(row) ?? []
        return [name, fieldsOf([...cell.matchAll(/(?:^|<br>)`([^`]+)`/g)].map(([, field = '']) => field))]
      }),
  )
}

/** The rows of a table of fields. */
const listOf = (section: string): Fields =>
  fieldsOf(
    [...section.matchAll(/^\| `([^`]+)` \| (?:text|number|object|map of text) \|/gm)].map(
      ([, name = '']) => name,
    ),
  )

/** Why a sample contradicts the page; `undefined` if it does not. */
const difference = (sample: object, fields: Fields | undefined, common: readonly string[] = []) => {
  const names = Object.keys(sample).filter((name) => (sample as Record<string, unknown>)[name] !== undefined)
  const listed = [...common, ...(fields?.required ?? []), ...(fields?.optional ?? [])]
  const extra = names.filter((name) => !listed.includes(name))
  const missing = [...common, ...(fields?.required ?? [])].filter((name) => !names.includes(name))
  return fields === undefined || extra.length + missing.length > 0
    ? { sample, extra, missing, known: fields !== undefined }
    : undefined
}

interface Sample {
  readonly kind: RecordKind
  readonly states: readonly { readonly stage: string }[]
  readonly events: readonly { readonly type: string }[]
}

/** Compares samples of one kind with their section. Returns the names of the events that occurred. */
const compare = ({ kind, states, events }: Sample): ReadonlySet<string> => {
  const section = under(`### ${kind}`)
  const [ofStates, ofEvents] = [objectsOf(section, 'state'), objectsOf(section, 'event')]
  const wrong = [
    ...states.map((state) => difference(state, ofStates.get(state.stage), ['stage'])),
    ...events.map((event) => difference(event, ofEvents.get(event.type), ['type', 'at', 'rule'])),
  ].filter((each) => each !== undefined)
  expect(wrong.slice(0, 3)).toEqual([])
  return new Set(events.map(({ type }) => type))
}

const eventsOn = (kind: RecordKind) => [...objectsOf(under(`### ${kind}`), 'event').keys()]

describe('AUD-07 · docs/formats.md', () => {
  test('lists every event and state of an account as random histories store them', () => {
    const histories = fc.sample(accountHistory(), { numRuns: 400, seed: 5 })
    const seen = compare({
      kind: 'account',
      states: histories.flatMap(({ decisions }) => decisions.map(({ after }) => after)),
      events: histories.flatMap(({ events }) => events),
    })
    const rare = ['AdministrationRefused', 'SmartcardDecommissioned', 'SessionsEnded']
    expect(eventsOn('account').filter((type) => !seen.has(type) && !rare.includes(type))).toEqual([])
  })

  test('lists every event and state of a request', () => {
    const histories = fc.sample(profileRequestHistory(), { numRuns: 300, seed: 5 })
    const seen = compare({
      kind: 'request',
      states: histories.flatMap(({ decisions }) => decisions.map(({ after }) => after)),
      events: histories.flatMap(({ decisions }) => decisions.flatMap(({ events }) => events)),
    })
    expect(eventsOn('request').filter((type) => !seen.has(type))).toEqual([])
  })

  test('lists every event and state of an eService form', () => {
    const states: Eservice[] = []
    const events = fc.sample(steps(40), { numRuns: 300, seed: 5 }).flatMap((given) => {
      let state: Eservice = unknownEservice
      return given.flatMap((step, i) => {
        const command = commandAt(state, step, morning + i)
        const made = eserviceDecider.decide(state, command, rules).unwrapOr([])
        state = foldEvents(eserviceDecider.evolve, state, made)
        states.push(state)
        return made
      })
    })
    const seen = compare({ kind: 'eservice', states, events })
    const rare = ['CommandRefused', 'FormCompleted', 'LineProcessed']
    expect(eventsOn('eservice').filter((type) => !seen.has(type) && !rare.includes(type))).toEqual([])
  })

  test('lists what a service stores: records, entries, sessions, reviews, checkpoints, challenge tokens', async () => {
    const service = await dmsTestService()
    await carriedThrough(service, creating('B0123402'))
    const { request } = await entered(service, creating('B0123403'))
    const review = await reviewed(service, request)
    const kinds = ['account', 'participant', 'request', 'authorisation'] as const
    for (const kind of kinds)
      for (const { id, record } of await service.storage.list('B01234', kind, { after: '', limit: 100 })) {
        expect(difference(record, listOf(under('## Record')))).toBeUndefined()
        const trail = await service.storage.trail(
          { participant: 'B01234', kind, id },
          { after: 0, limit: 1_000 },
        )
        for (const entry of trail) expect(difference(entry, listOf(under('## Trail entry')))).toBeUndefined()
        const states = [record.state as unknown as { readonly stage: string }]
        compare({ kind, states, events: trail.map(({ event }) => event) })
      }
    const opened = async (text: string, use: string) =>
      JSON.parse(new TextDecoder().decode(await service.secretBox.open(text, use))) as object
    const sealed = await good(service.auth.sessions.seal({ session: service.maker.session }))
    expect(sealed).toMatch(/^v1\.[\w-]+\.[A-Za-z0-9+/]+={0,2}$/)
    expect(difference(await opened(sealed, 'session'), listOf(under('### Session')))).toBeUndefined()
    expect(difference(await opened(review.sealed, 'dms-review'), listOf(under('### Review')))).toBeUndefined()
    const checkpoint = await good(service.auth.audit.checkpoint({ keep: () => undefined }))
    const printed = JSON.parse(formatCheckpoint(checkpoint)) as object
    expect(difference(printed, listOf(under('## Checkpoint')))).toBeUndefined()
    const asked = await good(service.auth.passwordSetUp.begin({ userId: 'B0123403' }))
    expect(asked.challenge).toMatch(/^[A-Z0-9]{8}\.[0-9a-f]{32}$/)
  })

  test('the check finds an entry that is missing from the page', () => {
    const fields = objectsOf(under('### inbox'), 'state').get('Waiting')
    expect(
      difference({ stage: 'Waiting', participant: 'B01234', form: 'a' }, fields, ['stage']),
    ).toBeUndefined()
    expect(difference({ stage: 'Waiting', participant: 'B01234' }, fields, ['stage'])?.missing).toEqual([
      'form',
    ])
    const more = { stage: 'Waiting', participant: 'B01234', form: 'a', other: 1 }
    expect(difference(more, fields, ['stage'])?.extra).toEqual(['other'])
  })
})
