/** Limits per source, counted by rate-limiter-flexible. */
import fc from 'fast-check'
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterUnion } from 'rate-limiter-flexible'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { networkOf, type RateLimiterOptions, rateLimiter } from '../../src/adapters/rate-limiter.ts'
import { branches } from '../support/branches.ts'
import { codeOf, testService } from '../support/test-service.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const asking = (options: RateLimiterOptions) => {
  const limiter = rateLimiter(options)
  return async (source: string, times = 1) => {
    const answers = await Promise.all(
      Array.from({ length: times }, () => limiter.consume({ source, operation: 'signIn.begin' })),
    )
    return answers.map((answer) => (answer.allowed ? 'admitted' : answer.retryAfterSeconds))
  }
}

test('LOCK-14 · a source has a number of attempts in a number of seconds and then waits; refused attempts do not prolong the wait', async () => {
  const ask = asking({ attempts: 3, seconds: 10 })
  expect(await ask('192.0.2.1', 4)).toEqual(['admitted', 'admitted', 'admitted', 10])
  vi.advanceTimersByTime(4_500)
  expect(await ask('192.0.2.1', 2)).toEqual([6, 6])
  expect(await ask('192.0.2.2')).toEqual(['admitted'])
  vi.advanceTimersByTime(5_500)
  expect(await ask('192.0.2.1')).toEqual(['admitted'])
})

test('LOCK-14 · the default is 60 attempts a minute', async () => {
  const answers = await asking({})('192.0.2.1', 61)
  expect(answers.filter((answer) => answer === 'admitted')).toHaveLength(60)
  expect(answers.at(-1)).toBe(60)
})

test('LOCK-14 · the number of remembered sources is bounded: the one not seen for longest is forgotten, and no other', async () => {
  const ask = asking({ attempts: 1, maxSources: 100, keyOf: (source) => source })
  await ask('flooding')
  for (let i = 0; i < 1_000; i++) {
    await ask(`source ${i}`)
    expect(await ask('flooding'), 'seen all the time, never forgotten').not.toEqual(['admitted'])
  }
  expect(vi.getTimerCount()).toBe(100)
  expect(await ask('source 999')).not.toEqual(['admitted'])
  expect(await ask('source 900')).toEqual(['admitted'])
})

test('LOCK-14 · addresses of one network count as one source unless the host configures otherwise', async () => {
  const ask = asking({ attempts: 1 })
  expect(await ask('2001:db8::1')).toEqual(['admitted'])
  expect(await ask('2001:db8:0:0:ffff::2')).toEqual([60])
  expect(await ask('2001:db8:0:1::1')).toEqual(['admitted'])
  const apart = asking({ attempts: 1, keyOf: (source) => source })
  expect([await apart('2001:db8::1'), await apart('2001:db8::2')]).toEqual([['admitted'], ['admitted']])
})

describe('LOCK-14 · the network of an address', () => {
  test.each<[string, string]>([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['203.0.113.9:40001', '203.0.113.9'],
    [' 203.0.113.9\t', '203.0.113.9'],
    ['[2001:db8:1:2::7]:443', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::7]', '2001:db8:1:2::/64'],
    ['[fe80::1%eth0]:443', 'fe80:0:0:0::/64'],
    ['[::ffff:203.0.113.9]:40001', '203.0.113.9'],
    ...[
      ...[
        'call centre',
        'a:b',
        '::1]/x',
        '',
        '203.0.113.256',
        '203.0.113.09',
        '203.0.113.9:',
        '203.0.113.9:x',
      ],
      ...[
        '203.0.113.9, 10.0.0.1',
        '203.0.113',
        '0x7f.0.0.1',
        '[203.0.113.9]',
        '[::1',
        '::1]',
        '[::1]x',
        '::1/48',
      ],
      ...['1:2:3:4:5:6:7:8:9', '__proto__', '203.0.113.9\u0000'],
    ].map((text): [string, string] => [text, 'not-an-address']),
  ])('%s belongs to %s', (source, network) => {
    expect(networkOf(source)).toBe(network)
  })

  test('any input gives a normalised text, and normalised texts stay unchanged', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (source) => {
        const network = networkOf(source)
        expect(networkOf(network)).toBe(network)
      }),
    )
  })

  test('two addresses of one network give the same network in any notation', () => {
    const seen = branches('an IPv6 network')
    const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16))
    const four = fc.array(group, { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(four, four, four, ([a, b, c, d], host, other) => {
        fc.pre(seen.hitIf('an IPv6 network', `${a}${b}${c}${d}` !== '0000'))
        const of = (rest: readonly string[]) => networkOf([a, b, c, d, ...rest].join(':'))
        expect(of(host)).toBe(of(other))
      }),
    )
    seen.expectAll()
  })
})

describe('a limiter that the host supplies', () => {
  test('LOCK-14 · counts for all rate limiters that share it', async () => {
    const limiter = new RateLimiterMemory({ points: 3, duration: 30 })
    const [one, other] = [asking({ limiter }), asking({ limiter })]
    expect([...(await one('192.0.2.1', 2)), ...(await other('192.0.2.1', 2))]).toEqual([
      ...['admitted', 'admitted', 'admitted', 30],
    ])
  })

  test('LOCK-14 · reports when to retry, also as a union and with bursts', async () => {
    const minute = new RateLimiterMemory({ points: 2, duration: 60, keyPrefix: 'minute' })
    const hour = new RateLimiterMemory({ points: 2, duration: 3_600, keyPrefix: 'hour' })
    const united = asking({ limiter: new RateLimiterUnion(minute, hour) })
    expect([...(await united('a', 2)), ...(await united('a'))]).toEqual(['admitted', 'admitted', 3_600])
    const bursty = new BurstyRateLimiter(
      new RateLimiterMemory({ points: 1, duration: 1 }),
      new RateLimiterMemory({ points: 1, duration: 10, keyPrefix: 'burst' }),
    )
    const answers = await asking({ limiter: bursty })('a', 3)
    expect(answers.filter((answer) => answer === 'admitted')).toHaveLength(2)
    expect(answers).toContain(1)
  })

  test('LOCK-14 · always reports a wait, also if it blocks permanently', async () => {
    const limiter = new RateLimiterMemory({ points: 1, duration: 0 })
    expect(await asking({ limiter })('a', 2)).toEqual(['admitted', 1])
  })

  test.each([
    ['an error', new Error('the store is gone')],
    ['nothing', undefined],
    ['a text', 'no'],
    ['an object of none', {}],
    ['one of several', { minute: { msBeforeNext: 1_000 }, hour: new Error('gone') }],
  ])(
    'LOCK-14, API-02 · makes the call reject if its store fails with %s, and no call is admitted',
    async (_, fault) => {
      const limiter = rateLimiter({ limiter: { consume: () => Promise.reject(fault) } })
      await expect(limiter.consume({ source: 'a', operation: 'signIn.begin' })).rejects.toBe(fault)
      const service = testService({ rateLimiter: limiter })
      expect(
        await codeOf(service.auth.passwordSetUp.begin({ userId: 'B0123401', context: { source: 'a' } })),
      ).toBe('port-failed')
    },
  )
})

test.each([
  ['203.0.113.9', (i: number) => `203.0.113.9:${40_000 + i}`],
  ['an IPv6 network', (i: number) => `[2001:db8:1:2:${i.toString(16)}::1]:${40_000 + i}`],
  ['a text that is not an address', (i: number) => `invented ${i}`],
] as const)('LOCK-14 · a client that varies %s still has one budget', async (_, sourceOf) => {
  const ask = asking({ attempts: 3 })
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => ask(sourceOf(i))))
  expect(answers.flat().filter((answer) => answer === 'admitted')).toHaveLength(3)
})

test('LOCK-14 · a source that is not an address uses up no address’s budget', async () => {
  const ask = asking({ attempts: 3 })
  await ask('invented', 9)
  expect(await ask('203.0.113.9', 3)).toEqual(['admitted', 'admitted', 'admitted'])
})

describe('configuration', () => {
  test('LOCK-14 · the longest period still limits, and one more second is refused because the timer would overflow', async () => {
    const ask = asking({ attempts: 3, seconds: 2_147_483 })
    const answers = await ask('203.0.113.9', 4)
    vi.advanceTimersByTime(60_000)
    expect([...answers.slice(0, 3), ...(await ask('203.0.113.9'))]).toEqual([
      ...['admitted', 'admitted', 'admitted', 2_147_423],
    ])
    expect(() => rateLimiter({ seconds: 2_147_484 })).toThrow(RangeError)
    expect(() => rateLimiter({ seconds: 2_147_484 })).toThrow(
      'seconds must be a whole number from 1 to 2147483',
    )
    for (const options of [
      { points: 3, duration: 2_147_484 },
      { points: 3, duration: 1, blockDuration: 2_147_484 },
    ])
      expect(() => rateLimiter({ limiter: new RateLimiterMemory(options) })).toThrow(RangeError)
  })

  test('LOCK-14 · unknown options, options without effect and objects that are not a limiter are refused by name', () => {
    const limiter = new RateLimiterMemory({ points: 3, duration: 1 })
    for (const [options, message] of [
      [{ attempt: 3 }, '"attempt"'],
      [{ mostSources: 3 }, '"mostSources"'],
      [{ limiter, attempts: 3 }, 'attempts has no effect'],
      [{ limiter, seconds: 3 }, 'seconds has no effect'],
      [{ limiter: {} }, 'limiter must be'],
      [{ keyOf: 'source' }, 'keyOf must be'],
      [null, 'must be an object'],
    ] as const)
      expect(() => rateLimiter(options as never), message).toThrow(message)
  })
})

test('LOCK-14 · invalid numbers are refused at construction', () => {
  for (const wrong of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    for (const name of ['attempts', 'seconds', 'maxSources'])
      expect(() => rateLimiter({ [name]: wrong }), `${name} ${wrong}`).toThrow(RangeError)
})
