/** Entries of the trail as events of OCSF: each valid against the schema, and without a secret. */
import { feedPages } from 'ccass-2fa/audit'
import { type OcsfEvent, ocsfMappings, ocsfVersion, toOcsf } from 'ccass-2fa/ocsf'
import { accountHistory, policy, profileRequestHistory } from 'ccass-2fa/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountMapping } from '../../src/adapters/ocsf/account.ts'
import { classes, factorTypes, severities } from '../../src/adapters/ocsf/classes.ts'
import type { KindMapping } from '../../src/adapters/ocsf/mapping.ts'
import type { FeedEntry } from '../../src/aggregates.ts'
import type { Audit } from '../../src/index.ts'
import { recordKinds } from '../../src/index.ts'
import { booksOf, everyKind } from '../support/all-kinds.ts'
import { good, refusal, testService } from '../support/test-service.ts'
import { initialised, loggedIn, registered, user } from '../support/user-journeys.ts'
import { samples } from './ocsf/samples.ts'
import { facts, problemsOf, type Shape } from './ocsf/validate.ts'

const readAll = async (audit: Audit) => {
  const entries: FeedEntry[] = []
  for await (const page of feedPages(audit)) entries.push(...page._unsafeUnwrap().entries)
  return entries
}

/** An entry that holds an event, as the feed would deliver it. */
const entryOf = (kind: string, event: object, rest: object = {}) =>
  ({
    record: { participant: 'B01234', kind, id: 'B0123401' },
    seq: 1,
    actor: 'B01234X1',
    operationId: '0'.repeat(32),
    eventVersion: 1,
    hash: 'f'.repeat(64),
    event,
    ...rest,
  }) as unknown as FeedEntry

/** The row of the mapping that an entry was reported by. */
const rowOf = ({ record: { kind } }: FeedEntry, event: OcsfEvent) =>
  `${kind} ${event.metadata.event_code} ${event.type_name} ${event.severity} ${event.message.split(':')[0]}`

const everyRow = ocsfMappings.map(
  ({ kind, event, type, severity, message }) =>
    `${kind} ${event} ${type} ${severity} ${message.split(':')[0]}`,
)

const contexts = fc.option(
  fc.oneof(
    fc.constant('[erased]'),
    fc.record(
      {
        source: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ minLength: 1, maxLength: 256 })),
        userAgent: fc.string({ minLength: 1 }),
        requestId: fc.string({ minLength: 1 }),
      },
      { requiredKeys: [] },
    ),
  ),
  { nil: undefined },
)
const actors = fc.oneof(
  fc.constantFrom('caller', 'B01234X1', '[erased]', 'hkex.operator'),
  fc.string({ minLength: 1 }),
)

/** Entries of an account or a request after any history, by anyone, from anywhere. */
const anyEntries = fc
  .tuple(
    fc.oneof(
      accountHistory(policy()).map(({ events }) => events.map((event) => ['account', event] as const)),
      profileRequestHistory(policy()).map(({ events }) => events.map((event) => ['request', event] as const)),
    ),
    contexts,
    actors,
  )
  .map(([events, context, actor]) =>
    events.map(([kind, event], index) =>
      entryOf(kind, event, { seq: index + 1, actor, ...(context === undefined ? {} : { context }) }),
    ),
  )

const problemsOfAll = (entries: readonly FeedEntry[]) =>
  entries.flatMap((entry) => problemsOf(toOcsf(entry)).map((problem) => `${entry.event.type}: ${problem}`))

describe('AUD-09 · exported events are valid against the schema of OCSF 1.8.0', () => {
  test('every entry of a store with every kind of record is valid', async () => {
    const { auth } = await everyKind()
    const entries = await readAll(auth.audit)
    expect(new Set(entries.map(({ record }) => record.kind))).toEqual(new Set(recordKinds))
    expect(problemsOfAll(entries)).toEqual([])
    expect(facts.version).toBe(ocsfVersion)
  })

  test('every case of the mapping is valid, also with personal data erased from any kind of record', () => {
    const entries = samples.map(([kind, event]) => entryOf(kind, event))
    expect(problemsOfAll(entries)).toEqual([])
    expect(new Set(entries.map((entry) => rowOf(entry, toOcsf(entry))))).toEqual(new Set(everyRow))
    const erasure = { type: 'PersonalDataErased', at: 1, rule: 'PRI-04', through: { contact: 3 }, held: [] }
    const erasures = recordKinds.map((kind) => entryOf(kind, { ...erasure, reason: 'request' }))
    expect(problemsOfAll(erasures)).toEqual([])
    expect(toOcsf(erasures[0] as FeedEntry)).toMatchObject({
      type_name: 'Entity Management: Update',
      unmapped: { through: { contact: 3 }, reason: 'request' },
    })
  })

  test('the entries of any history of an account or a request are valid, for any actor and source', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        expect(problemsOfAll(entries)).toEqual([])
      }),
    )
  })

  test('each class, activity, severity and factor has the number and caption of the schema', () => {
    const told = Object.entries(classes).map(([name, { uid, activities }]) => ({ name, uid, activities }))
    for (const { name, uid, activities } of told) {
      const shape = facts.classes[uid]
      const { caption, attributes } = shape ?? { caption: 'none', attributes: {} as Shape['attributes'] }
      expect(caption).toBe(name)
      for (const [activity, id] of Object.entries(activities))
        expect(attributes['activity_id']?.values?.[id], `${name}: ${activity}`).toBe(activity)
      for (const [severity, id] of Object.entries(severities))
        expect(attributes['severity_id']?.values?.[id]).toBe(severity)
    }
    for (const [factor, id] of Object.entries(factorTypes))
      expect(facts.objects['auth_factor']?.attributes['factor_type_id']?.values?.[id]).toBe(factor)
  })

  const valid = () => toOcsf(entryOf('account', { type: 'Locked', at: 1, rule: 'LOCK-01' }))
  test.each<[string, object, string]>([
    ['a missing attribute', { user: undefined }, 'event.user: missing'],
    ['an unknown attribute', { users: [] }, 'event.users: unknown'],
    ['an activity of another class', { activity_id: 13 }, 'event.activity_id: 13 is no value of it'],
    ['another caption', { activity_name: 'Unlock' }, 'event.activity_name: not the caption Lock'],
    ['a wrong type_uid', { type_uid: 300112 }, 'type_uid: 300112 instead of 300109'],
    ['a user without a name', { user: {} }, 'event.user: at_least_one of account, name, uid'],
    ['a text as time', { time: '2023' }, 'event.time: not long_t'],
    ['a host name as an address', { src_endpoint: { ip: 'localhost' } }, 'event.src_endpoint.ip: not ip_t'],
    ['one factor instead of a list', { auth_factors: {} }, 'event.auth_factors: no array'],
    ['a factor without a type', { auth_factors: [{}] }, 'event.auth_factors[0].factor_type_id: missing'],
    [
      'another version',
      { metadata: { ...valid().metadata, version: '1.7.0' } },
      'metadata.version: 1.7.0 instead of 1.8.0',
    ],
    ['a class without facts', { class_uid: 3003 }, 'class_uid: no facts of 3003'],
  ])('the validation finds %s', (_, wrong, problem) => {
    expect(problemsOf(valid())).toEqual([])
    expect(problemsOf({ ...valid(), ...wrong })).toContain(problem)
  })

  test('the validation finds an Authentication event without the service that was signed in to', () => {
    const { service: _, ...event } = toOcsf(
      entryOf('account', { type: 'PasswordRejected', via: 'DMS', at: 1 }),
    )
    expect(problemsOf(event)).toEqual(['event: at_least_one of service, dst_endpoint'])
  })
})

test('AUD-09 · a sign-in refused for an unknown User ID is exported as a failed logon with reason and source', async () => {
  const { auth } = testService()
  const context = { source: '203.0.113.9', userAgent: 'curl/8.5', requestId: 'r-1' }
  const entered = { userId: 'BNK99901', password: 'Guess-Horse-1!', system: 'CCASS/CCMS' } as const
  await refusal(auth.signIn.begin({ ...entered, context }))
  const [entry] = await readAll(auth.audit)
  const product = { name: 'Terminals', vendor_name: 'HKEX', version: '3.1' }
  const { operationId } = entry as FeedEntry
  expect(toOcsf(entry as FeedEntry, { product })).toEqual({
    category_uid: 3,
    category_name: 'Identity & Access Management',
    class_uid: 3002,
    class_name: 'Authentication',
    activity_id: 1,
    activity_name: 'Logon',
    type_uid: 300201,
    type_name: 'Authentication: Logon',
    severity_id: 2,
    severity: 'Low',
    status_id: 2,
    status: 'Failure',
    status_code: 'unknown-user',
    time: entry?.event.at,
    message: 'Operation refused: unknown-user',
    metadata: {
      version: '1.8.0',
      product,
      uid: `BNK999/refusals/BNK99901/1/${operationId}`,
      original_event_uid: 'BNK999/refusals/BNK99901/1',
      event_code: 'CommandRefused',
      log_name: 'ccass-2fa audit trail',
      log_version: '1',
      correlation_uid: operationId,
      sequence: 1,
      tenant_uid: 'BNK999',
    },
    src_endpoint: { ip: '203.0.113.9' },
    http_request: { uid: 'r-1', user_agent: 'curl/8.5' },
    user: { name: 'BNK99901', uid: 'BNK99901', org: { uid: 'BNK999' } },
    service: { name: 'Terminals' },
    unmapped: {
      rule: entry?.event.rule,
      record: { participant: 'BNK999', kind: 'refusals', id: 'BNK99901' },
      operation: 'EnterPassword',
    },
  })
})

test('AUD-09 · a sign-in and its end are exported as one session with both factors', async () => {
  const service = testService()
  const session = await loggedIn(service, await initialised(service))
  await good(service.auth.sessions.signOut({ session }))
  const events = (await readAll(service.auth.audit)).map((entry) => toOcsf(entry))
  const [logon] = events.filter(({ type_name }) => type_name === 'Authentication: Logon')
  const [logoff] = events.filter(({ type_name }) => type_name === 'Authentication: Logoff')
  expect(logon).toMatchObject({
    status: 'Success',
    service: { name: 'CCASS/CCMS' },
    is_mfa: true,
    auth_factors: [{ factor_type: 'Password' }, { factor_type: 'OTP', is_totp: true }],
  })
  expect(logoff?.session).toEqual({ uid: logon?.session?.uid, expiration_reason: 'signed-out' })
})

test('AUD-06, AUD-09 · no exported event contains the name of a vault entry, a digest, a challenge, or a value of a profile, form or remark', () => {
  expect(samples.filter(([, event]) => JSON.stringify(event).includes('MARKED')).length).toBeGreaterThan(40)
  for (const [kind, event] of samples)
    expect(JSON.stringify(toOcsf(entryOf(kind, event))), event.type).not.toMatch(/MARKED|f{64}/)
})

test('AUD-06, AUD-09 · no exported event contains a code, a password or a vault of the store', async () => {
  const o = await everyKind()
  const told = JSON.stringify((await readAll(o.auth.audit)).map((entry) => toOcsf(entry)))
  const vaults = (await booksOf(o)).flatMap(({ record }) => Object.entries(record.vault).flat())
  expect(vaults.length).toBeGreaterThan(20)
  const codes = o.mailer.mails.flatMap((mail) => (mail.type === 'code' ? [mail.code] : []))
  for (const secret of [...vaults, ...codes, 'Correct-Horse-1!', '@example.com"'])
    expect(told).not.toContain(secret)
})

test('AUD-09, PRI-04 · erased data stays erased in exported events: source, browser and names; the event says so', async () => {
  const service = testService()
  const context = { source: '192.0.2.77', userAgent: 'Terminal/9.9', requestId: 'request-77' }
  await registered(service, user, { surname: 'SECRETNAME' })
  await service.auth.signIn.begin({ userId: user, password: 'Wrong-Horse-00!!', system: 'DMS', context })
  const told = async () => (await readAll(service.auth.audit)).map((entry) => toOcsf(entry))
  const before = await told()
  expect(before.filter(({ src_endpoint }) => src_endpoint !== undefined)).toHaveLength(1)
  await good(service.auth.personalData.erase({ userId: user, by: 'operator' }))
  const after = await told()
  for (const word of ['SECRETNAME', ...Object.values(context)])
    expect(JSON.stringify(after)).not.toContain(word)
  const erased = after.filter(({ unmapped }) => unmapped['context'] === '[erased]')
  expect(erased.map(({ metadata }) => metadata.uid)).toEqual(
    before.flatMap(({ src_endpoint, metadata }) => (src_endpoint === undefined ? [] : [metadata.uid])),
  )
  expect(problemsOf(erased[0])).toEqual([])
  expect(toOcsf(entryOf('eservice', { type: 'FormClaimed', at: 1 }, { actor: '[erased]' })).actor).toEqual({
    user: { name: '[erased]' },
  })
})

test('AUD-09 · metadata.uid is the same when an entry is delivered again, and different for every other entry', async () => {
  const { auth } = await everyKind()
  const uids = async () => (await readAll(auth.audit)).map((entry) => toOcsf(entry).metadata.uid)
  const first = await uids()
  expect(new Set(first).size).toBe(first.length)
  expect(await uids()).toEqual(first)
  const locked = { type: 'Locked', at: 1, rule: 'LOCK-01' }
  const [one, restored] = ['a'.repeat(32), 'b'.repeat(32)].map((operationId) =>
    toOcsf(entryOf('account', locked, { operationId })),
  )
  expect(one?.metadata.original_event_uid).toBe(restored?.metadata.original_event_uid)
  expect(one?.metadata.uid).not.toBe(restored?.metadata.uid)
})

test('AUD-09 · an IP address is exported as an address, and anything else as a name', () => {
  const from = (source: string) =>
    toOcsf(entryOf('account', { type: 'Locked', at: 1 }, { context: { source } })).src_endpoint
  for (const ip of ['192.0.2.1', '::1', '2001:db8::9', '::ffff:7f00:1']) expect(from(ip)).toEqual({ ip })
  // As a server on IPv6 gives a client on IPv4.
  for (const mapped of ['::ffff:192.0.2.1', '::FFFF:192.0.2.1'])
    expect(from(mapped)).toEqual({ ip: '192.0.2.1' })
  for (const name of [
    'terminal-9',
    '::ffff:terminal-9',
    '::ffff:192.0.2.256',
    '192.0.2.256',
    '1.2.3',
    '01.2.3.4',
    ':',
    '12:30',
    '1::2::3',
    'fe80::1%eth0',
  ])
    expect(from(name)).toEqual({ name })
})

test('AUD-09 · an event or operation unknown to this version is exported as such and not lost', () => {
  const event = toOcsf(
    entryOf('account', { type: 'OfALaterVersion', at: 1, rule: 'ACC-01', secret: 'MARKED' }),
  )
  expect(problemsOf(event)).toEqual([])
  expect(event).toMatchObject({ type_name: 'Entity Management: Other', activity_name: 'OfALaterVersion' })
  expect(JSON.stringify(event)).not.toContain('MARKED')
  const refused = { type: 'CommandRefused', at: 1, operation: 'toString', reason: 'unknown-user' }
  expect(toOcsf(entryOf('account', refused))).toMatchObject({
    type_name: 'Account Change: Other',
    status_code: 'unknown-user',
  })
})

test('AUD-09 · an event without a mapping does not compile', () => {
  const { Locked: _, ...rest } = accountMapping
  // @ts-expect-error: Locked is missing
  const incomplete: KindMapping<'account'> = rest
  expect('Locked' in incomplete).toBe(false)
  for (const { kind, event, when } of ocsfMappings.filter(
    ({ kind, event }, index) =>
      ocsfMappings[index + 1]?.kind !== kind || ocsfMappings[index + 1]?.event !== event,
  ))
    expect(when, `the last row of ${kind} ${event} always applies`).toBeUndefined()
})

test('AUD-09 · an unknown option is an error that names it', () => {
  const entry = entryOf('account', { type: 'Locked', at: 1 })
  expect(() => toOcsf(entry, { vendor: 'HKEX' } as never)).toThrow(
    'toOcsf: unknown option "vendor"; the options are product',
  )
})
