/** Texts of the right type that are meaningless or harmful. */
import { expect, test } from 'vitest'
import { everythingAtHand } from '../support/every-record.ts'
import { codeOf, refusal, testService } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import { begun, initialised, user, view } from '../support/user-journeys.ts'

/** Texts that are no account's User ID, password, token, code or seal. */
const texts: readonly string[] = [
  ...['', ' ', '\0', '\n', '\u202e', '\ud800', '\udc00\ud800', '\uFEFFB0123401', 'B0123401\0', ' B0123401'],
  ...[
    'Ｂ０１２３４０１',
    'В0123401',

    'ı0123401',
    '__proto__',
    'constructor',
    '../../etc',
    "' OR 1=1 --",
  ],
  ...['B0123401.', '.', 'B0123401.ABCDEF', `B0123401.${'g'.repeat(32)}`, `b0123401.${'0'.repeat(32)}`],
  ...['x'.repeat(4_097), '🐎'.repeat(70_000)],
]

test('API-01, ID-08 · meaningless texts are refused: blanks, look-alikes, lone surrogates, NULs, hundreds of thousands of characters', async () => {
  const { service, person, calls } = await everythingAtHand()
  for (const { name, call, input } of calls)
    for (const field of Object.keys(input))
      for (const text of texts) {
        if (typeof input[field] !== 'string' || field === 'by') continue
        const result = await call({ ...input, [field]: text })
        expect([name, field, text.slice(0, 40), result.isErr()]).toEqual([
          name,
          field,
          text.slice(0, 40),
          true,
        ])
      }
  expect((await view(service, person)).locked).toBe(true) // some were passwords, and wrong
  expect(service.faults.every(({ port }) => port === 'secretBox')).toBe(true)
  await expectTrailVerifies(service, user)
})

test('API-01, PW-06, PW-16 · a password that could never have been set is not hashed: ten million characters, a lone surrogate', async () => {
  const { service, person, calls } = await everythingAtHand()
  const never = ['x'.repeat(1_000_000), 'Aa1!'.repeat(2_500_000), '🐎'.repeat(200), 'Aa1!Aa1!Aa1!Aa1!\ud800']
  const hashed = JSON.stringify(service.passwordHasher.calls)
  const began = performance.now()
  for (const password of never) {
    expect(await codeOf(service.auth.signIn.begin({ ...person, password }))).toBe('malformed-input')
    for (const { name, call, input } of calls)
      if (name === 'passwordSetUp.complete' || name === 'selfService.changePassword')
        for (const field of ['password', 'current'])
          if (field in input)
            expect((await refusal(call({ ...input, [field]: password }))).code).toMatch(
              /^(malformed-input|password-refused)$/,
            )
  }
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(JSON.stringify(service.passwordHasher.calls)).toBe(hashed)
  expect((await view(service, person)).failedAttempts.passwords).toBe(0)
})

test('API-01, OTP-11 · a challenge token that is stale, truncated, of another account, in another case or forged is refused and costs nothing', async () => {
  const { service, person } = await everythingAtHand()
  const other = await initialised(service, 'B0123402')
  const { challenge } = await begun(service, person)
  const { challenge: foreign } = await begun(service, other)
  const [, random = ''] = challenge.split('.')
  const handles = [
    ...[
      challenge.toLowerCase(),
      challenge.toUpperCase(),
      challenge.slice(0, -1),
      `${challenge}0`,
      ` ${challenge}`,
    ],
    ...[
      random,
      `${user}.${random.split('').reverse().join('')}`,
      `B0123402.${random}`,
      `${user}.${foreign.slice(9)}`,
    ],
    ...[
      `B0199901.${random}`,
      `ZZZZZZZZ.${random}`,
      `${user}.${'0'.repeat(32)}`,
      `${challenge}\n`,
      `${challenge}\0`,
    ],
  ]
  for (const handle of handles) {
    expect(
      await codeOf(service.auth.signIn.confirmOtp({ challenge: handle, code: person.phone.code() })),
    ).toBe('challenge-ended')
    expect(
      await codeOf(service.auth.passwordSetUp.confirmCode({ challenge: handle, code: '12345678' })),
    ).toMatch(/^(challenge-ended|code-refused)$/)
    expect(await codeOf(service.auth.enrolment.chooseChannel({ challenge: handle, channel: 'Email' }))).toBe(
      'challenge-ended',
    )
    expect(await codeOf(service.auth.signIn.cancel({ challenge: handle }))).toBe('challenge-ended')
  }
  expect([
    (await view(service, person)).failedAttempts.otps,
    (await view(service, other)).failedAttempts.otps,
  ]).toEqual([0, 0])
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe('ok')
})

test('API-01, ACC-05 · a profile with invalid dates or addresses, and an actor without a name, are refused', async () => {
  const service = testService()
  await initialised(service)
  const change = (changes: object, by = 'HKEX') =>
    codeOf(service.auth.registry.change({ userId: user, by, changes }))
  for (const day of [
    '',
    '2023-02-30',
    '2023-13-01',
    '2023-1-1',
    '01/02/2023',
    '2023-05-01T00:00:00Z',
    '２０２３-05-01',
  ])
    for (const field of ['enableFrom', 'disableAfter'])
      expect(await change({ [field]: day })).toBe('malformed-input')
  for (const email of [
    '',
    'x',
    'a@b',
    '@example.com',
    'a b@example.com',
    'a@example.com\n',
    `${'a'.repeat(250)}@b.hk`,
  ])
    expect(await change({ email })).toBe('malformed-input')
  for (const by of ['', ' ', ' x', '\n', 'x\ny', 'x'.repeat(129), '<script>'])
    expect(await change({ status: 'DISABLED' }, by)).toBe('malformed-input')
  expect((await view(service, { userId: user })).status).toBe('ENABLED')
})
