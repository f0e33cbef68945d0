/**
 * Any text in any field of any operation (FLD-05, API-01): the test enumerates the service's operations and
 * replaces every text and number of their input by anything of the same type. The storage is as strict as the
 * strictest database, and must never receive a value that it could not store.
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Refusal, Result, StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { both, cheung, contents, lee, unlock, wong } from '../eservices/model/support.ts'
import { branches } from '../support/branches.ts'
import { changing, type DmsTestService, dmsTestService, entered, getCode, reviewed } from '../support/dms.ts'
import { supplied } from '../support/migration.ts'
import { begun } from '../support/user-journeys.ts'

/** What PostgreSQL refuses in text and JSON, and what its index keys can't hold. */
const unstorable = (value: unknown): string | undefined => {
  const texts: string[] = []
  const collect = (each: unknown): void => {
    if (typeof each === 'string') texts.push(each)
    else if (typeof each === 'number' && !Number.isFinite(each)) texts.push('\0')
    else if (typeof each === 'object' && each !== null) {
      for (const [name, inner] of Object.entries(each)) {
        texts.push(name)
        collect(inner)
      }
    }
  }
  collect(value)
  return texts.find((text) => text.includes('\0') || !text.isWellFormed())
}

const isLongKey = (key: object) => Object.values(key).some((part) => String(part).length > 512)

/** A storage that refuses everything that the strictest database refuses. */
const strict = (inner: StoragePort): StoragePort => {
  const check = (...values: readonly unknown[]) => {
    const found = unstorable(values)
    if (found !== undefined) throw new Error(`no database keeps ${JSON.stringify(found.slice(0, 40))}`)
  }
  const checkKeys = (keys: readonly object[]) => {
    check(keys)
    if (keys.some(isLongKey)) throw new Error('no index keeps a key that long')
  }
  return Object.fromEntries(
    Object.entries(inner).map(([name, call]) => [
      name,
      async (...args: readonly unknown[]) => {
        check(...args)
        if (name === 'load') checkKeys(args[0] as readonly object[])
        if (name === 'trail') checkKeys([args[0] as object])
        return Reflect.apply(call as (...args: readonly unknown[]) => unknown, inner, args)
      },
    ]),
  ) as unknown as StoragePort
}

type Operation = (input: unknown) => PromiseLike<Result<unknown, Refusal>>
type Input = Readonly<Record<string, unknown>>

const form = '0'.repeat(24)
const person = { userId: 'B0123402', system: 'CCASS/CCMS' }
const by = 'HKEX'
const page = { after: 'B0123401', limit: 10 }
const newcomer = { surname: 'CHAN', otherNames: 'TAI MAN', email: 'a@bank.example' }
const profile = { organisation: 'B01234 ABC', ...newcomer }
const dates = { enableFrom: '2023-01-01', disableAfter: '2030-12-31' }
const more = { clearingHouseOptions: 'Cash', accessChannel: 'C3T', userGroups: ['11', 'A'] }
const whole = { ...profile, ...dates, ...more, transactionLimits: { Default: '0.00', DI: '100.00' } }
const smartcard = { srn: '0101101200012AB2', certificateExpiry: Date.UTC(2030, 11, 31) }
const place = JSON.stringify(['B01234', 'account', 'B0123401'])
const context = { source: '203.0.113.9', userAgent: 'Mozilla/5.0', requestId: 'r-1' }
const filledIn = contents(
  { type: 'add', profile: { ...newcomer, ...dates } },
  {
    type: 'change',
    userId: 'B01234X2',
    changes: { surname: 'LEE', email: 'b@bank.example', userGroups: ['11'] },
  },
  unlock('B01234X1', 'a@bank.example'),
)

let service: DmsTestService
let request: string
let inputs: Readonly<Record<string, Input>>

/**
 * An input with every field of every operation. The test fails for a new operation until its fields are added
 * here.
 */
const everyInput = async (): Promise<Readonly<Record<string, Input>>> => {
  const { session } = service.maker
  request = (await entered(service, changing({ surname: 'WONG' }))).request
  const review = await reviewed(service, request)
  const authorisationCode = await getCode(service, request)
  const { challenge } = await begun(service, service.maker)
  const fresh = { password: 'Another-Horse-1!', confirmation: 'Another-Horse-1!' }
  const entry = { kind: 'change', userId: 'B0123401', changes: { ...whole, smartcard }, unlock: false }
  const onForm = { actor: cheung, id: form }
  const checkpoint = { format: 'ccass-2fa/checkpoint/1', at: 0, count: 0, root: '0'.repeat(64) }
  const listing = {
    lines: supplied(),
    participants: ['B01234'],
    maxima: { B01234: 20 },
    declared: { B01234: [1] },
  }
  const given: Record<string, Input> = {
    'signIn.begin': { ...person, password: 'Correct-Horse-1!' },
    'signIn.confirmOtp': { challenge, code: '123456' },
    'signIn.resendCode': { challenge },
    'signIn.cancel': { challenge },
    'smartcards.signIn': { ...person, srn: smartcard.srn, site: 'primary' },
    'passwordSetUp.begin': person,
    'passwordSetUp.confirmCode': { challenge, code: '12345678' },
    'passwordSetUp.complete': { challenge, ...fresh },
    'enrolment.chooseChannel': { challenge, channel: 'MobileApp' },
    'enrolment.confirm': { challenge, code: '123456' },
    'selfService.changePassword': { session, current: 'Correct-Horse-1!', ...fresh },
    'selfService.changeDevice': { session },
    'registry.register': { userId: 'B0123477', role: 'User', origin: 'imported', by, ...whole, smartcard },
    'registry.change': { userId: 'B0123401', by, changes: { ...whole, smartcard } },
    'registry.unlock': { userId: 'B0123401', by },
    'registry.delete': { userId: 'B0123499', by },
    'registry.endSessions': { userId: 'B0123499', by },
    'registry.setMaximum': { participant: 'B01234', maximum: 20, by },
    'registry.totals': { participant: 'B01234' },
    'registry.view': { userId: 'B0123401' },
    'dms.find': { session, userId: 'B0123401' },
    'dms.findByName': { session, name: 'CHAN' },
    'dms.listing': { session, ...page },
    'dms.proposeUserId': { session, group: '1' },
    'dms.supportRoute': { need: 'unlock', role: 'User', channel: 'Email', phase: 'parallel-run' },
    'dms.pending': { session, ...page },
    'dms.ownRequests': { session, ...page },
    'dms.disabledUsers': { session, ...page },
    'dms.serialNumbers': { session, ...page },
    'dms.userGroups': { session, ...page },
    'dms.maintenanceReport': { session, ...page, from: 0, to: 1 },
    'dms.enter': { session, entry },
    'dms.amend': { session, request, entry },
    'dms.withdraw': { session, request: form },
    'dms.review': { session: service.checker.session, request },
    'dms.getAuthorisationCode': { session: service.checker.session, review },
    'dms.confirm': { session, request, checkerId: 'B01234X2', authorisationCode },
    'dms.reject': { session: service.checker.session, review, remark: 'no' },
    'eservices.draft': { actor: cheung, form: 'DA 3', contents: filledIn },
    'eservices.edit': { ...onForm, contents: filledIn },
    'eservices.submit': { ...onForm, users: [wong, lee] },
    'eservices.reclaim': onForm,
    'eservices.claim': { ...onForm, actor: wong },
    'eservices.takeOver': { ...onForm, actor: lee },
    'eservices.release': { ...onForm, actor: wong },
    'eservices.discard': onForm,
    'eservices.refer': { ...onForm, actor: wong, to: both },
    'eservices.revert': { ...onForm, actor: wong, remark: 'no' },
    'eservices.confirm': { ...onForm, actor: wong },
    'eservices.clone': onForm,
    'eservices.view': onForm,
    'eservices.list': { actor: cheung, after: form, limit: 10 },
    'eservices.sent': { after: 'DA3_00013361', limit: 10 },
    'eservices.process': {
      form: { reference: 'DA3_00013361', participant: 'B01234', id: form },
      by,
      group: '1',
    },
    'access.evaluate': { userId: 'B0123401', resource: 'terminal', site: 'primary', at: 0 },
    'migration.plan': listing,
    'personalData.erase': { userId: 'B0123409', kinds: ['contact'], by },
    'personalData.applyRetention': { participant: 'B01234', after: 'account/B0123401', limit: 10, by },
    'migration.apply': { ...listing, by, afterLine: 1_000 },
    'migration.reconcile': listing,
    'migration.notInitialised': { participant: 'B01234', ...page },
    'migration.expiring': { participant: 'B01234', ...page, before: 1 },
    'migration.lateRegistrations': { participant: 'B01234', ...page },
    'migration.decommissionSmartcards': { participant: 'B01234', by },
    'sessions.check': { session },
    'sessions.seal': { session },
    'sessions.open': { sealed: 'v1.key-7.AAAA', system: 'DMS' },
    'sessions.list': { session },
    'sessions.signOut': { session: service.checker.session },
    'sessions.end': { session, id: '0'.repeat(32) },
    'sessions.endAll': { session: service.checker.session },
    'sessions.endOthers': { session },
    'outbox.deliver': {},
    'audit.trail': { userId: 'B0123401', after: 0, limit: 10 },
    'audit.refusals': { userId: 'B0123401', after: 0, limit: 10 },
    'audit.feed': { after: JSON.stringify(['1', 'x']), limit: 10 },
    'audit.records': { participant: 'B01234', after: place, limit: 10 },
    'audit.verify': { participant: 'B01234', after: place, limit: 10 },
    'audit.checkpoint': { keep: () => undefined },
    'audit.verifyCheckpoint': { checkpoint, manifest: ['x'] },
  }
  return Object.fromEntries(Object.entries(given).map(([name, input]) => [name, { ...input, context }]))
}

const operations = (): ReadonlyMap<string, Operation> =>
  new Map(
    Object.entries(service.auth)
      .filter(([room]) => room !== 'policy')
      .flatMap(([room, calls]) =>
        Object.entries(calls as object).map(
          ([name, call]) => [`${room}.${name}`, call as Operation] as const,
        ),
      ),
  )

type Path = readonly (string | number)[]

/** Every text and number of a plain input, and every key of an object with free keys, by path. */
const leavesOf = (value: unknown, at: Path = []): readonly Path[] => {
  if (typeof value === 'string' || typeof value === 'number') return [at]
  if (typeof value !== 'object' || value === null) return []
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...at, name])) : []
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Record<string | number, unknown>)[name], value)

/** A copy with another value at a path. */
const replaced = (value: unknown, [name, ...rest]: Path, leaf: unknown): unknown => {
  if (name === undefined) return leaf
  const inner = replaced((value as Record<string | number, unknown>)[name], rest, leaf)
  if (Array.isArray(value)) return value.map((each, i) => (i === Number(name) ? inner : each))
  return { ...(value as object), [name]: inner }
}

/** A copy in which a key is renamed. */
const renamed = (value: unknown, path: Path, name: string): unknown => {
  const [parent, last] = [path.slice(0, -1), path.at(-1) ?? '']
  const { [last]: leaf, ...others } = at(value, parent) as Record<string, unknown>
  return replaced(value, parent, Object.fromEntries([...Object.entries(others), [name, leaf]]))
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 8,
  }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    'a\udc00b',
    '\u202e',
    '\u2028',
    '\ufeff',
    '\ufdd0',
    '\u{e0001}',
    '\u{10ffff}',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '$',
    '%',
    "'; DROP TABLE record; --",
  ),
  fc.constantFrom('Ｂ0123401', 'В0123401', 'B0123401\u200b', 'ß', 'ŉ', 'ﬃ', '\u0130', '\u212a', 'e\u0301'),
  fc
    .tuple(fc.constantFrom('x', '🐎', '\0', '\ud800', 'é', '\u0344'), fc.constantFrom(300, 5_000, 100_000))
    .map(([unit, times]) => unit.repeat(times)),
)
const number = fc.oneof(
  fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -1,
    -0,
    0.5,
    2 ** 31,
    2 ** 53,
    1e308,
    -8.64e15,
    8.64e15 + 1,
  ),
  fc.double(),
)

beforeAll(async () => {
  service = await dmsTestService({ storage: strict(memoryStorage()) })
  inputs = await everyInput()
})

test('API-01 · there is a valid input for every operation of the service, and each is accepted', async () => {
  expect([...operations().keys()].sort()).toEqual(Object.keys(inputs).sort())
  for (const [name, call] of operations()) {
    const answer = await call(inputs[name])
    expect([name, answer.isErr() && answer.error.code]).toEqual([
      name,
      expect.not.stringMatching(/^(malformed-input|port-failed|internal-error)$/),
    ])
    if (/^sessions\.(signOut|end)/.test(name)) await reopened()
  }
})

/** Opens again the sessions that an operation ended. */
const reopened = async () => {
  service = await dmsTestService({ storage: strict(memoryStorage()) })
  inputs = await everyInput()
}

describe('FLD-05, API-01 · any text or number in any field', () => {
  const names = [
    ...['signIn', 'smartcards', 'passwordSetUp', 'enrolment', 'selfService', 'registry', 'dms', 'eservices'],
    ...['access', 'migration', 'sessions', 'outbox', 'personalData', 'audit'],
  ]

  test.each(names)(
    '%s returns a result, never throws, and writes nothing that a storage could not keep',
    async (room) => {
      const own = Object.entries(inputs).filter(([name]) => name.startsWith(`${room}.`))
      const places = own.flatMap(([name, input]) =>
        leavesOf(input).flatMap((path) => [
          { name, path, isName: false },
          ...(path.length > 1 ? [{ name, path, isName: true }] : []),
        ]),
      )
      if (places.length === 0) return
      const seen = branches('malformed', 'not malformed', 'a number', 'a text', 'the name of a field')
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...places),
          text,
          number,
          async ({ name, path, isName }, word, figure) => {
            const input = inputs[name]
            const isNumber = typeof at(input, path) === 'number'
            const leaf = seen.either('a number', 'a text', isNumber) ? figure : word
            seen.hitIf('the name of a field', isName)
            const changed = isName ? renamed(input, path, word) : replaced(input, path, leaf)
            const answer = await (operations().get(name) as Operation)(changed)
            const code = answer.isErr() ? answer.error.code : 'ok'
            seen.either('malformed', 'not malformed', code === 'malformed-input')
            expect([name, path.join('.'), code]).toEqual([
              name,
              path.join('.'),
              expect.not.stringMatching(/^(port-failed|internal-error|busy)$/),
            ])
          },
        ),
        { numRuns: 40 * places.length > 800 ? 800 : 40 * places.length },
      )
      // No port failed either: errors that are not the storage's are reported to the host too.
      expect(service.faults.filter(({ port }) => port !== 'secretBox')).toEqual([])
      // The outbox takes only the request context, and validates nothing in it.
      expect(seen.counts.malformed > 0).toBe(room !== 'outbox')
      expect(seen.counts['a text']).toBeGreaterThan(0)
      for (const { path, isName } of places)
        if (isName) expect([path, seen.counts['the name of a field']]).not.toEqual([path, 0])
    },
    120_000,
  )
})
