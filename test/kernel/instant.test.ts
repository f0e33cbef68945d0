import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import {
  clockTolerance,
  DAY,
  endOfHongKongDay,
  HOUR,
  hongKongDay,
  isFromFuture,
  SECOND,
  startOfHongKongDay,
} from '../../src/kernel/instant.ts'
import { branches } from '../support/branches.ts'

const hostZone = process.env['TZ']
afterEach(() => {
  if (hostZone === undefined) delete process.env['TZ']
  else process.env['TZ'] = hostZone
})

/** Time zones, and their offsets behind UTC on 1 July 2023, in minutes. */
const zones: readonly [zone: string, offset: number][] = [
  ['UTC', 0],
  ['Europe/London', -60],
  ['America/New_York', 240],
  ['Australia/Lord_Howe', -630],
  ['Asia/Hong_Kong', -480],
  ['Pacific/Kiritimati', -840],
]

test('PW-10 · a second, an hour and a day are always equally long', () => {
  expect([SECOND, HOUR, DAY]).toEqual([1_000, 3_600_000, 86_400_000])
})

describe.each(zones)('on a host in %s', (zone, offset) => {
  test('ACC-06 · a Hong Kong day begins at 16:00 UTC, to the millisecond', () => {
    process.env['TZ'] = zone
    expect(new Date(Date.UTC(2023, 6, 1)).getTimezoneOffset()).toBe(offset)
    const midnight = Date.UTC(2023, 3, 28, 16)
    expect([midnight - 1, midnight, midnight + 1].map(hongKongDay)).toEqual([
      '2023-04-28',
      '2023-04-29',
      '2023-04-29',
    ])
  })

  test('ACC-06 · every midnight of three years is that of Hong Kong, with or without daylight saving', () => {
    process.env['TZ'] = zone
    for (let day = 0; day < 3 * 365; day++) {
      const midnight = Date.UTC(2023, 0, 1 + day) - 8 * HOUR
      const [before, from] = [-1, 0].map((days) => new Date(Date.UTC(2023, 0, 1 + day + days)).toISOString())
      expect(hongKongDay(midnight - 1)).toBe(before?.slice(0, 10))
      expect(hongKongDay(midnight)).toBe(from?.slice(0, 10))
    }
  })

  test('ACC-06 · the day of any instant is that of UTC eight hours later', () => {
    process.env['TZ'] = zone
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2100, 0) }), (instant) => {
        expect(hongKongDay(instant)).toBe(new Date(instant + 8 * HOUR).toISOString().slice(0, 10))
      }),
    )
  })
})

test('ACC-06 · Hong Kong days as text sort like their instants', () => {
  // Until 1979, Hong Kong had summer time.
  const instant = fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2100, 0) })
  // Instants within three days too, so that some are on one day.
  const later = fc.oneof(fc.nat(3 * 24 * HOUR), fc.nat(Date.UTC(2000, 0)))
  const seen = branches('one day', 'a later day')
  fc.assert(
    fc.property(instant, later, (a, wait) => {
      const isSame =
        Math.floor((a + 8 * HOUR) / (24 * HOUR)) === Math.floor((a + wait + 8 * HOUR) / (24 * HOUR))
      const [day, other] = [hongKongDay(a), hongKongDay(a + wait)]
      if (seen.either('one day', 'a later day', isSame)) expect(other).toBe(day)
      else expect(day < other).toBe(true)
    }),
  )
  seen.expectAll()
})

test('API-03 · an instant up to five seconds ahead of the clock is trusted, one further ahead is not', () => {
  const now = Date.UTC(2023, 4, 2)
  expect(clockTolerance).toBe(5_000)
  expect([-1, 0, 5_000, 5_001].map((ahead) => isFromFuture(now + ahead, now))).toEqual([
    false,
    false,
    false,
    true,
  ])
})

test('ACC-06 · a value that is not an instant, or is too far away for a date, has no day', () => {
  const farthest = 8.64e15 - DAY
  for (const none of [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    farthest + 1,
    -farthest - 1,
    '0',
    null,
    undefined,
  ])
    expect(hongKongDay(none as number)).toBe('')
  expect(hongKongDay(farthest)).not.toBe('')
  expect(hongKongDay(-farthest)).not.toBe('')
})

test('ACC-06 · a day starts and ends at midnight in Hong Kong, and text that is not a day has neither', () => {
  expect(startOfHongKongDay('2023-05-02')).toBe(Date.UTC(2023, 4, 1, 16))
  expect(endOfHongKongDay('2023-05-02')).toBe(Date.UTC(2023, 4, 2, 16))
  // The last spring and the last autumn with summer time: days of 23 and of 25 hours.
  expect(Number(endOfHongKongDay('1979-05-13')) - Number(startOfHongKongDay('1979-05-13'))).toBe(23 * HOUR)
  expect(Number(endOfHongKongDay('1979-10-21')) - Number(startOfHongKongDay('1979-10-21'))).toBe(25 * HOUR)
  for (const none of [
    '',
    '2023-02-29',
    '2023-13-01',
    ' 2023-05-02',
    '2023-05-02 ',
    '12023-05-02',
    '2023-05-020',
    'x',
  ])
    expect([startOfHongKongDay(none), endOfHongKongDay(none)]).toEqual([undefined, undefined])
})
