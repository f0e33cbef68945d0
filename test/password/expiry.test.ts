import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { passwordExpiry } from '../../src/password/expiry.ts'
import { definePolicy } from '../../src/policy/define.ts'
import { branches } from '../support/branches.ts'

const hostZone = process.env['TZ']
afterEach(() => {
  if (hostZone === undefined) delete process.env['TZ']
  else process.env['TZ'] = hostZone
})

/** 90 × 24 h, and one day, in milliseconds. */
const ninetyDays = 7_776_000_000
const oneDay = 86_400_000

/** Time zones, and the hours by which 90 calendar days from 15 January 2023 differ from 90 × 24 h. */
const zones: readonly [zone: string, shift: number][] = [
  ['UTC', 0],
  ['Europe/London', -1],
  ['America/New_York', -1],
  ['Australia/Lord_Howe', 0.5],
  ['Asia/Hong_Kong', 0],
  ['Pacific/Kiritimati', 0],
]

describe.each(zones)('on a host in %s', (zone, shift) => {
  test('PW-09, PW-10 · a password expires when exactly 90 × 24 h have passed, to the millisecond', () => {
    process.env['TZ'] = zone
    // Local midnights 90 calendar days apart: the change of the host's clock shows that TZ took effect.
    const calendar = new Date(2023, 3, 15).getTime() - new Date(2023, 0, 15).getTime()
    expect(calendar - ninetyDays).toBe(shift * 3_600_000)
    for (const changedAt of [new Date(2023, 0, 15).getTime(), new Date(2023, 8, 15).getTime()]) {
      const end = changedAt + ninetyDays
      const at = (now: number) => passwordExpiry({ changedAt, now })
      expect(at(end - 1)).toEqual({ status: 'valid', expiresAt: end, daysLeft: 1 })
      expect(at(end)).toEqual({ status: 'expired', expiredAt: end })
      expect(at(end + 1)).toEqual({ status: 'expired', expiredAt: end })
    }
  })

  test('PW-10 · between any two instants a password is expired exactly from 90 × 24 h on', () => {
    process.env['TZ'] = zone
    const seen = branches('expired', 'valid')
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Date.UTC(2100, 0) }),
        fc.integer({ min: 0, max: 2 * ninetyDays }),
        (changedAt, age) => {
          const { status } = passwordExpiry({ changedAt, now: changedAt + age })
          expect(status).toBe(seen.either('expired', 'valid', age >= ninetyDays) ? 'expired' : 'valid')
        },
      ),
    )
    seen.expectAll()
  })
})

test('PW-10 · the days left include the current one: 90 when just set, 3 after two and a half are left, 1 at the end', () => {
  const left = (age: number) => {
    const expiry = passwordExpiry({ changedAt: 0, now: age })
    return expiry.status === 'valid' ? expiry.daysLeft : 0
  }
  expect([0, 1, oneDay - 1, oneDay, 87.5 * oneDay, ninetyDays - 1, ninetyDays].map(left)).toEqual([
    90, 90, 90, 89, 3, 1, 0,
  ])
})

test('PW-09 · a policy can require more frequent changes', () => {
  const seen = branches('valid', 'expired')
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 91 * oneDay }), (days, now) => {
      const policy = definePolicy({ password: { maximumAgeDays: days } })._unsafeUnwrap()
      const end = days * oneDay
      expect(passwordExpiry({ changedAt: 0, now }, policy)).toEqual(
        seen.either('valid', 'expired', now < end)
          ? {
              status: 'valid',
              expiresAt: end,
              daysLeft: Math.floor((end - now - 1) / oneDay) + 1,
            }
          : { status: 'expired', expiredAt: end },
      )
    }),
  )
  seen.expectAll()
})
