/** One field, one schema: every source accepts and refuses the same values (FLD-01 to FLD-05). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wireAddress } from '../../src/adapters/mail/address.ts'
import { clientConnectUserShape, isReadable } from '../../src/eservices/model/client-connect.ts'
import { contentsShape, isComplete } from '../../src/eservices/model/contents.ts'
import { parseEmailAddress } from '../../src/fields/email-address.ts'
import { type ListedAccount, readListingRow } from '../../src/migration/model/listing.ts'
import type { ListingColumn } from '../../src/migration/model/listing-header.ts'
import { cheung, contents } from '../eservices/model/support.ts'
import { lineOf } from '../migration/model/lines.ts'
import { branches } from '../support/branches.ts'
import { changing, creating, dmsTestService } from '../support/dms.ts'
import { codeOf, testService } from '../support/test-service.ts'

const userId = 'B0123409'

/** Whether a source accepts a value; only the value itself can be refused there. */
type Entrance = (value: string) => Promise<boolean>

const isTaken = (code: string) => {
  if (code === 'ok') return true
  if (code === 'malformed-input') return false
  throw new Error(`refused for another reason: ${code}`)
}

/** A profile field, for every source of profiles. */
const profileEntrances = (field: 'email' | 'surname' | 'otherNames'): Readonly<Record<string, Entrance>> => ({
  'registry.register': async (value) =>
    isTaken(
      await codeOf(
        testService().auth.registry.register({
          userId,
          role: 'User',
          origin: 'imported',
          by: 'HKEX',
          [field]: value,
        }),
      ),
    ),
  'registry.change': async (value) => {
    const { auth } = testService()
    await auth.registry.register({ userId, role: 'User', origin: 'imported', by: 'HKEX' })
    return isTaken(await codeOf(auth.registry.change({ userId, by: 'HKEX', changes: { [field]: value } })))
  },
  'dms.enter, a new user': async (value) => {
    const service = await dmsTestService()
    return isTaken(
      await codeOf(
        service.auth.dms.enter({
          session: service.maker.session,
          entry: creating(userId, { [field]: value }),
        }),
      ),
    )
  },
  'dms.enter, a change': async (value) => {
    const service = await dmsTestService()
    return isTaken(
      await codeOf(
        service.auth.dms.enter({ session: service.maker.session, entry: changing({ [field]: value }) }),
      ),
    )
  },
  'eServices, a new Delegated Administrator': async (value) =>
    contentsShape.safeParse(
      contents({
        type: 'add',
        profile: { surname: 'Chan', otherNames: 'Tai Man', email: 'a@bank.example', [field]: value },
      }),
    ).success,
  'eServices, a change': async (value) =>
    contentsShape.safeParse(contents({ type: 'change', userId: 'B01234X1', changes: { [field]: value } }))
      .success,
})

/** A column of a User Profile Listing. Cells are trimmed there, so blanks around a value do not count. */
const listingEntrance =
  (column: ListingColumn, isTakenAs: (account: ListedAccount, value: string) => boolean): Entrance =>
  async (value) =>
    readListingRow(lineOf(userId, { [column]: value })).match(
      (account) => isTakenAs(account, value),
      () => false,
    )

/** The contact person of a form, as complete as a submission requires. */
const contactEntrance =
  (field: 'name' | 'email'): Entrance =>
  async (value) => {
    const contact = { ...contents().contact, [field]: value }
    return contentsShape.safeParse({ ...contents(), contact }).success && isComplete(contact)
  }

const listedEmail = listingEntrance('Email', ({ profile }, value) => profile.email === value)
const listedName = listingEntrance('Surname', ({ profile }, value) => profile.surname === value)
const listedSerial = listingEntrance('SRN', ({ profile }, value) => profile.smartcard?.srn === value)

const emails: Readonly<Record<string, Entrance>> = {
  ...profileEntrances('email'),
  'the listing': listedEmail,
  'a Client Connect user': async (value) =>
    clientConnectUserShape.safeParse({ ...cheung, email: value }).success &&
    isReadable({ ...cheung, email: value }),
  'the contact of a form': contactEntrance('email'),
  mailer: async (value) => wireAddress(value) !== undefined,
}

const names: Readonly<Record<string, Entrance>> = {
  ...profileEntrances('surname'),
  'the listing': listedName,
  'the contact of a form': contactEntrance('name'),
  'a Client Connect user': async (value) =>
    clientConnectUserShape.safeParse({ ...cheung, name: value }).success,
}

const verdicts = async (entrances: Readonly<Record<string, Entrance>>, value: string) =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(entrances).map(async ([name, takes]) => [name, await takes(value)] as const),
    ),
  )

const same = (entrances: Readonly<Record<string, Entrance>>, taken: boolean) =>
  Object.fromEntries(Object.keys(entrances).map((name) => [name, taken]))

describe('FLD-01 · an email address', () => {
  test.each([
    'a@bank.example',
    "o'brien+ccass@sub.bank.example",
    `${'a'.repeat(64)}@bank.example`,
    'chan@證券.香港',
    'chan@xn--dgtt4z.xn--j6w193g',
    '陳大文@證券.香港',
    `${'陳'.repeat(21)}@bank.example`,
  ])('is accepted at every entry point: %s', async (value) => {
    expect(await verdicts(emails, value)).toEqual(same(emails, true))
  })

  test.each([
    ['a local part of 65 octets', `${'a'.repeat(65)}@bank.example`],
    ['a local part of 66 octets in 22 characters', `${'陳'.repeat(22)}@bank.example`],
    ['255 octets in all', `a@${`${'b'.repeat(61)}.`.repeat(4)}examp`],
    ['a domain of one label', 'a@localhost'],
    ['an IP address', 'a@127.0.0.1'],
    ['a display name', 'A <a@bank.example>'],
    ['two addresses', 'a@bank.example,b@bank.example'],
    ['a line break', 'a@bank.example\r\nBcc: b@bank.example'],
    ['a blank around it', ' a@bank.example'],
    ['an invisible character', 'a\u200b@bank.example'],
    ['a filler, which is a letter', 'a\u3164@bank.example'],
    ['a joiner of graphemes, which is a mark', 'a\u034f@bank.example'],
    ['an invisible character in the domain', 'a@ba\u034fnk.example'],
    ['a variation selector', '陳\u{e0100}@bank.example'],
    ['an unpaired surrogate', 'a\ud800@bank.example'],
    ['a symbol', '☃@bank.example'],
    ['nothing', ''],
  ])('is refused at every entry point: %s', async (_, value) => {
    expect(await verdicts(emails, value)).toEqual(same(emails, false))
  })

  test('is accepted by every entry point or refused by every entry point, for any input', async () => {
    const piece = fc.constantFrom(
      ...['a', 'é', '陳', '.', '@', ' ', '\0', '\u202e', 'xn--', '-', '1', '證券', '"'],
    )
    const typed = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    const near = fc.tuple(typed, typed).map(([local, domain]) => `${local}@${domain}.hk`)
    const letters = fc.array(fc.constantFrom('a', 'é', '陳', '1'), { minLength: 1, maxLength: 6 })
    const sound = letters.map((pieces) => `${pieces.join('')}@bank.example`)
    const seen = branches('taken', 'refused')
    await fc.assert(
      fc.asyncProperty(fc.oneof(typed, near, sound), async (value) => {
        const isAddress = seen.either('taken', 'refused', parseEmailAddress(value) !== undefined)
        expect(await verdicts(emails, value)).toEqual(same(emails, isAddress))
      }),
      { numRuns: 60 },
    )
    seen.expectAll()
  })
})

describe('FLD-02 · a name', () => {
  test.each(['CHAN', '陳', '葛\u{e0100}飾', "O'Brien-Ng", 'Müller', 'a'.repeat(128)])(
    'is accepted at every entry point: %s',
    async (value) => {
      expect(await verdicts(names, value)).toEqual(same(names, true))
    },
  )

  test.each([
    ['nothing', ''],
    ['blanks', '  '],
    ['129 characters', 'a'.repeat(129)],
    ['a direction override', 'CHAN\u202eNAHC'],
    ['a line break', 'CHAN\nTAI MAN'],
    ['a line separator', 'CHAN\u2028'],
    ['a NUL', 'CHAN\0'],
    ['a zero-width space', 'CH\u200bAN'],
    ['an unpaired surrogate', 'CHAN\udc00'],
    ['a private-use character', 'CHAN\ue000'],
    ['an unassigned character', 'CHAN\u0378'],
    ['a filler, which is a letter', '\u3164'],
    ['a joiner of graphemes, which is a mark', 'CH\u034fAN'],
    ['a tag character', 'CHAN\u{e0041}'],
    ['an Arabic letter mark', '\u061cCHAN'],
    ['a variation selector after a Latin letter', 'CHAN\ufe0f'],
    ['a second variation selector', '葛\u{e0100}\u{e0101}'],
  ])('is refused at every entry point: %s', async (_, value) => {
    expect(await verdicts(names, value)).toEqual(same(names, false))
  })
})

describe('FLD-04 · Enable From after Disable After', () => {
  const reversed = { enableFrom: '2023-06-06', disableAfter: '2023-06-05' }
  const account = { userId, role: 'User', origin: 'imported', by: 'HKEX' } as const

  test('is refused at registration, and creates neither account nor User ID', async () => {
    const { auth } = testService()
    expect(await codeOf(auth.registry.register({ ...account, ...reversed }))).toBe('dates-reversed')
    expect((await auth.registry.totals({ participant: 'B01234' }))._unsafeUnwrap().total).toBe(0)
    expect(await codeOf(auth.registry.register(account))).toBe('ok')
  })

  test('is refused if one date is already set, and a single day is accepted', async () => {
    const { auth } = testService()
    await auth.registry.register({ ...account, disableAfter: '2023-06-05' })
    const change = (changes: object) => codeOf(auth.registry.change({ userId, by: 'HKEX', changes }))
    expect(await change({ enableFrom: '2023-06-06' })).toBe('dates-reversed')
    expect(await change({ enableFrom: '2023-06-05' })).toBe('ok')
    expect(await change({ enableFrom: '2023-06-06', disableAfter: null })).toBe('ok')
  })

  test('is refused in a listing', () => {
    const dates = { 'Enable From': '06/06/23', 'Disable After': '05/06/23' }
    const refused = readListingRow(lineOf(userId, dates))._unsafeUnwrapErr()
    expect(refused.problems).toEqual([{ code: 'dates-reversed', rule: 'FLD-04', column: 'Disable After' }])
  })

  test('is refused in DMS when it is entered', async () => {
    const service = await dmsTestService()
    const enter = (entry: Parameters<typeof service.auth.dms.enter>[0]['entry']) =>
      codeOf(service.auth.dms.enter({ session: service.maker.session, entry }))
    expect(await enter(creating(userId, reversed))).toBe('dates-reversed')
    expect(await enter(changing(reversed))).toBe('dates-reversed')
  })
})

describe('FLD-03 · the serial number of a smartcard', () => {
  const certificateExpiry = Date.UTC(2030, 11, 31)
  const serials: Readonly<Record<string, Entrance>> = {
    'registry.register': async (srn) =>
      isTaken(
        await codeOf(
          testService().auth.registry.register({
            ...{ userId, role: 'User', origin: 'imported', by: 'HKEX' },
            smartcard: { srn, certificateExpiry },
          }),
        ),
      ),
    'the listing': listedSerial,
    'smartcards.signIn': async (srn) =>
      (await codeOf(testService().auth.smartcards.signIn({ userId, system: 'CCASS/CCMS', srn }))) !==
      'malformed-input',
  }

  test.each(['0101101200012AB2', 'A', 'a'.repeat(32)])(
    'is accepted at every entry point: %s',
    async (value) => {
      expect(await verdicts(serials, value)).toEqual(same(serials, true))
    },
  )

  test.each(['1.01101E+23', '', 'a'.repeat(33), 'A B', '０１０１', 'A\0'])(
    'is refused at every entry point: %j',
    async (value) => {
      expect(await verdicts(serials, value)).toEqual(same(serials, false))
    },
  )
})

describe('FLD-05 · text and paging', () => {
  const hostile = ['\0', 'a\0b', 'a\ud800', 'a\u202eb', '\ue000']

  test.each(hostile)(
    'text with a control or invisible character never reaches the storage: %j',
    async (bad) => {
      const service = await dmsTestService()
      const { session } = service.maker
      const by = 'HKEX'
      const page = { participant: 'B01234', after: bad }
      const given: readonly Parameters<typeof codeOf>[0][] = [
        service.auth.dms.listing({ session, after: bad }),
        service.auth.dms.findByName({ session, name: bad }),
        service.auth.dms.enter({ session, entry: changing({ organisation: bad }) }),
        service.auth.dms.enter({ session, entry: changing({ transactionLimits: { [bad]: '1.00' } }) }),
        service.auth.eservices.sent({ after: bad }),
        service.auth.migration.notInitialised(page),
        service.auth.migration.expiring({ ...page, before: 1 }),
        service.auth.migration.decommissionSmartcards({ participant: bad, by }),
        service.auth.registry.totals({ participant: bad }),
        service.auth.registry.setMaximum({ participant: bad, maximum: 1, by }),
        service.auth.registry.unlock({ userId: bad, by }),
        service.auth.audit.records({ participant: bad }),
        service.auth.audit.trail({ record: { participant: 'B01234', kind: 'account', id: bad } }),
      ]
      for (const answer of given) expect(await codeOf(answer)).toBe('malformed-input')
    },
  )

  test('a remark may have several lines but no direction override', async () => {
    const service = await dmsTestService()
    const { session } = service.checker
    const { request } = (
      await service.auth.dms.enter({
        session: service.maker.session,
        entry: changing({ organisation: 'ABC' }),
      })
    )._unsafeUnwrap()
    const review = (await service.auth.dms.review({ session, request }))._unsafeUnwrap()
    const reject = (remark: string) => codeOf(service.auth.dms.reject({ session, review, remark }))
    expect(await reject('no\u202eyes')).toBe('malformed-input')
    expect(await reject('first line\nsecond line')).toBe('ok')
  })
})

describe('ID-07, MNT-10 · keys and codes', () => {
  test.each(['B01234', 'A00000', 'Z99999', 'BNK999', 'HKABC', 'HK0A9'])(
    '%s is accepted as the key of a participant',
    async (key) => {
      const { auth } = testService()
      expect(await codeOf(auth.registry.totals({ participant: key }))).toBe('ok')
    },
  )

  test.each([
    ...[
      '012345',
      'B0123A',
      'b01234',
      'B012345',
      'B0123',
      'BNK99A',
      'BNK9999',
      'HKAB',
      'HKABCD',
      'HKabc',
      'HKEX',
    ],
    ...[' B01234', 'B01234\n', '', '__proto__'],
  ])('%j is refused', async (key) => {
    const { auth } = testService()
    expect(await codeOf(auth.registry.totals({ participant: key }))).toBe('malformed-input')
    expect(await codeOf(auth.migration.decommissionSmartcards({ participant: key, by: 'HKEX' }))).toBe(
      'malformed-input',
    )
  })
})

test('FLD-06 · a transaction limit is stored as entered or refused: no name is silently dropped', async () => {
  const { auth } = testService()
  const limits = (json: string) => ({ transactionLimits: JSON.parse(json) as Record<string, string> })
  const account = { userId, role: 'User', origin: 'imported', by: 'HKEX' } as const
  expect(await codeOf(auth.registry.register({ ...account, ...limits('{"__proto__":"1.00"}') }))).toBe(
    'malformed-input',
  )
  expect(
    await codeOf(
      auth.registry.register({ ...account, ...limits('{"constructor":"1.00","toString":"2.00"}') }),
    ),
  ).toBe('ok')
  const change = (changes: object) => codeOf(auth.registry.change({ userId, by: 'HKEX', changes }))
  expect(await change({ transactionLimits: null })).toBe('ok')
  for (const bad of [[], 'x', 5, { DI: `1${'0'.repeat(13)}` }, { DI: 1 }, { 'a\0': '1.00' }])
    expect(await change({ transactionLimits: bad })).toBe('malformed-input')
})
